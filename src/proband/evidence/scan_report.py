"""report.html of a scan trial: images side by side, what differs from the truth, the numbers, what safety allowed and why."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from proband.evidence.files import write_text
from proband.evidence.languages import label, named
from proband.evidence.pages import page
from proband.evidence.record import NOTICE
from proband.evidence.report_sources import as_yaml, kind_of
from proband.evidence.report_tables import outcomes
from proband.evidence.scan_record import record_of
from proband.mr.images.image import Image
from proband.mr.images.previews import upright, window
from proband.mr.images.quality import scaled_to
from proband.mr.scans.shading import evened
from proband.trials.scanning_result import ScanResult
from proband.trials.scanning_run import try_truth

GAIN = 5.0  # by which differences are brightened


def write_report(folder: Path, result: ScanResult) -> None:
    """The report of a finished run, into its folder."""
    write_text(folder / "report.html", render(result))


def render(result: ScanResult) -> str:
    """The report as HTML that needs nothing else."""
    trial, record = result.plan.trial, record_of(result)
    hints = trial.report
    shown = [n for n in (hints.side_by_side or list(result.scans)) if n in result.scans]
    context = {
        "record": record,
        "notice": NOTICE,
        "title": hints.title or trial.name.replace("_", " ").capitalize(),
        "summary": hints.summary,
        "facts": facts(result),
        "headline": headline(result),
        "verdicts": result.verdicts(),
        "numbers": [(result.title(m), m, v, result.unit(m)) for m, v in zip(result.measures, result.values[0, 0])],
        "pictures": pictures(result, shown),
        "maps": maps(result, shown),
        "transmit": transmit(result, shown),
        "quality": quality_rows(result),
        "safety": [(n, result.scans[n].ready.record) for n in result.scans],
        "sources": sources(result),
        "protocols": [(p.name, protocol_rows(result, p.name)) for p in result.plan.protocols if p.name in result.scans],
        "trial_yaml": as_yaml(record["trial"]),
    }
    return page("scan_report.html.j2", context)


def headline(result: ScanResult) -> list[tuple[str, str]]:
    """What happened, at one glance: sentences, each with its kind (good, bad, none)."""
    found = outcomes([v.passed for v in result.verdicts()], "criteria passed")
    found.append(("none", label("○ {n} scans played, within the limits of hardware and safety", n=len(result.scans))))
    if result.status == "interrupted":
        found.append(
            ("bad", label("✗ stopped by hand after {done} of {n} scans", done=result.finished, n=result.batches))
        )
    return found


def facts(result: ScanResult) -> Sequence[tuple[str, str]]:
    """The head of the report."""
    lying = result.plan.trial.patient
    who = named([f"{lying.phantom} phantom"]) if lying.phantom else (lying.labels or ", ".join(lying.shares))
    if lying.circulation:
        who = label("{phantom}, the heart of {circulation}", phantom=who, circulation=named([lying.circulation]))
    scanned = sum(d.ready.timeline.duration for d in result.scans.values())
    outcome = {
        "complete": label("ran to its end"),
        "interrupted": label("stopped by hand after {done} of {n} scans", done=result.finished, n=result.batches),
    }
    spins, spin_steps = (sum(getattr(d, what) for d in result.scans.values()) for what in ("spins", "spin_steps"))
    return [
        (label("Patient"), who),
        (label("Scanners"), ", ".join(dict.fromkeys(d.ready.scene.scanner.title for d in result.scans.values()))),
        (label("Scans"), label("{n}, {seconds} s in the scanner", n=len(result.scans), seconds=f"{scanned:.1f}")),
        (label("Spins"), label("{spins}, {steps} G spin-steps, {wall} s", spins=f"{spins:,}", steps=f"{spin_steps / 1e9:.1f}", wall=f"{result.wall_s:.0f}")),
        (label("Outcome"), outcome.get(result.status, label("still running"))),
    ]  # fmt: skip


def pictures(result: ScanResult, shown: Sequence[str]) -> list[dict[str, str]]:
    """One column for each scan: image, truth, difference."""
    found = []
    for name in shown:
        done = result.scans[name]
        image, truth = first_frame(evened(done.image, done.ready)), try_truth(result, name)
        plane = upright(image)
        column = {"name": name, "image": grey(plane, image), "truth": "", "difference": "", "film": film(done)}
        if truth is not None and np.shape(truth.data)[:3] == np.shape(image.data):
            other = upright(first_frame(evened(truth, done.ready)))
            scaled = scaled_to(plane, other)
            low, high = window([other])
            column["truth"] = grey(other, image, (low, high))
            column["image"] = grey(scaled, image, (low, high))
            column["difference"] = coloured(scaled - other, image, (high - low) / GAIN)
        found.append(column)
    return found


def first_frame(image: Image) -> Image:
    from dataclasses import replace

    return image if np.ndim(image.data) == 3 else replace(image, data=np.asarray(image.data)[..., 0])


def film(done: Any) -> str:
    """Frames of a cine in one strip; empty for a still image."""
    if done.cine is None or np.ndim(done.image.data) != 4:
        return ""
    frames = done.image.data.shape[3]
    chosen = np.unique(np.linspace(0, frames - 1, min(frames, 6)).astype(int))
    shown = evened(done.image, done.ready)
    planes = [upright(shown, None, int(f)) for f in chosen]
    return grey(np.concatenate(planes, axis=1), done.image, window(planes), wide=900)


def maps(result: ScanResult, shown: Sequence[str]) -> list[tuple[str, str, str]]:
    """Maps in colour, with what their ends mean."""
    found = []
    for name in shown:
        for title, image in result.scans[name].maps.items():
            plane = upright(image) * 1e3
            high = float(np.percentile(plane[plane > 0], 95)) if (plane > 0).any() else 1.0
            found.append(
                (f"{name}: {title}", painted(np.clip(plane / high, 0, 1), image, "inferno"), f"0 to {high:.0f} ms")
            )
    return found


def transmit(result: ScanResult, shown: Sequence[str]) -> list[tuple[str, str, str]]:
    """The flip angle in the middle of the image, of its mean."""
    from proband.mr.scans.quantities import transmit_field

    found = []
    for name in shown:
        share, inside = transmit_field(result.scans[name])
        grid = result.scans[name].ready.scene.fields.grid
        mean = float(share[inside].mean())
        where = np.argwhere(inside)
        k = int(np.median(where[:, 2]))
        plane = np.where(inside[:, :, k], share[:, :, k] / mean, 0.0)
        image = Image(plane[:, :, None], grid)
        found.append(
            (
                name,
                painted(np.clip(upright(image, 0) / 1.6, 0, 1), image, "viridis"),
                label("variation {share} %", share=f"{100 * share[inside].std() / mean:.0f}"),
            )
        )
    return found


def quality_rows(result: ScanResult) -> list[dict[str, Any]]:
    """SNR, error and likeness of every scan, where they can be told."""
    from proband.model import ModelError
    from proband.mr.scans.quantities import measure

    rows = []
    for name, done in result.scans.items():
        truth = try_truth(result, name)
        row: dict[str, Any] = {"name": name}
        for what in ("snr", "nrmse", "ssim", "duration"):
            try:
                row[what] = (
                    measure(done, what, "tissue", truth) if truth is not None or what in ("snr", "duration") else None
                )
            except (ModelError, AssertionError):
                row[what] = None
        rows.append(row)
    return rows


def protocol_rows(result: ScanResult, name: str) -> list[tuple[str, str]]:
    """What was played, in a scanner's words."""
    done = result.scans[name]
    info, ready = done.ready.info, done.ready
    rows = [
        (
            "scanner, array",
            f"{ready.scene.scanner.title}; {ready.protocol.array} ({ready.scene.fields.receive.shape[0]} coils)",
        ),
        ("sequence", ready.sequence.name),
    ]
    for key, factor, unit in (
        ("TR", 1e3, "ms"),
        ("TE", 1e3, "ms"),
        ("TI", 1e3, "ms"),
        ("flip", 1, "°"),
        ("bandwidth", 1, "Hz/pixel"),
    ):
        if isinstance(info.get(key), (int, float)):
            rows.append((key, f"{factor * float(info[key]):.4g} {unit}"))
    rows.append(("voxel", " × ".join(f"{v * 1e3:.3g}" for v in ready.grid.voxel) + " mm"))
    rows.append(("matrix", " × ".join(str(n) for n in ready.grid.shape)))
    rows.append(("shim", ready.protocol.shim))
    rows.append(("reconstruction", str(done.image.info.get("reconstruction", ready.protocol.method))))
    return rows


def sources(result: ScanResult) -> dict[str, list[tuple[str, list[str]]]]:
    """Rows of tissues and scanners that were used, gathered under their sources: published and assumed."""
    published: dict[str, list[str]] = {}
    assumed: dict[str, list[str]] = {}

    def note(source: str, what: str) -> None:
        where = (assumed if kind_of(str(source)) == "assumed" else published).setdefault(str(source), [])
        if what not in where:
            where.append(what)

    for done in result.scans.values():
        scanner = done.ready.scene.scanner
        for row, source in scanner.sources.items():
            if not row.startswith("arrays.") or row.startswith(f"arrays.{done.ready.protocol.array}."):
                note(source, f"{scanner.name}.{row}")
        told: Any = done.patient.truth.get("sources", {})
        used = set(np.unique(done.patient.labels)) if done.patient.labels is not None else set()
        for index, tissue in enumerate(done.patient.tissues):
            if index in used:
                for quantity, source in told.get(tissue, {}).items():
                    note(source, f"{tissue}.{quantity} at {done.raw.B0:g} T")
    return {"published": sorted(published.items()), "assumed": sorted(assumed.items())}


def grey(plane: np.ndarray, image: Image, ends: tuple[float, float] | None = None, wide: int = 300) -> str:
    low, high = ends or window([plane])
    return _png((np.clip((np.nan_to_num(plane) - low) / (high - low), 0, 1) * 255).astype(np.uint8), image, wide)


def coloured(plane: np.ndarray, image: Image, reach: float) -> str:
    return painted(np.clip(plane / (2 * reach) + 0.5, 0, 1), image, "RdBu_r")


def painted(share: np.ndarray, image: Image, name: str) -> str:
    from matplotlib import colormaps

    return _png((np.asarray(colormaps[name](share))[..., :3] * 255).astype(np.uint8), image, 300)


def _png(pixels: np.ndarray, image: Image, wide: int) -> str:
    """As a data address: the report needs no other file."""
    from PIL import Image as Picture

    aspect = image.grid.voxel[1] / image.grid.voxel[0]
    size = (wide, max(1, round(wide * pixels.shape[0] / pixels.shape[1] * aspect)))
    out = io.BytesIO()
    Picture.fromarray(pixels).resize(size, Picture.Resampling.NEAREST).save(out, format="PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
