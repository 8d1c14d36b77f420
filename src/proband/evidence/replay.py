"""Running a record again, and saying whether the same came out."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from proband.evidence.files import measures_dataset, ordered_events, traces_dataset
from proband.evidence.record import versions
from proband.trials import Library, Refused, Trial, run
from proband.trials.refusal import Place
from proband.trials.result import Result

ELSEWHERE = 1e-9  # relative, where processor or compiler differ: there the same bits are not promised


@dataclass
class Comparison:
    """What a replay found."""

    same: bool
    exact: bool  # compared bit for bit
    why_not_exact: str
    differences: list[str] = field(default_factory=list)
    largest: float = 0.0  # relative
    compared: int = 0  # numbers

    def sentence(self) -> str:
        how = "bit for bit" if self.exact else f"to {ELSEWHERE:g} ({self.why_not_exact})"
        if self.same:
            return f"the same: {self.compared:,} numbers agree {how}."
        return f"not the same, compared {how}: {'; '.join(self.differences[:3])}."


def read_record(folder: Path) -> dict[str, Any]:
    """Raises Refused where there is none."""
    path = folder / "record.json"
    if not path.is_file():
        raise Refused(f"{folder} holds no record.json; give the folder that `proband run … --out` wrote.")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if not {"trial", "format", "trial_hash"} <= set(record):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise Refused(f"{path} is no record of Proband, or it is damaged.") from None
    return record


def replay(folder: Path, library: Library | None = None, **options: Any) -> Comparison:
    """Run the trial of a record again and compare measures, events and traces with what the folder holds."""
    record = read_record(folder)
    if record.get("kind") == "scan":
        from proband.evidence.scan_replay import replay as of_scans

        return of_scans(folder, record, **options)
    trial = Trial.from_data(record["trial"], Place(str(folder / "record.json")))
    if trial.hash() != record["trial_hash"]:
        raise Refused(f"the trial in {folder / 'record.json'} was changed after it ran: its hash is another.")
    result = run(trial, library=library, **options)
    return compare(folder, record, result)


def compare(folder: Path, record: dict[str, Any], result: Result) -> Comparison:
    """The folder's numbers beside a fresh result."""
    import xarray

    reason = _elsewhere(record, result)
    found = Comparison(True, not reason, reason)
    finished = record["finished_steps"] if record["status"] == "interrupted" else len(result.plan.steps)
    with xarray.open_zarr(folder / "measures.zarr") as before:
        _compare(
            "measures",
            before["value"].values[:, :finished],
            measures_dataset(result)["value"].values[:, :finished],
            found,
        )
    traces = traces_dataset(result)
    if (folder / "traces.zarr").is_dir() and traces is not None:
        with xarray.open_zarr(folder / "traces.zarr") as before:
            for name in before.data_vars:
                length = before.sizes["time"]
                _compare(
                    str(name),
                    before[name].values,
                    traces[name].values[:, :length] if name in traces else np.zeros(0),
                    found,
                )
    if record["status"] != "interrupted":
        _compare_events(folder / "events.csv", result, found)
    return found


def _elsewhere(record: dict[str, Any], result: Result) -> str:
    """Why the same bits cannot be asked for; empty where they can."""
    before, now = record["engines"], result.engines
    for key in ("target", "cpu", "llvmlite"):
        a, b = before[0].get(key) if before else None, now[0].get(key) if now else None
        if a != b:
            return f"{key} was {a}, here it is {b}"
    a, b = record["versions"]["platform"], versions()["platform"]
    return "" if a == b else f"it ran on {a}, this is {b}"


def _compare(name: str, before: np.ndarray, now: np.ndarray, found: Comparison) -> None:
    if before.shape != now.shape:
        found.same = False
        found.differences.append(f"{name} has {before.shape} numbers, now {now.shape}")
        return
    found.compared += before.size
    if found.exact:
        differ = before.view(np.uint64) != now.view(np.uint64) if before.dtype == np.float64 else before != now
        differ &= ~(np.isnan(before) & np.isnan(now))
    else:
        scale = np.nanmax(np.abs(before), initial=0.0)
        differ = ~np.isclose(before, now, rtol=ELSEWHERE, atol=ELSEWHERE * scale, equal_nan=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.abs(before - now) / max(float(np.nanmax(np.abs(before), initial=0.0)), 1e-300)
    found.largest = max(found.largest, float(np.nanmax(gap, initial=0.0)))
    if differ.any():
        found.same = False
        at = tuple(int(i) for i in np.argwhere(differ)[0])
        found.differences.append(
            f"{int(differ.sum())} numbers of {name} differ, first at {at}: {float(before[at])!r} became {float(now[at])!r}"
        )


def _compare_events(path: Path, result: Result, found: Comparison) -> None:
    with open(path, encoding="utf-8", newline="") as file:
        before = [
            (int(r["patient"]), float(r["time_s"]), r["part"], r["event"], r["priority"]) for r in csv.DictReader(file)
        ]
    now = [(e.patient, round(e.time_s, 6), e.part, e.event, e.priority) for e in ordered_events(result)]
    found.compared += len(before)
    if before != now and found.exact:
        found.same = False
        first = next((i for i, (a, b) in enumerate(zip(before, now)) if a != b), min(len(before), len(now)))
        found.differences.append(f"events differ from number {first + 1} on ({len(before)} before, {len(now)} now)")
