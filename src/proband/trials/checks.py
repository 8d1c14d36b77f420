"""What can be known to be wrong before anything runs: names, units, values, bounds."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum
from typing import TYPE_CHECKING

from proband.model import Body, ModelError, did_you_mean
from proband.trials.amounts import seconds
from proband.trials.bodies import blood
from proband.trials.cohorts import quantity, resolved
from proband.trials.conditions import parse_measure
from proband.trials.grammar import Trial
from proband.trials.published import Direction, Published
from proband.trials.refusal import Path, Place, Refused, at
from proband.trials.signals import Signal, all_signals, find_signal
from proband.trials.steps import Numbered, fluid_name, steps_named, steps_over
from proband.trials.together import check_together
from proband.units import L_min, degree, mmHg, parse_quantity, rpm

if TYPE_CHECKING:
    from proband.trials.plan import Plan


def checked(plan: Plan, place: Place) -> dict[str, Signal]:
    trial = plan.trial
    for group in plan.groups:
        for step in plan.steps:
            body = group.bodies[step.phase]
            for key, settings in (("ramp" if step.ramp is not None else "set", step.sets), ("break", step.faults)):
                for name, value in settings.items():
                    with at(place, (*step.path, key if name not in step.step.set else "set", name)):
                        check_command(body, name)
                        resolved(trial, body, name, value, plan.patients)
            for word in ("clamp", "unclamp"):
                for name in getattr(step.step, word):
                    with at(place, (*step.path, word)):
                        check_clamp(body, name)
            if step.step.breathe:
                with at(place, (*step.path, "breathe")):
                    plan.mixture(step, group)
            if step.step.tilt:
                with at(place, (*step.path, "tilt")):
                    row = body.row(tilt_command(body))[1]
                    row.accept(parse_quantity(step.step.tilt.angle), "the angle")
            check_fluids(plan, step, body)
            if step.until is not None:
                with at(place, (*step.path, "until")):
                    step.until.check(lambda name, body=body: find_signal(body, name).unit)
        check_together(plan, group, place)
    signals: dict[str, Signal] = {}
    wanted = [(m.signal, ("measures", i)) for i, m in enumerate(plan.measures)]
    wanted += drawn_over_time(trial)
    if trial.match:
        wanted += [
            (parse_measure(p.measure).signal, ("match", "published", i)) for i, p in enumerate(trial.match.published)
        ]
    for name, path in wanted:
        with at(place, path):
            signals[name] = _found(plan, name)
    for name in {m.signal for s in plan.steps if s.until for m in s.until.measures()}:
        signals.setdefault(name, _found(plan, name))
    _check_criteria_and_report(plan, place, signals)
    return signals


def check_fluids(plan: Plan, step: Numbered, body: Body) -> None:
    """The line that bleeds or infuses has a greatest rate."""
    for word, act in (("bleed", step.step.bleed), ("infuse", step.step.infuse)):
        if act is None:
            continue
        fluid = plan.fluids[fluid_name(act)]
        with at(plan.trial.place, (*step.path, word)):
            row = body.row(fluid.line)[1]
            if act.volume is not None:
                volume = parse_quantity(act.volume).si
            else:
                volume = (
                    (act.percent or 0.0)
                    / 100
                    * fsum(body.parts[n].value("volume") or 0.0 for n in blood(body, plan.fluids, fluid.place))
                )
            row.accept(
                quantity(volume / seconds(act.over), row),
                f"the rate of the {'bleed' if word == 'bleed' else 'infusion'}",
            )


def _found(plan: Plan, name: str) -> Signal:
    """The signal, which every group must have at some time of its protocol."""
    last: Signal | None = None
    for group in plan.groups:
        problem: Refused | None = None
        for body in group.bodies:
            try:
                last = find_signal(body, name)
                break
            except Refused as found:
                problem = problem or found
        else:
            raise problem or Refused(f"{name} is not there.")
    assert last is not None
    return last


def _check_criteria_and_report(plan: Plan, place: Place, signals: Mapping[str, Signal]) -> None:
    measured = [str(m) for m in plan.measures]
    for i, name in enumerate(measured):
        if name in measured[:i]:
            raise Refused(f"{place.say(('measures', i))}{name} is measured twice; keep one.")
    for i, entry in enumerate(plan.trial.match.published if plan.trial.match else []):
        with at(place, ("match", "published", i)):
            check_published(entry, signals)
    for i, criterion in enumerate(plan.trial.criteria):
        with at(place, ("criteria", i)):
            if criterion.measure not in measured:
                raise Refused(
                    f"the criterion judges {criterion.measure}, which is not among the measures{did_you_mean(criterion.measure, measured)}."
                )
            signal = signals[parse_measure(criterion.measure).signal]
            for key in ("at_least", "at_most"):
                bound = getattr(criterion, key)
                if bound is not None and parse_quantity(bound).dimension != signal.unit.dimension:
                    raise Refused(f"{key} is {bound}, but {criterion.measure} is in {signal.unit}.")
            if criterion.step == "":
                raise Refused("step is empty; give a step's number or name, 'every' or 'last'.")
            steps_named(plan.steps, criterion.step)
    report = plan.trial.report
    for key, entries in (("directions", report.directions), ("compare", report.compare)):
        for i, entry in enumerate(entries):
            with at(place, ("report", key, i)):
                if entry.measure not in measured:
                    raise Refused(f"{entry.measure} is not among the measures{did_you_mean(entry.measure, measured)}.")
                check_published(entry, signals)
    for i, hint in enumerate(report.directions):
        with at(place, ("report", "directions", i, "over")):
            steps_over(plan.steps, hint.over)
    for key, row in (("pressures", report.pressures), ("flows", report.flows), *(("traces", r) for r in report.traces)):
        with at(place, ("report", key)):
            for name in row[1:]:
                if signals[name].unit.dimension != signals[row[0]].unit.dimension:
                    raise Refused(
                        f"{row[0]} ({signals[row[0]].unit}) and {name} ({signals[name].unit}) cannot share an axis; draw them in rows of their own."
                    )
    with at(place, ("report", "against")):
        if report.against and report.against not in measured:
            raise Refused(f"{report.against} is not among the measures{did_you_mean(report.against, measured)}.")
    with at(place, ("report", "compare_step")):
        if report.compare_step in ("", "every"):
            raise Refused("one step is compared; give its number or name, or 'last'.")
        steps_named(plan.steps, report.compare_step)
    names = {*plan.trial.attach, *(name for step in plan.steps for name in step.step.attach)}
    for i, chart in enumerate(report.charts):
        with at(place, ("report", "charts", i)):
            if chart.device not in names:
                raise Refused(f"{chart.device!r} is attached nowhere{did_you_mean(chart.device, names)}.")
            for key, unit in (("flow", L_min), ("head", mmHg), ("speed", rpm)):
                own = signals[getattr(chart, key)].unit
                if own.dimension != unit.dimension:
                    raise Refused(f"the {key} of a chart is {getattr(chart, key)}, which is in {own}, not in {unit}.")


def check_published(entry: Published | Direction, signals: Mapping[str, Signal]) -> None:
    """Refuse a published number that is in another unit than what it is compared with, or has no spread."""
    unit = signals[parse_measure(entry.measure).signal].unit
    given = (
        {"flat_within": entry.flat_within}
        if isinstance(entry, Direction)
        else {"value": entry.value, "spread": entry.spread}
    )
    for key, text in given.items():
        if text is not None and parse_quantity(text).dimension != unit.dimension:
            raise Refused(f"{key} is {text}, but {entry.measure} is in {unit}.")
        if text is not None and key != "value" and not parse_quantity(text).si > 0:
            raise Refused(f"the {key} of {entry.measure} must be above zero, but is {text}.")


def check_command(body: Body, name: str) -> None:
    """Refuse what a protocol cannot set."""
    commands = body.commands()
    if name in commands or body.aliases.get(name) in commands:
        return
    what = _instead_of_a_command(body, name) or f"{name!r} is no command of this body{did_you_mean(name, commands)}"
    known = _short_names(body)
    owner = name.partition(".")[0]
    own = [c for c in known if c.startswith(f"{owner}.")]
    raise Refused(f"{what}; commands{f' of {owner}' * bool(own)} are {', '.join(own or known) or 'none'}.")


def check_clamp(body: Body, name: str) -> None:
    """Refuse what has no clamp."""
    commands = body.commands()
    if f"{name}.clamp" in commands or body.aliases.get(f"{name}.clamp") in commands:
        return
    able = [c.removesuffix(".clamp") for c in _short_names(body) if c.endswith(".clamp")]
    there = any(part == name or part.startswith(f"{name}.") for part in body.parts)
    what = f"{name} cannot be clamped" if there else f"{name!r} is no part of this body{did_you_mean(name, able)}"
    raise Refused(f"{what}; what can be clamped is {', '.join(able) or 'nothing'}.")


def _short_names(body: Body) -> list[str]:
    """The commands of a body; of two names the short one."""
    return [c for c in body.commands() if c not in body.aliases.values()]


def _instead_of_a_command(body: Body, name: str) -> str:
    """What a name stands for that is there but cannot be set in a protocol; empty where nothing has this name."""
    try:
        kind = body.row(name)[1].kind
    except ModelError:
        kind = ""
    if kind == "param":
        return f"{name} is a param row and is set before the start (values), not in a protocol"
    if kind == "state":
        return f"{name} is a signal, which is measured; only its value at the start can be set (values)"
    if name in all_signals(body) or body.aliases.get(name) in all_signals(body):
        return f"{name} is a signal, which is measured and not set"
    return f"{name} is no command" * bool(kind)


def tilt_command(body: Body) -> str:
    """The body's command for its posture: an angle in degrees."""
    found = [c for c in body.commands() if body.row(c)[1].unit == degree]
    if not found:
        raise Refused("this body cannot be tilted: it has no command in degrees.")
    return found[0]


def drawn_over_time(trial: Trial) -> list[tuple[str, Path]]:
    """Signals to keep over time: those the trial names, and those its report draws."""
    report = trial.report
    wanted: list[tuple[str, Path]] = [(s, ("record", "signals", i)) for i, s in enumerate(trial.record.signals)]
    wanted += [(s, ("report", "pressures", i)) for i, s in enumerate(report.pressures)]
    wanted += [(s, ("report", "flows", i)) for i, s in enumerate(report.flows)]
    for i, row in enumerate(report.traces):
        wanted += [(s, ("report", "traces", i, j)) for j, s in enumerate(row)]
    for i, loop in enumerate(report.loops):
        wanted += [(name, ("report", "loops", i)) for name in (loop.y, loop.x)]
    for i, chart in enumerate(report.charts):
        wanted += [(getattr(chart, key), ("report", "charts", i, key)) for key in ("flow", "head", "speed")]
    return wanted
