"""A result as files: record.json, measures.zarr with its tidy view, events.csv, traces.zarr."""

from __future__ import annotations

import csv
import io
import json
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from proband.evidence.record import record_of
from proband.trials.result import Result

CSV_PATIENTS = 10_000  # above, measures.zarr alone holds the numbers


def write(result: Result, folder: Path) -> None:
    """All files but the report."""
    write_text(folder / "events.csv", _events(result))
    if result.plan.patients <= CSV_PATIENTS:
        write_text(folder / "measures.csv", tidy_text(result))
    _zarr(measures_dataset(result), folder / "measures.zarr")
    traces = traces_dataset(result)
    if traces is not None:
        _zarr(traces, folder / "traces.zarr")
    write_text(
        folder / "record.json", json.dumps(record_of(result), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    )


def write_text(path: Path, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _zarr(dataset: Any, path: Path) -> None:

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Consolidated metadata is currently not part")
        warnings.filterwarnings("ignore", "The (data type|dtype|codec)")
        dataset.to_zarr(path, mode="w", zarr_format=3, consolidated=True)


def tidy_rows(values: np.ndarray, measures: Sequence[str], units: Sequence[str]) -> list[list[str]]:
    """The tidy view of `values` (patients, steps, measures): each finite number once, as patient, step, measure, value, unit."""
    return [
        [str(p + 1), str(k + 1), measures[m], repr(float(values[p, k, m])), units[m]]
        for p, k, m in np.argwhere(np.isfinite(values)).tolist()
    ]


def tidy_text(result: Any) -> str:
    """measures.csv of a trial's or a scan trial's result."""
    names = [str(m) for m in result.measures]
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(("patient", "step", "measure", "value", "unit"))
    out.writerows(tidy_rows(result.values, names, [result.unit(m) for m in result.measures]))
    return text.getvalue()


def ordered_events(result: Result) -> list[Any]:
    """By time, then patient."""
    return sorted(result.events, key=lambda e: (e.time_s, e.patient, e.part, e.event))


def _events(result: Result) -> str:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(("patient", "time_s", "part", "event", "priority"))
    for e in ordered_events(result):
        out.writerow((e.patient, f"{e.time_s:.6f}".rstrip("0").rstrip("."), e.part, e.event, e.priority))
    return text.getvalue()


def measures_dataset(result: Result) -> Any:
    """`value` over (patient, step, measure), with each measure's unit and title, each step's name and times, and the
    rows in which the patients differ."""
    import xarray

    plan = result.plan
    names = result.measures
    data = xarray.Dataset(
        {
            "value": (
                ("patient", "step", "measure"),
                result.values,
                {"long_name": "measures of the last window of each step"},
            ),
            "met_s": (
                ("patient", "step"),
                result.met,
                {"units": "s", "long_name": "when the step's until condition was met"},
            ),
        },
        coords={
            "patient": ("patient", np.arange(1, plan.patients + 1), {"long_name": "number of the patient, from 1"}),
            "step": ("step", np.arange(1, len(plan.steps) + 1), {"long_name": "number of the step, from 1"}),
            "measure": ("measure", _words(names)),
            "unit": ("measure", _words([result.unit(m) for m in names])),
            "title": ("measure", _words([result.title(m) for m in names])),
            "step_name": ("step", _words([s.name for s in plan.steps])),
            "start_s": ("step", result.times[:, 0], {"units": "s"}),
            "end_s": ("step", result.times[:, 1], {"units": "s"}),
        },
        attrs={"trial": plan.trial.name, "trial_hash": plan.trial.hash()},
    )
    for group in plan.groups:
        for name, values in group.start.items():
            if name not in data:
                unit = group.bodies[0].row(name)[1]
                data[name] = (
                    "patient",
                    np.full(plan.patients, np.nan),
                    {"units": unit.unit.symbol, "long_name": unit.meaning},
                )
            data[name].values[group.members] = values
    return data


def _words(words: list[str]) -> np.ndarray:
    """Text as xarray and Zarr both take it."""
    return np.array(words, dtype=object) if words else np.array([], dtype=object)


def traces_dataset(result: Result) -> Any:
    """Every recorded signal over (patient, time), with the step of each frame; None where nothing was recorded."""
    import xarray

    if not result.traces:
        return None
    plan = result.plan
    order = sorted({(t.step, tuple(t.time_s)) for t in result.traces}, key=lambda pair: pair[0])
    starts: dict[int, int] = {}
    length = 0
    for step, times in order:
        starts[step] = length
        length += len(times)
    time_s = np.concatenate([np.array(times) for _, times in order]) if order else np.zeros(0)
    steps = np.concatenate([np.full(len(times), step) for step, times in order]) if order else np.zeros(0)
    patients = sorted({int(p) for t in result.traces for p in t.patients})
    row = {p: i for i, p in enumerate(patients)}
    tables = {name: np.full((len(patients), length), np.nan) for t in result.traces for name in t.signals}
    for t in result.traces:
        first = starts[t.step]
        rows = [row[int(p)] for p in t.patients]
        for name, values in t.signals.items():
            tables[name][rows, first : first + len(t.time_s)] = values
    variables = {
        name: (
            ("patient", "time"),
            table,
            {"units": plan.signals[name].unit.symbol, "long_name": plan.signals[name].meaning},
        )
        for name, table in tables.items()
    }
    return xarray.Dataset(
        variables,
        coords={
            "patient": ("patient", np.array(patients) + 1, {"long_name": "number of the patient, from 1"}),
            "time": ("time", time_s, {"units": "s", "long_name": "since the beginning"}),
            "step": ("time", steps.astype(np.int64), {"long_name": "number of the step"}),
        },
        attrs={"trial": plan.trial.name, "trial_hash": plan.trial.hash()},
    )
