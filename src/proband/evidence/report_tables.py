"""The report's tables: what each step gave, what was published beside it, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from proband.evidence.canvas import SERIES
from proband.evidence.languages import label, term
from proband.evidence.pages import row_numbers
from proband.trials.conditions import parse_measure
from proband.trials.published import Direction, Published
from proband.trials.result import Result
from proband.trials.steps import steps_named, steps_over
from proband.units import parse_quantity

DRIVE = "respiratory_drive.depression"  # share that drugs have taken, from the start on


def few_patients(result: Result) -> bool:
    """Few enough for a line and a colour each."""
    return 1 < result.plan.patients <= SERIES


def outcomes(met: Sequence[Any], said: str) -> list[tuple[str, str]]:
    """How many of so many were met, as a sentence with its kind; none where nothing was asked."""
    if not met:
        return []
    kind, mark = ("good", "✓") if all(met) else ("bad", "✗")
    return [(kind, label(f"{mark} {{met}} of {{n}} {said}", met=sum(map(bool, met)), n=len(met)))]


def table(result: Result) -> dict[str, Any]:
    """Steps by measures: of one patient the numbers, of a cohort the median with the middle 90 % (of a few: all)."""
    columns = [_cells(result.values[:, :, m], few_patients(result)) for m in range(len(result.measures))]
    rows = [
        {
            "number": step.number,
            "name": step.name,
            "cells": [column[i] for column in columns],
            "met": int(np.isfinite(result.met[:, i]).sum()),
            "until": step.until.text if step.until else "",
        }
        for i, step in enumerate(result.plan.steps)
    ]
    conditions = list(dict.fromkeys(s.until.text for s in result.plan.steps if s.until))
    return {
        "heads": [(result.title(m), result.unit(m), m) for m in result.measures],
        "rows": rows,
        "met": "; ".join(conditions),
    }


def _cells(values: np.ndarray, few: bool) -> list[tuple[str, str]]:
    """One measure (patient, step) as people read it: the number, or the median and its range."""
    known = [v[np.isfinite(v)] for v in values.T]
    found = row_numbers([float(np.median(v)) if v.size else np.nan for v in known])
    if len(values) == 1:
        return [(said, "") for said in found]
    low, high = (
        row_numbers([float(np.percentile(v, at)) if v.size else np.nan for v in known])
        for at in ((0, 100) if few else (5, 95))
    )
    return [(m, f"{a} to {b}" if v.size else "") for m, a, b, v in zip(found, low, high, known, strict=True)]


def stops(result: Result) -> list[str]:
    """Where conditions were met, as sentences."""
    said = []
    for step in result.plan.steps:
        met = int(np.isfinite(result.met[:, step.number - 1]).sum())
        if met and step.until:
            who = "" if result.plan.patients == 1 else " for {met} of {n} patients"
            ended = "the ramp ended" if step.ramp is not None else "what the step does ended"
            told = {
                "step": step.number,
                "name": term(step.name),
                "until": step.until.text,
                "met": met,
                "n": result.plan.patients,
            }
            said.append(label(f"In step {{step}} ({{name}}) {ended}{who}: {{until}}.", **told))
    return said


def asleep(result: Result) -> list[str]:
    """Why apnoea was called, and how it is helped, where patients were given no drive of their own."""
    silent = {e.patient for e in result.events if e.event == "apnoea_alarm"}
    drugged: set[int] = set()
    for group in result.plan.groups:
        if "respiratory_drive" in group.bodies[0].parts:
            taken = group.start.get(DRIVE, group.bodies[0].value(DRIVE).si)
            drugged |= {int(m) + 1 for m in group.members[np.broadcast_to(taken >= 1, len(group.members))]}
    n, of = len(silent & drugged), result.plan.patients
    if not n:
        return []
    return [
        label(
            "Apnoea was called where a sedated patient makes no effort ({n} of {of}; {row} is 1). To wake them, give the trial the values {remedy}.",
            n=n, of=of, row=DRIVE, remedy=f"{{{DRIVE}: 0}}",
        )
    ]  # fmt: skip


def direction(result: Result, hint: Direction) -> dict[str, Any]:
    """A published direction beside the simulated change from the first to the last step that was measured."""
    values = result.of(hint.measure)[:, [s.number - 1 for s in steps_over(result.plan.steps, hint.over)]]
    changes = []
    ends = []
    for row in values:
        measured = row[np.isfinite(row)]
        if measured.size > 1:
            changes.append(measured[-1] - measured[0])
            ends.append((measured[0], measured[-1]))
    if not changes:
        return {
            "hint": hint,
            "title": result.title(hint.measure),
            "change": None,
            "first": None,
            "last": None,
            "unit": result.unit(hint.measure),
            "agrees": None,
        }
    change = float(np.median(changes))
    first, last = (float(np.median([e[i] for e in ends])) for i in (0, 1))
    unit = result.plan.signals[parse_measure(hint.measure).signal].unit
    if hint.direction == "flat":
        room = parse_quantity(hint.flat_within).si / unit.factor if hint.flat_within else 0.1 * abs(first)
        agrees = abs(change) <= room
    else:
        agrees = change * (1 if hint.direction == "up" else -1) > 0.02 * abs(first)
    return {
        "hint": hint,
        "title": result.title(hint.measure),
        "change": change,
        "first": first,
        "last": last,
        "unit": unit.symbol,
        "agrees": agrees,
    }


def compared(result: Result, published: Published, step: int | str) -> dict[str, Any]:
    """A published number beside the simulated one (of a cohort its median)."""
    where = steps_named(result.plan.steps, step)[0]
    values = result.of(published.measure)[:, where.number - 1]
    values = values[np.isfinite(values)]
    unit = result.plan.signals[parse_measure(published.measure).signal].unit
    return {
        "title": published.title or result.title(published.measure),
        "measure": published.measure,
        "published": unit.of(parse_quantity(published.value).si),
        "spread": parse_quantity(published.spread).si / unit.factor,
        "simulated": float(np.median(values)) if values.size else None,
        "unit": unit.symbol,
        "source": published.source,
        "confidence": published.confidence,
        "step": where.name,
        "role": "compare",
    }


def event_summary(result: Result) -> list[tuple[str, str, str, int, float]]:
    """Each kind of event: part, what, priority, how often, when first."""
    kinds: dict[tuple[str, str, str], list[float]] = {}
    for e in result.events:
        if not e.event.endswith(" ended"):
            kinds.setdefault((e.part, e.event, e.priority), []).append(e.time_s)
    order = {"high": 0, "medium": 1, "low": 2, "event": 3}
    return sorted(
        ((*k, len(v), min(v)) for k, v in kinds.items()), key=lambda row: (order.get(row[2], 9), row[0], row[1])
    )
