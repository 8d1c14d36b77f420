"""A trial made ready: bodies built, steps numbered, every name and value checked. After this nothing is refused."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from proband.model import Assembly, Body, ModelError, Row, did_you_mean
from proband.model import Substance as ModelSubstance
from proband.trials.amounts import seconds
from proband.trials.cohorts import drawn, is_quantity, patients_of
from proband.trials.conditions import Condition, Measure, parse_condition, parse_measure
from proband.trials.grammar import Attach, Bleed, Infuse, Spread, Step, Trial, Value
from proband.trials.library import Library
from proband.trials.refusal import Place, Refused
from proband.trials.signals import Signal, find_signal
from proband.units import L, UnitError, degree, parse_quantity, parse_unit

Path = tuple[Any, ...]


@dataclass(frozen=True)
class Setting:
    """A command and what it gets: SI values, one for all or one for each patient of a group."""

    name: str
    row: Row
    si: float | np.ndarray


@dataclass(frozen=True)
class Numbered:
    """A step as it runs. The steps of a ramp share `ramp`."""

    number: int
    name: str
    step: Step
    path: Path
    sets: Mapping[str, Value]
    faults: Mapping[str, Value]
    phase: int
    ramp: int | None = None
    until: Condition | None = None


@dataclass(frozen=True)
class Fluid:
    """A bag and its line, attached before the start, idle until a step opens it."""

    name: str
    place: str
    line: str  # its command


@dataclass
class Group:
    """Patients whose bodies have one structure, and so one compiled program."""

    members: np.ndarray
    sheets: list[str]
    bodies: list[Body]  # one for each phase of the protocol
    start: dict[str, np.ndarray] = field(default_factory=dict)  # rows in which they differ, in the row's unit
    origin: dict[str, str] = field(default_factory=dict)  # of values that the trial set
    sources: dict[str, str] = field(default_factory=dict)  # of the rows in which they differ

    def pick(self, si: float | np.ndarray) -> float | np.ndarray:
        """The values of this group's patients out of those of all."""
        return si[self.members] if isinstance(si, np.ndarray) else si


@dataclass(frozen=True)
class Plan:
    """All that a runner needs."""

    trial: Trial
    sheets: list[str]
    groups: list[Group]
    steps: list[Numbered]
    fluids: Mapping[str, Fluid]
    measures: list[Measure]
    signals: Mapping[str, Signal]
    recorded: list[str] = field(default_factory=list)
    checks: Mapping[str, Callable[..., None]] = field(default_factory=dict)

    @property
    def patients(self) -> int:
        return len(self.sheets)

    def settings(self, step: Numbered, group: Group) -> list[Setting]:
        """What a step sets, for the patients of a group."""
        body = group.bodies[step.phase]
        return [
            Setting(name, body.row(name)[1], group.pick(_resolved(self.trial, body, name, value, self.patients)))
            for name, value in {**step.sets, **step.faults}.items()
        ]


def prepare(trial: Trial, library: Library | None = None, extra: Mapping[str, str] | None = None) -> Plan:
    """Build and check. `extra` are values found by a match. Raises Refused with one sentence."""
    library = library or Library()
    place = trial.place
    sheets = patients_of(trial)
    steps = list(_numbered(trial))
    builder = _Builder(trial, library, place, extra or {})
    fluids = builder.fluids(steps)
    groups = builder.groups(sheets, steps, fluids)
    checks = {name: check for name, check in builder.checks.items() if check}
    measures = [parse_measure(m.measure) for m in trial.measures]
    plan = Plan(trial, sheets, groups, steps, fluids, measures, {}, checks=checks)
    recorded = [name for name, _ in _recorded(trial)] if plan.patients <= trial.record.patients else []
    return replace(plan, signals=_checked(plan, place), recorded=list(dict.fromkeys(recorded)))


def _recorded(trial: Trial) -> list[tuple[str, Path]]:
    """Signals to keep over time: those the trial names, and those its report draws."""
    report = trial.report
    wanted: list[tuple[str, Path]] = [(s, ("record", "signals", i)) for i, s in enumerate(trial.record.signals)]
    wanted += [(s, ("report", "pressures", i)) for i, s in enumerate(report.pressures)]
    wanted += [(s, ("report", "flows", i)) for i, s in enumerate(report.flows)]
    for i, part in enumerate(report.loops):
        wanted += [(f"{part}.{quantity}", ("report", "loops", i)) for quantity in ("pressure", "volume")]
    for i, chart in enumerate(report.charts):
        wanted += [(getattr(chart, key), ("report", "charts", i, key)) for key in ("flow", "head", "speed")]
    return wanted


@contextmanager
def at(place: Place, path: Path) -> Iterator[None]:
    """Whatever is refused inside is said with this place in front."""
    try:
        yield
    except (ModelError, UnitError) as problem:
        raise Refused(f"{place.say(path)}{problem}") from None
    except Refused as problem:
        if getattr(problem, "placed", False):
            raise
        placed = Refused(f"{place.say(path)}{problem}")
        placed.placed = True  # type: ignore[attr-defined]
        raise placed from None


# Steps ----------------------------------------------------------------------------------------------------------


def _numbered(trial: Trial) -> Iterator[Numbered]:
    number, phase = 0, 0
    for i, step in enumerate(trial.protocol):
        path: Path = ("protocol", i)
        with at(trial.place, path):
            if step.attach or step.detach:
                phase += 1
            until = parse_condition(step.until.when) if step.until else None
            names = _ramp_values(step)
            for j, values in enumerate(names or [{}]):
                number += 1
                said = step.name or _describe(step)
                name = f"{said} {', '.join(values.values())}".strip() if values else said or f"step {number}"
                yield Numbered(
                    number, name, step, path, {**step.set, **values} if j == 0 else values, step.break_ if j == 0 else {},
                    phase, i if names else None, until,
                )  # fmt: skip


def _ramp_values(step: Step) -> list[dict[str, str]]:
    columns: dict[str, list[str]] = {}
    for name, span in step.ramp.items():
        first, last, by = (parse_quantity(x) for x in (span.from_, span.to, span.by))
        if not first.dimension == last.dimension == by.dimension:
            raise Refused(
                f"the ramp of {name} goes from {span.from_} to {span.to} by {span.by}; write all three in one unit."
            )
        count = (last.si - first.si) / by.si if by.si else -1.0
        if count < 0 or abs(count - round(count)) > 1e-6:
            raise Refused(f"the ramp of {name} cannot go from {span.from_} to {span.to} in steps of {span.by}.")
        if first.unit is None:
            raise Refused(f"the ramp of {name} needs a unit.")
        step_in_unit = by.si / first.unit.factor
        start = first.to(first.unit)
        columns[name] = [
            f"{start + k * step_in_unit:.12g} {first.unit.symbol}".strip() for k in range(round(count) + 1)
        ]
    if len({len(c) for c in columns.values()}) > 1:
        raise Refused(f"the ramps of {' and '.join(columns)} have different numbers of steps; make them equal.")
    return [dict(zip(columns, row)) for row in zip(*columns.values())]


def _describe(step: Step) -> str:
    """What a step does, in words, where its author gave it no name."""
    said = [f"{n} {v}" for n, v in step.set.items() if isinstance(v, str)] + [
        n for n, v in step.set.items() if not isinstance(v, str)
    ]
    said += [f"break {n}" for n in step.break_]
    said += [
        f"{verb} {', '.join(names)}"
        for verb, names in (("clamp", step.clamp), ("unclamp", step.unclamp), ("detach", step.detach))
        if names
    ]
    if step.attach:
        said.append(f"attach {', '.join(step.attach)}")
    if step.bleed:
        said.append(f"bleed {step.bleed.volume or f'{step.bleed.percent:g} %'}")
    if step.infuse:
        said.append(f"infuse {step.infuse.volume}")
    if step.tilt:
        said.append(f"tilt {step.tilt.angle}")
    return ", ".join(said) or ("hold" if not step.ramp else "")


# Bodies ---------------------------------------------------------------------------------------------------------


class _Builder:
    def __init__(self, trial: Trial, library: Library, place: Place, extra: Mapping[str, str]):
        self.trial, self.library, self.place, self.extra = trial, library, place, extra
        self.checks: dict[str, Callable[..., None] | None] = {}  # of each device that knows what goes ill together

    def fluids(self, steps: list[Numbered]) -> dict[str, Fluid]:
        """Bags by name: one for each place that is bled and each that is given to."""
        found: dict[str, Fluid] = {}
        for step in steps:
            for act in (step.step.bleed, step.step.infuse):
                if act is not None:
                    name = fluid_name(act)
                    found[name] = Fluid(name, act.from_ if isinstance(act, Bleed) else act.into, f"{name}.line.rate")
        return found

    def groups(self, sheets: list[str], steps: list[Numbered], fluids: Mapping[str, Fluid]) -> list[Group]:
        per_sheet = {sheet: self._phases(sheet, steps, fluids) for sheet in dict.fromkeys(sheets)}
        structure = {sheet: _structure(phases) for sheet, phases in per_sheet.items()}
        gathered: dict[Any, list[int]] = {}
        for i, sheet in enumerate(sheets):
            gathered.setdefault(structure[sheet], []).append(i)
        groups = []
        for members in gathered.values():
            own = [sheets[i] for i in members]
            group = Group(np.array(members), own, per_sheet[own[0]])
            _differences(group, per_sheet)
            groups.append(group)
        for group in groups:
            self._values(group, len(sheets))
        return groups

    def _phases(self, sheet: str, steps: list[Numbered], fluids: Mapping[str, Fluid]) -> list[Body]:
        trial = self.trial
        who = ("patient", "of") if ("patient", "of") in self.place.lines else ("patient",)
        with at(self.place, who):
            body = self.library.find_patient(sheet)
        if trial.carry:
            with at(self.place, ("carry",)):
                body = body.carrying(*(ModelSubstance(c.name, parse_unit(c.unit), c.meaning) for c in trial.carry))
        for name, device in trial.attach.items():
            body = self._attached(body, name, device, ("attach", name))
        for step in steps:
            if step.step.bleed is not None:
                with at(self.place, (*step.path, "bleed", "from")):
                    _compartment(body, step.step.bleed.from_)
            if step.step.infuse is not None:
                with at(self.place, (*step.path, "infuse", "into")):
                    _compartment(body, step.step.infuse.into)
        for fluid in fluids.values():
            body = body.attach(**{fluid.name: _bag(fluid)})
        phases, phase = [body], 0
        for step in steps:
            if step.phase > phase:
                phase = step.phase
                if step.step.detach:
                    with at(self.place, (*step.path, "detach")):
                        body = body.detach(*step.step.detach)
                for name, device in step.step.attach.items():
                    body = self._attached(body, name, device, (*step.path, "attach", name))
                phases.append(body)
        return phases

    def _attached(self, body: Body, name: str, device: Attach, path: Path) -> Body:
        with at(self.place, (*path, "device")):
            factory = self.library.find_device(device.device)
        for ends, key in ((device.from_, "from"), (device.to, "to")):
            with at(self.place, (*path, key)):
                for end in ends:
                    _compartment(body, end)
        settings = {}
        for key, value in device.settings.items():
            with at(self.place, (*path, "settings", key)):
                _takes(factory, key, device.device)
                if isinstance(value, bool):
                    settings[key] = value
                elif isinstance(value, str):
                    settings[key] = parse_quantity(value) if is_quantity(value) else value
        with at(self.place, path):
            try:
                made = factory(_one_or_all(device.from_), _one_or_all(device.to), **settings)
                body = body.attach(**{name: made})
                self.checks[name] = made.check if isinstance(made, Assembly) else None
                if not settings:
                    return body
                said = f"set by this trial: settings of {name}"
                return body.with_sources(lambda row: said if row.startswith(f"{name}.") else "")
            except TypeError as problem:
                raise Refused(f"{device.device} cannot be attached so: {problem}.") from None

    def _values(self, group: Group, n: int) -> None:
        """Overrides: one value for all goes into the body, several go to the start."""
        wanted: dict[str, tuple[Value, Path, str]] = {}
        attached = [*((k, a, ("attach", k)) for k, a in self.trial.attach.items())]
        for name, device, path in attached:
            for key, value in device.settings.items():
                if not isinstance(value, (str, bool)):
                    wanted[f"{name}.{key}"] = (value, (*path, "settings", key), "trial")
        if not isinstance(self.trial.patient, (str, list)):
            wanted |= {k: (v, ("patient", "spread", k), "cohort") for k, v in self.trial.patient.spread.items()}
        wanted |= {k: (v, ("values", k), "trial") for k, v in self.trial.values.items()}
        wanted |= {k: (v, ("match",), "match") for k, v in self.extra.items()}
        for name, (value, path, origin) in wanted.items():
            with at(self.place, path):
                part, row = group.bodies[0].row(name)
                full = f"{part}.{row.name}"
                own = group.bodies[0].parts[part].value(row.name)
                if row.kind in ("end", "content") or (
                    row.kind == "reads" and row.name in group.bodies[0].parts[part].wires
                ):
                    raise Refused(f"{name} is a {row.kind} row that reads another part; it has no value to set.")
                si = group.pick(drawn(value, row, own, full, self.trial.seed, n))
                if (
                    isinstance(value, Spread)
                    and full in group.start
                    and value.centre is None
                    and value.distribution != "uniform"
                ):
                    si = self._around(value, row, full, group, n)
                group.origin[full] = origin
                group.sources[full] = self._said(name, value, origin)
                if isinstance(si, np.ndarray):
                    group.start[full] = row.unit.of(si)
                else:
                    group.start.pop(full, None)
                    group.bodies = [
                        b.with_values({full: _quantity(si, row)}, group.sources) if part in b.parts else b
                        for b in group.bodies
                    ]

    def _said(self, name: str, value: Value, origin: str) -> str:
        """Where a number comes from that the trial itself sets."""
        if origin == "match" and self.trial.match is not None:
            why = next((a.why for a in self.trial.match.adjust if a.row == name), "")
            return f"matched by this trial to {self.trial.match.group}" + (f": {why}" if why else "")
        if isinstance(value, Spread):
            return f"drawn by this trial for each patient: {value.source or 'its author names no source'}"
        return "set by this trial"

    def _around(self, spread: Spread, row: Row, full: str, group: Group, n: int) -> np.ndarray:
        """A spread around each patient's own value, where the data sheets differ."""
        own = row.unit.si(1.0) * group.start[full] + row.unit.offset  # type: ignore[operator]
        return np.array(
            [np.asarray(drawn(spread, row, float(c), full, self.trial.seed, n))[i] for c, i in zip(own, group.members)]
        )


def _quantity(si: float, row: Row) -> Any:
    from proband.units import Quantity

    return Quantity(si, row.unit.dimension, row.unit)


def _one_or_all(places: list[str]) -> str | list[str]:
    return places[0] if len(places) == 1 else places


def _takes(factory: Callable[..., Assembly], key: str, device: str) -> None:
    try:
        parameters = inspect.signature(factory).parameters
    except (TypeError, ValueError):
        return
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return
    known = list(parameters)[2:]
    if key not in known:
        raise Refused(
            f"{device} has no setting {key!r}{did_you_mean(key, known)}; it has {', '.join(known) or 'none'}."
        )


def _compartment(body: Body, place: str) -> None:
    known = [n for n, p in body.parts.items() if p.component.kind == "compartment"]
    if place in known:
        return
    what = (
        f"a {body.parts[place].component.kind}, which holds nothing" if place in body.parts else "no place of this body"
    )
    raise Refused(f"{place!r} is {what}{did_you_mean(place, known)}; places are {', '.join(known)}.")


def _bag(fluid: Fluid) -> Assembly:
    """An idle bag at a place. Bleeding runs into it, an infusion out of it."""
    from proband.laws.line import blood_bag, line

    # Enough for any infusion: what hangs in the bag has no effect on its pressure.
    ends, content = (
        ((fluid.place, ".bag"), 1.0) if fluid.name.startswith("bleeding_") else ((".bag", fluid.place), 10.0)
    )
    return Assembly(parts={"bag": blood_bag(volume=content * L), "line": line(*ends)}, tells={})


def _structure(bodies: list[Body]) -> Any:
    return tuple(
        (
            tuple(
                (n, p.component.module, p.component.name, p.ends, tuple(sorted(p.wires.items())), p.period, p.substance)
                for n, p in b.parts.items()
            ),
            b.substances,
        )
        for b in bodies
    )


def _differences(group: Group, per_sheet: Mapping[str, list[Body]]) -> None:
    """Rows in which data sheets of one structure differ become values of each patient."""
    kinds = dict.fromkeys(group.sheets)
    if len(kinds) == 1:
        return
    for name, part in group.bodies[0].parts.items():
        for row in part.component.rows.values():
            values = {sheet: per_sheet[sheet][0].parts[name].value(row.name) for sheet in kinds}
            if len(set(values.values())) > 1:
                group.start[f"{name}.{row.name}"] = np.array([row.unit.of(values[s]) for s in group.sheets])  # type: ignore[arg-type]
                said = {sheet: per_sheet[sheet][0].parts[name].source(row.name) for sheet in kinds}
                group.sources[f"{name}.{row.name}"] = _together(said)


def _together(said: Mapping[str, str]) -> str:
    """The sources of a row that differs between data sheets. A person's size alone is no other source."""
    bare = {x.partition("; brought to ")[0] for x in said.values()}
    if len(bare) == 1:
        sized = any("; brought to " in x for x in said.values())
        return f"{bare.pop()}; brought to each person's size" if sized else bare.pop()
    return "; ".join(f"{sheet}: {x}" for sheet, x in said.items() if x)


# Checks ---------------------------------------------------------------------------------------------------------


def _resolved(trial: Trial, body: Body, name: str, value: Value, n: int) -> float | np.ndarray:
    part, row = body.row(name)
    return drawn(value, row, body.parts[part].value(row.name), f"{part}.{row.name}", trial.seed, n)


def _checked(plan: Plan, place: Place) -> dict[str, Signal]:
    trial = plan.trial
    for group in plan.groups:
        for step in plan.steps:
            body = group.bodies[step.phase]
            for key, settings in (("ramp" if step.ramp is not None else "set", step.sets), ("break", step.faults)):
                for name, value in settings.items():
                    with at(place, (*step.path, key if name not in step.step.set else "set", name)):
                        check_command(body, name)
                        _resolved(trial, body, name, value, plan.patients)
            for word in ("clamp", "unclamp"):
                for name in getattr(step.step, word):
                    with at(place, (*step.path, word)):
                        check_command(body, f"{name}.clamp")
            if step.step.tilt:
                with at(place, (*step.path, "tilt")):
                    row = body.row(tilt_command(body))[1]
                    row.accept(parse_quantity(step.step.tilt.angle), "the angle")
            _check_fluids(plan, step, body)
            if step.until is not None:
                with at(place, (*step.path, "until")):
                    step.until.check(lambda name, body=body: find_signal(body, name).unit)
        _check_together(plan, group, place)
    signals: dict[str, Signal] = {}
    wanted = [(m.signal, ("measures", i)) for i, m in enumerate(plan.measures)]
    wanted += _recorded(trial)
    if trial.match:
        wanted += [
            (parse_measure(p.measure).signal, ("match", "published", i)) for i, p in enumerate(trial.match.published)
        ]
    for name, path in wanted:
        with at(place, path):
            signals[name] = _found(plan, name)
    for name in {m.signal for s in plan.steps if s.until for m in s.until.measures()}:
        signals.setdefault(name, _found(plan, name))
    _check_criteria(plan, place, signals)
    return signals


def _check_together(plan: Plan, group: Group, place: Place) -> None:
    """Each device's own check of what is set together, as it stands at the start and after each step that sets some."""
    for name, check in plan.checks.items():
        now: dict[str, Any] = {}
        for step in plan.steps:
            body = group.bodies[step.phase]
            commands = {
                c.removeprefix(f"{name}."): c for c in body.commands() if c in body.aliases and c.startswith(f"{name}.")
            }
            mine = {short: step.sets[c] for short, c in commands.items() if c in step.sets}
            if not commands or (now and not mine):
                continue
            before = {short: _at_start(group, body, c) for short, c in commands.items()}
            now = {**before, **now} | {
                short: group.pick(_resolved(plan.trial, body, commands[short], value, plan.patients))
                for short, value in mine.items()
            }
            with at(place, (*step.path, "set") if mine else ("attach", name)):
                for values in _combinations(now):
                    check({s: _quantity(v, body.row(commands[s])[1]) for s, v in zip(now, values, strict=True)})


def _at_start(group: Group, body: Body, name: str) -> Any:
    """A command's value at the start, in SI: one for all, or one for each patient of the group."""
    part, row = body.row(name)
    own = group.start.get(f"{part}.{row.name}")
    return body.value(name).si if own is None else row.unit.si(own)


def _combinations(settings: Mapping[str, Any]) -> set[tuple[float, ...]]:
    """The settings of each patient, every combination once."""
    return set(
        zip(
            *(column.ravel().tolist() for column in np.broadcast_arrays(*map(np.atleast_1d, settings.values()))),
            strict=True,
        )
    )


def _check_fluids(plan: Plan, step: Numbered, body: Body) -> None:
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
                    * sum(body.parts[n].value("volume") or 0.0 for n in blood(body, plan.fluids, fluid.place))
                )
            row.accept(
                _quantity(volume / seconds(act.over), row),
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


def _check_criteria(plan: Plan, place: Place, signals: Mapping[str, Signal]) -> None:
    measured = [str(m) for m in plan.measures]
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
            steps_named(plan.steps, criterion.step)
    report = plan.trial.report
    for key, entries in (("directions", report.directions), ("compare", report.compare)):
        for i, entry in enumerate(entries):
            with at(place, ("report", key, i)):
                if entry.measure not in measured:
                    raise Refused(f"{entry.measure} is not among the measures{did_you_mean(entry.measure, measured)}.")
    with at(place, ("report", "against")):
        if report.against and report.against not in measured:
            raise Refused(f"{report.against} is not among the measures{did_you_mean(report.against, measured)}.")
    with at(place, ("report", "compare_step")):
        steps_named(plan.steps, report.compare_step)


def steps_named(steps: list[Numbered], which: int | str) -> list[Numbered]:
    """`3`, a step's name, the common name of a ramp, `last` or `every`. Raises Refused."""
    if which == "every":
        return steps
    if which == "last":
        return steps[-1:]
    found = [s for s in steps if which in (s.number, s.name, s.step.name)]
    if not found:
        names = [s.name for s in steps]
        raise Refused(
            f"there is no step {which!r}{did_you_mean(str(which), names)}; steps are 1 to {len(steps)}: {', '.join(names)}."
        )
    return found


def check_command(body: Body, name: str) -> None:
    """Refuse what a protocol cannot set."""
    commands = body.commands()
    if name in commands or body.aliases.get(name) in commands:
        return
    try:
        kind = body.row(name)[1].kind
        what = (
            f"{name} is a {kind} row and is set before the start (values), not in a protocol"
            if kind in ("param", "state")
            else f"{name} is no command"
        )
    except ModelError:
        what = f"{name!r} is no command of this body"
    raise Refused(f"{what}{did_you_mean(name, commands)}; commands are {', '.join(commands) or 'none'}.")


def tilt_command(body: Body) -> str:
    """The body's command for its posture: an angle in degrees."""
    found = [c for c in body.commands() if body.row(c)[1].unit == degree]
    if not found:
        raise Refused("this body cannot be tilted: it has no command in degrees.")
    return found[0]


def fluid_name(act: Bleed | Infuse) -> str:
    """The name of the bag that an act uses: one for each place that is bled and each that is given to."""
    return (
        f"bleeding_{act.from_.replace('.', '_')}"
        if isinstance(act, Bleed)
        else f"infusion_{act.into.replace('.', '_')}"
    )


def blood(body: Body, fluids: Mapping[str, Fluid], place: str) -> list[str]:
    """The compartments whose content a percentage of blood is taken of: all that are joined to the place, without bags."""
    return [n for n in body.joined_to(place) if n.rpartition(".")[0] not in fluids]
