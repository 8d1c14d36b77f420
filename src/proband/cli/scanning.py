"""What the command line does with the MR system: runs its trials, reconstructs files, lists and shows its parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from proband.trials.refusal import Refused


def run(trial: Any, out: Path, overwrite: bool, resume: bool, tell: Any) -> Any:
    """A scan trial into a folder."""
    from proband.evidence.scan_store import ScanStore

    return trial.run(sink=ScanStore(out, overwrite, resume=resume), progress=tell)


def summary_of(result: Any, out: Path) -> dict[str, Any]:
    """What `scan --json` prints."""
    from proband.evidence.record import _clean

    return _clean(
        {
            "trial": result.plan.trial.name,
            "hash": result.plan.trial.hash(),
            "status": result.status,
            "out": str(out),
            "patients": 1,
            "failed": 0,
            "scans": [
                {"name": n, "duration_s": d.ready.timeline.duration, "spins": d.spins, "spin_steps": d.spin_steps, "seconds": d.seconds}
                for n, d in result.scans.items()
            ],
            "taken_over": result.taken_over,
            "wall_s": round(result.wall_s, 3),
            "measures": [{"measure": m, "title": result.title(m), "value": result.number(m), "unit": result.unit(m)} for m in result.measures],
            "criteria": [vars(v) for v in result.verdicts()],
            "files": sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()),
        }
    )  # fmt: skip


def say(summary: dict[str, Any]) -> None:
    """For people."""
    from rich.console import Console

    from proband.cli.summaries import say_verdict
    from proband.evidence.pages import number

    console = Console(highlight=False, soft_wrap=True)
    for verdict in summary["criteria"]:
        say_verdict(console, verdict, 1)
    console.print()
    width = max(len(m["title"]) for m in summary["measures"])
    for m in summary["measures"]:
        console.print(
            f"{m['title']:<{width}}  {number(m['value']):>8} {'' if m['unit'] == '1' else m['unit']}".rstrip(),
            markup=False,
        )
    scanned = sum(s["duration_s"] for s in summary["scans"])
    console.print(
        f"\n{len(summary['scans'])} scans of {scanned:.1f} s in {summary['wall_s']:.1f} s; report: {summary['out']}/report.html"
    )


def recon(
    file: Path, out: Path, method: str, overwrite: bool, maps: Path | None = None, options: Sequence[str] = ()
) -> dict[str, Any]:
    """Raw data to image.dcm, image.nii.gz and image.png in a folder that appears whole."""
    import os
    import shutil

    import numpy as np

    from proband.mr.images.dicom import write_dicom
    from proband.mr.images.mrd import read_mrd
    from proband.mr.images.nifti import write_nifti
    from proband.mr.images.previews import write_png
    from proband.mr.reconstruction import reconstruct

    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not overwrite)):
        raise Refused(f"{out} exists already; choose another folder, or replace its image with --overwrite.")
    asked = dict(_said(each) for each in options)
    raw = read_mrd(file)
    if maps is not None:
        from proband.mr.reconstruction.maps_from_files import maps_from

        asked["maps"] = maps_from(maps, raw)
    image = reconstruct(raw, method, **asked)
    half = out.absolute().parent / f".{out.name}.unfinished-{os.getpid()}"
    half.mkdir(parents=True, exist_ok=True)
    try:
        write_dicom(image, half / "image.dcm", study=file.stem)
        write_nifti(image, half / "image.nii.gz")
        write_png(image, half / "image.png")
        out.mkdir(parents=True, exist_ok=True)
        for made in half.iterdir():
            made.replace(out / made.name)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return {
        "file": str(file),
        "method": image.info.get("reconstruction", method),
        "matrix": list(np.shape(image.data)),
        "voxel_mm": [round(v * 1e3, 6) for v in image.grid.voxel],
        "out": str(out),
    }


def _said(option: str) -> tuple[str, Any]:
    """`regularisation=0.004` as name and number (or word)."""
    import math

    name, sign, value = option.partition("=")
    if not (name.isidentifier() and sign and value) or name in ("maps", "field", "raw", "method"):
        raise Refused(f"--option {option} cannot be read; write it as in --option regularisation=0.004.")
    try:
        number = float(value)
    except ValueError:
        return name, value
    if not math.isfinite(number):
        raise Refused(f"--option {option} is no number that can be used.")
    return name, int(number) if number.is_integer() and "." not in value and "e" not in value.lower() else number


def phantoms() -> list[dict[str, str]]:
    """Name and meaning."""
    import inspect

    from proband.mr import phantom

    return [{"name": n, "meaning": _first(inspect.getdoc(_builder(n)) or "")} for n in phantom.names()]


def _builder(name: str) -> Any:
    from importlib import import_module

    from proband.mr import phantom

    return getattr(import_module(f"proband.mr.phantom.{phantom._PLACES[name]}"), name)


def scanners() -> list[dict[str, str]]:
    """Name and meaning."""
    from proband.mr.scanner.sheet import scanner
    from proband.mr.scanner.sheet import scanners as names

    return [{"name": n, "meaning": scanner(n).title} for n in names()]


def sequences() -> list[dict[str, str]]:
    """Name and meaning."""
    from proband.mr.sequence import sequences as library

    return [{"name": n, "meaning": entry.meaning} for n, entry in library().items()]


def show(name: str) -> dict[str, Any] | None:
    """A scanner, sequence or phantom, or what implants are made of: its table with sources; None where there is none of that name."""
    import inspect

    from proband.mr import phantom
    from proband.mr.scanner.sheet import scanner
    from proband.mr.scanner.sheet import scanners as names
    from proband.mr.sequence import sequences as library

    if name in names():
        made = scanner(name)
        rows = [{"name": k, "value": _value(made, k), "meaning": f"[{v}]"} for k, v in made.sources.items()]
        return {
            "kind": "scanner",
            "name": name,
            "title": made.title,
            "about": f"{made.title}\n\n{made.description}",
            "rows": rows,
            "components": [],
        }
    if name in library():
        entry = library()[name]
        rows = []
        for key, row in entry.options.items():
            unit = " or ".join(row.unit) if isinstance(row.unit, tuple) else row.unit
            value = "" if row.value is None else row.value
            rows.append(
                {
                    "name": key,
                    "value": f"{value} {unit if not isinstance(row.unit, tuple) else ''}".strip(),
                    "meaning": f"{row.meaning}  [{row.source}]",
                }
            )
        return {
            "kind": "sequence",
            "name": name,
            "title": entry.meaning,
            "about": entry.meaning,
            "rows": rows,
            "components": [],
        }
    if name == "implants":
        from proband.mr.phantom.implants import METALS, SOURCE

        about = "What an implant of a scan trial can be made of, with its susceptibility (SI) and density."
        rows = [
            {"name": n, "value": f"{chi:g} ppm, {weight:g} kg/m³", "meaning": f"[{SOURCE}]"}
            for n, (chi, weight) in METALS.items()
        ]
        return {"kind": "materials", "name": name, "title": name, "about": about, "rows": rows, "components": []}
    if name in phantom.names():
        builder = _builder(name)
        rows = [
            {"name": k, "value": str(p.default) if p.default is not inspect.Parameter.empty else "", "meaning": ""}
            for k, p in inspect.signature(builder).parameters.items()
            if k not in ("B0", "place")
        ]
        return {
            "kind": "phantom",
            "name": name,
            "title": name,
            "about": inspect.getdoc(builder) or "",
            "rows": rows,
            "components": [],
        }
    return None


def _value(thing: Any, path: str) -> str:
    """A row of a sheet in SI."""
    for step in path.split("."):
        name, _, index = step.partition("[")
        if isinstance(thing, tuple):  # the axes' models of nerves, and an eddy term
            thing = thing[{"x": 0, "y": 1, "z": 2, "share": 0, "time": 1}[name]]
        else:
            thing = thing.get(name) if hasattr(thing, "get") else getattr(thing, name, "")
        if index:
            thing = thing[int(index[:-1])]
    return f"{thing:.6g}" if isinstance(thing, float) else str(thing)


def image_quality(options: dict[str, str], speak: Any) -> int:
    """`proband test mr`."""
    from proband.cli.speaking import bar
    from proband.evidence.image_quality import lines, type_test

    with bar() as tell:
        found = type_test(progress=tell)
    speak.document(found)
    if not speak.as_json:
        print("\n".join(lines(found)))
    return 0 if found["passed"] else 1


def _first(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split())
