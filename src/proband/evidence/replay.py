"""Running a record again, and saying whether the same came out."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from proband.evidence.files import CSV_PATIENTS, measures_dataset, ordered_events, tidy_rows, traces_dataset
from proband.evidence.record import record_of, versions
from proband.trials import Library, Refused, Trial, run
from proband.trials.refusal import Place
from proband.trials.result import Result
from proband.trials.words import hash_of

NEEDED = {"status", "finished_steps", "versions", "engines", "groups", "verdicts"}  # besides what every record has
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
    within: float = ELSEWHERE  # relative, where it is not exact

    def sentence(self) -> str:
        how = "bit for bit" if self.exact else f"to {self.within:g} ({self.why_not_exact})"
        if self.same:
            return f"the same: {self.compared:,} numbers agree {how}."
        return f"not the same, compared {how}: {'; '.join(self.differences[:3])}."

    def differs(self, said: str) -> None:
        """Something is not the same."""
        self.same = False
        self.differences.append(said)


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
    # A record's hash is of the trial as it stands there, so that it needs no grammar to be checked. In the first format it was of
    # all the keys that there were then: now there are more, and the numbers alone tell whether the trial is the same.
    if record["format"] != 1 and hash_of(record["trial"]) != record["trial_hash"]:
        raise Refused(f"the trial in {path} was changed after it ran: its hash is another.")
    return record


def replay(folder: Path, library: Library | None = None, **options: Any) -> Comparison:
    """Run the trial of a record again and compare measures, events and traces with what the folder holds."""
    record = read_record(folder)
    if record.get("kind") == "scan":
        from proband.evidence.scan_replay import replay as of_scans

        return of_scans(folder, record, **options)
    if not set(record) >= NEEDED:
        raise Refused(f"{folder / 'record.json'} is no record of Proband, or it is damaged.")
    trial = Trial.from_data(record["trial"], Place(str(folder / "record.json")))
    result = run(trial, library=library, **options)
    return compare(folder, record, result)


def compare(folder: Path, record: dict[str, Any], result: Result) -> Comparison:
    """The folder's numbers beside a fresh result: measures, traces, events, the tidy view, and what the record tells."""
    reason = _elsewhere(record, result)
    found = Comparison(True, not reason, reason)
    whole = record["status"] != "interrupted"
    steps = len(result.plan.steps) if whole else record["finished_steps"]
    before = _opened(folder, "measures.zarr", found)
    if before is not None:
        now = measures_dataset(result)
        if not whole:
            before, now = (d.isel(step=slice(0, steps)) for d in (before, now))
        _compare_datasets("measures", before, now, found)
        if (folder / "measures.csv").is_file() or result.plan.patients <= CSV_PATIENTS:
            _compare_tidy(folder / "measures.csv", before, found)
    traces = traces_dataset(result)
    if traces is not None and (before := _opened(folder, "traces.zarr", found)) is not None:
        if not whole:
            traces = traces.isel(time=slice(0, before.sizes["time"]))
        _compare_datasets("traces", before, traces, found)
    if whole:
        _compare_events(folder / "events.csv", result, found)
    _compare_record(record, result, whole, found)
    return found


def _opened(folder: Path, name: str, found: Comparison) -> Any:
    """A dataset of the folder, read; None, and a difference, where it is gone or cannot be read."""
    import xarray

    if not (folder / name).is_dir():
        found.differs(f"{name} is missing")
        return None
    try:
        with xarray.open_zarr(folder / name) as data:
            return data.load()
    except Exception as problem:  # whatever the reader of a damaged file raises
        found.differs(f"{name} cannot be read ({type(problem).__name__})")
        return None


def _compare_datasets(what: str, before: Any, now: Any, found: Comparison) -> None:
    for name in sorted({*map(str, before.variables), *map(str, now.variables)}):
        if name not in before.variables or name not in now.variables:
            found.differs(f"{name} of {what} is {'gone' if name in now.variables else 'new'}")
            continue
        a, b = before[name].values, now[name].values
        if b.dtype.kind == "f":
            _compare(what if name == "value" else name, a, b, found)
        elif a.shape != b.shape or (a != b).any():
            found.differs(f"{name} of {what} differs")


def _compare_tidy(path: Path, measures: Any, found: Comparison) -> None:
    """measures.csv is a view of measures.zarr: every finite number once, in order."""
    names, units = (list(map(str, measures[key].values)) for key in ("measure", "unit"))
    wanted = tidy_rows(measures["value"].values, names, units)
    steps = {str(n) for n in measures["step"].values}
    try:
        with open(path, encoding="utf-8", newline="") as file:
            rows = [row for row in list(csv.reader(file))[1:] if len(row) != 5 or row[1] in steps]
    except (OSError, ValueError):
        found.differs("measures.csv is missing or cannot be read")
        return
    if rows != wanted:
        first = next((i for i, (a, b) in enumerate(zip(rows, wanted)) if a != b), min(len(rows), len(wanted)))
        found.differs(f"measures.csv is not what measures.zarr holds, first in line {first + 2}")


def _compare_record(record: dict[str, Any], result: Result, whole: bool, found: Comparison) -> None:
    """What ran and how it was judged, as the record tells it."""
    fresh = json.loads(json.dumps(record_of(result)))
    try:
        before, now = (
            [
                [(row["name"], row["value"], row["unit"], row.get("varies")) for row in g["parameters"]]
                for g in r["groups"]
            ]
            for r in (record, fresh)
        )
        for a, b in zip((row for g in before for row in g), (row for g in now for row in g)):
            if not _alike(a, b, found.exact):
                found.differs(f"the record has {a[0]} = {a[1]}, it ran with {b[0]} = {b[1]}")
                break
        if list(map(len, before)) != list(map(len, now)):
            found.differs("the record tells of other parts than those that ran")
        judged, anew = ([(v["measure"], v["step"], v["passed"]) for v in r["verdicts"]] for r in (record, fresh))
        if whole and judged != anew:
            found.differs("the record's verdicts are not those of its measures")
    except (KeyError, TypeError):
        found.differs("the record's parameters or verdicts are damaged")


def _alike(a: Any, b: Any, exact: bool) -> bool:
    """Whether two entries are the same, numbers to 1e-9 where bits are not promised."""
    if isinstance(a, float) and isinstance(b, float) and not exact:
        return bool(np.isclose(a, b, rtol=ELSEWHERE, atol=0.0))
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(_alike(x, y, exact) for x, y in zip(a, b))
    return a == b


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
        found.differs(f"{name} has {before.shape} numbers, now {now.shape}")
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
        at = tuple(int(i) for i in np.argwhere(differ)[0])
        found.differs(
            f"{int(differ.sum())} numbers of {name} differ, first at {at}: {float(before[at])!r} became {float(now[at])!r}"
        )


def _compare_events(path: Path, result: Result, found: Comparison) -> None:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            before = [
                (int(r["patient"]), float(r["time_s"]), r["part"], r["event"], r["priority"])
                for r in csv.DictReader(file)
            ]
    except (OSError, ValueError, KeyError, TypeError):
        found.differs("events.csv is missing or cannot be read")
        return
    now = [(e.patient, round(e.time_s, 6), e.part, e.event, e.priority) for e in ordered_events(result)]
    found.compared += len(before)
    if before != now and found.exact:
        first = next((i for i, (a, b) in enumerate(zip(before, now)) if a != b), min(len(before), len(now)))
        found.differs(f"events differ from number {first + 1} on ({len(before)} before, {len(now)} now)")
