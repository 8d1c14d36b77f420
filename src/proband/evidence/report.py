"""report.html: one file that shows what was asked, what came out, and on whose numbers it stands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from proband.evidence import figures
from proband.evidence.canvas import SERIES, dashes, shown_unit, step_colour
from proband.evidence.files import ordered_events, write_text
from proband.evidence.languages import Said, label, listed, named
from proband.evidence.pages import number, page
from proband.evidence.pump_charts import pump_chart
from proband.evidence.record import NOTICE, record_of
from proband.evidence.report_sources import as_yaml, sources
from proband.evidence.report_tables import (
    asleep,
    compared,
    direction,
    event_summary,
    few_patients,
    outcomes,
    stops,
    table,
)
from proband.trials.conditions import parse_measure
from proband.trials.participants import Attach, Cohort
from proband.trials.result import Result
from proband.trials.runner import FEW
from proband.trials.steps import Numbered
from proband.units import parse_quantity

CLAUSES = Said("; ", "；")
SHOWN_STEPS = 6  # drawings of traces; more steps are thinned out


def write_report(folder: Path, result: Result) -> None:
    """The report of a finished run, into its folder."""
    write_text(folder / "report.html", render(result))


def render(result: Result) -> str:
    """The report as HTML that needs nothing else."""
    record = record_of(result)
    plan, hints = result.plan, result.plan.trial.report
    steps = [s for s in plan.steps if np.isfinite(result.times[s.number - 1]).all()]
    # A patient that has left a ramp waits through its other steps: these are not drawn as if they were its own.
    own = [s for s in steps if np.isfinite(result.values[0, s.number - 1]).any()]
    against = hints.against
    directions = [direction(result, d) for d in hints.directions]
    context = {
        "record": record,
        "notice": NOTICE,
        "shown": hints.shown,
        "title": hints.title or plan.trial.name.replace("_", " ").capitalize(),
        "summary": hints.summary,
        "facts": facts(result),
        "verdicts": result.verdicts(),
        "match": record["match"],
        "directions": directions,
        "headline": headline(result, directions),
        "compared": [compared(result, p, hints.compare_step) for p in hints.compare],
        "steps": [(s.number, s.name, step_colour(s.number, len(plan.steps)).replace("#2000", "")) for s in own],
        "table": table(result),
        "stops": stops(result),
        "asleep": asleep(result),
        "aside": bool(against) and len({s.ramp is None for s in steps}) > 1,
        "curves": curves(result, steps, against) if steps else [],
        "charts": [(c.device, svg) for c in hints.charts if (svg := pump_chart(result, c, own))],
        "loops": [(loop, figures.loops(result, own, loop)) for loop in hints.loops if result.traces],
        "traces": [(s.number, s.name, svg) for s, svg in figures.traces(result, thinned(own), hints.rows())],
        "signals": [
            (n, plan.signals[n].meaning, i % SERIES, dashes(i)) for i, n in enumerate(figures.drawn_names(hints.rows()))
        ],
        "told_apart": told_apart(result),
        "timeline": figures.timeline(result),
        "timeline_of": min((e.patient for e in result.events if e.priority != "event"), default=1),
        "events": event_summary(result),
        "alarms": [e for e in ordered_events(result) if e.priority != "event" or e.part == "protocol"][:60],
        "failures": result.failures,
        "sources": sources(record),
        "few": FEW,
        "trial_yaml": as_yaml(record["trial"]),
    }
    return page("report.html.j2", context)


def facts(result: Result) -> list[tuple[str, str]]:
    """The head of the report."""
    trial = result.plan.trial
    who = trial.patient
    if isinstance(who, Cohort):
        of = named([who.of] if isinstance(who.of, str) else who.of)
        rows = ", ".join(who.spread).replace("_", " ")
        patient = (
            label("{n} made from {of}, who differ in {rows}", n=who.n, of=of, rows=rows)
            if rows
            else label("{n} made from {of}", n=who.n, of=of)
        )
    else:
        patient = named([who] if isinstance(who, str) else who)
    devices = [joined(n, a) for n, a in trial.attach.items()]
    devices += [
        label("{device} (from step {step})", device=joined(n, a), step=s.number)
        for s in result.plan.steps
        for n, a in s.step.attach.items()
    ]
    heart = [
        f"{key} {word}"
        for key, words in trial.heart.given().items()
        for word in ([words] if isinstance(words, str) else dict.fromkeys(words))
    ]
    simulated = float(np.nanmax(result.times)) if np.isfinite(result.times).any() else 0.0
    engine = result.engines[0] if result.engines else {}
    found: list[tuple[str, str]] = [(label("Patient" if result.plan.patients == 1 else "Patients"), patient)]
    if heart:
        found.append((label("Heart"), named(heart)))
    if devices:
        found.append((label("Device" if len(devices) == 1 else "Devices"), listed(devices, CLAUSES)))
    found += [
        (label("Protocol"), label("{n} steps, {seconds} s simulated for each patient", n=len(result.plan.steps), seconds=f"{simulated:.0f}")),
        (label("Outcome"), outcome(result)),
        (label("Engine"), label("{states} states, {method} at {step} ms, {precision}, {wall} s", states=engine.get("states", "?"), method=engine.get("method", ""),
            step=f"{engine.get('step_ms', 1):g}", precision=engine.get("precision", ""), wall=f"{result.wall_s:.1f}")),
    ]  # fmt: skip
    return found


def joined(name: str, device: Attach) -> Said:
    """A device, and the places that it joins."""
    made, inlet, outlet = named([device.device]), named(device.from_), named(device.to)
    return label(
        "{made} as “{name}”, {inlet} → {outlet}", made=made, name=name.replace("_", " "), inlet=inlet, outlet=outlet
    )


def outcome(result: Result) -> Said:
    """How the run ended."""
    if result.status == "interrupted":
        return label("stopped by hand after step {step}", step=result.finished)
    return label({"complete": "ran to its end", "failed": "every patient failed"}.get(result.status, "still running"))


def told_apart(result: Result) -> list[str]:
    """What tells a few patients apart, in words: data sheets and values that differ. Empty for one, or for many."""
    plan = result.plan
    if not few_patients(result):
        return []
    said: list[list[str]] = [[] for _ in plan.sheets]
    for key, words in plan.trial.heart.given().items():
        if isinstance(words, list) and len(set(words)) > 1:
            for own, word in zip(said, words):
                own.append(f"{key} {word}".replace("_", " "))
    for group in plan.groups:
        for place, member in enumerate(group.members):
            if len(set(plan.sheets)) > 1:
                said[member].append(plan.sheets[member].replace("_", " "))
            for name, values in group.start.items():
                if group.origin.get(name):
                    unit = shown_unit(group.bodies[0].row(name)[1].unit.symbol)
                    said[member].append(f"{name.replace('_', ' ')} {number(float(values[place]))} {unit}".rstrip())
    return [", ".join(words[:4]) or f"patient {i}" for i, words in enumerate(said, 1)]


def headline(result: Result, directions: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """What happened, at one glance: sentences, each with its kind (good, bad, none)."""
    found = [
        *outcomes([v.passed for v in result.verdicts()], "criteria passed"),
        *outcomes([d["agrees"] for d in directions], "published directions agree"),
    ]
    alarms = [row for row in event_summary(result) if row[2] != "event"]
    if alarms:
        urgent = [row for row in alarms if row[2] == "high"]
        what = listed(list(dict.fromkeys(row[1].replace("_", " ") for row in urgent or alarms))[:4])
        found.append(
            ("bad", label("! high-priority alarms: {what}", what=what))
            if urgent
            else ("none", label("○ alarms: {what}", what=what))
        )
    if result.failures:
        found.append(
            ("bad", label("✗ {failed} of {n} patients failed", failed=len(result.failures), n=result.plan.patients))
        )
    if result.status == "interrupted":
        found.append(("bad", label("✗ stopped by hand after step {step}", step=result.finished)))
    return found


def thinned(steps: Sequence[Numbered]) -> list[Numbered]:
    """At most SHOWN_STEPS of them, evenly, the first and the last included."""
    if len(steps) <= SHOWN_STEPS:
        return list(steps)
    return [steps[round(i)] for i in np.linspace(0, len(steps) - 1, SHOWN_STEPS)]


def curves(result: Result, steps: Sequence[Numbered], against: str) -> list[tuple[str, str, str]]:
    """Each measure's title, name and drawing. With something to draw against, a ramp is a line and other steps are loose."""
    ramp = [s for s in steps if s.ramp is not None]
    shown = ramp if against and ramp else list(steps)
    aside = [s for s in steps if s not in shown]
    published = {p.measure: p for p in result.plan.trial.report.compare}
    if result.plan.trial.match:
        published |= {p.measure: p for p in result.plan.trial.match.published}
    drawn = []
    for measure in result.measures:
        if measure == against or not np.isfinite(result.of(measure)[:, [s.number - 1 for s in shown]]).any():
            continue
        band = None
        if measure in published:
            unit = result.plan.signals[parse_measure(measure).signal].unit
            p = published[measure]
            band = (unit.of(parse_quantity(p.value).si), parse_quantity(p.spread).si / unit.factor)
        drawn.append((result.title(measure), measure, figures.curve(result, measure, shown, against, band, aside)))
    return drawn
