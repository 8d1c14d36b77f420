"""The bodies of a trial: built, devices and bags attached, patients gathered into groups of one structure."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proband.model import Assembly, Body, Row, did_you_mean, structure
from proband.model import Substance as ModelSubstance
from proband.trials.cohorts import Person, drawn, is_quantity, quantity
from proband.trials.grammar import Trial
from proband.trials.library import Library
from proband.trials.participants import Attach, Substance
from proband.trials.protocol import Bleed
from proband.trials.refusal import Path, Place, Refused, at
from proband.trials.steps import Numbered, fluid_name
from proband.trials.values import Spread, Value
from proband.units import L, parse_quantity, parse_unit


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
    people: list[Person]
    bodies: list[Body]  # one for each phase of the protocol
    start: dict[str, np.ndarray] = field(default_factory=dict)  # rows in which they differ, in the row's unit
    origin: dict[str, str] = field(default_factory=dict)  # of values that the trial set
    sources: dict[str, str] = field(default_factory=dict)  # of the rows in which they differ

    def pick(self, si: float | np.ndarray) -> float | np.ndarray:
        """The values of this group's patients out of those of all."""
        return si[self.members] if isinstance(si, np.ndarray) else si


class Builder:
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

    def groups(self, people: list[Person], steps: list[Numbered], fluids: Mapping[str, Fluid]) -> list[Group]:
        each = {person: self._phases(person, steps, fluids) for person in dict.fromkeys(people)}
        alike = {person: tuple(map(structure, phases)) for person, phases in each.items()}
        gathered: dict[Any, list[int]] = {}
        for i, person in enumerate(people):
            gathered.setdefault(alike[person], []).append(i)
        groups = []
        for members in gathered.values():
            own = [people[i] for i in members]
            group = Group(np.array(members), own, each[own[0]])
            _differences(group, each)
            groups.append(group)
        for group in groups:
            self._values(group, len(people))
        return groups

    def _phases(self, person: Person, steps: list[Numbered], fluids: Mapping[str, Fluid]) -> list[Body]:
        trial = self.trial
        who = ("patient", "of") if ("patient", "of") in self.place.lines else ("patient",)
        with at(self.place, who):
            body = self.library.find_patient(person.sheet, person.heart)
        if trial.carry:
            with at(self.place, ("carry",)):
                body = body.carrying(*map(_substance, trial.carry))
        for name, device in trial.attach.items():
            body = self._attached(person.sheet, body, name, device, ("attach", name))
        for step in steps:
            if step.step.bleed is not None:
                with at(self.place, (*step.path, "bleed", "from")):
                    compartment(body, step.step.bleed.from_)
            if step.step.infuse is not None:
                with at(self.place, (*step.path, "infuse", "into")):
                    compartment(body, step.step.infuse.into)
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
                    body = self._attached(person.sheet, body, name, device, (*step.path, "attach", name))
                phases.append(body)
        return phases

    def _attached(self, sheet: str, body: Body, name: str, device: Attach, path: Path) -> Body:
        with at(self.place, (*path, "device")):
            factory = self.library.find_device(device.device)
        for ends, key in ((device.from_, "from"), (device.to, "to")):
            with at(self.place, (*path, key)):
                for end in ends:
                    compartment(body, end, self._who_has)
        if set(device.from_) == set(device.to):
            raise Refused(f"{self.place.say((*path, 'to'))}{name} would give back where it takes; name another place.")
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
                told = {"body_size": self.library.size(sheet)} if "body_size" in _parameters(factory) else {}
                made = factory(_one_or_all(device.from_), _one_or_all(device.to), **told, **settings)
                body = body.attach(**{name: made})
                self.checks[name] = made.check if isinstance(made, Assembly) else None
                if not settings:
                    return body
                said = f"set by this trial: settings of {name}"
                return body.with_sources(lambda row: said if row.startswith(f"{name}.") else "")
            except TypeError as problem:
                raise Refused(f"{device.device} cannot be attached so: {problem}.") from None

    def _who_has(self, place: str) -> str:
        """A patient with this place, for who asks it of one without: lungs are not in every body."""
        return next((name for name in self.library.patients() if place in self.library.find_patient(name).parts), "")

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
                        b.with_values({full: quantity(si, row)}, group.sources) if part in b.parts else b
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


def _substance(c: Substance) -> ModelSubstance:
    return ModelSubstance(c.name, parse_unit(c.unit), c.meaning, parse_quantity(c.period) if c.period else None)


def _one_or_all(places: list[str]) -> str | list[str]:
    return places[0] if len(places) == 1 else places


def _parameters(factory: Callable[..., Assembly]) -> Mapping[str, inspect.Parameter]:
    """What a device can be told; nothing where that cannot be found out."""
    try:
        return inspect.signature(factory).parameters
    except (TypeError, ValueError):
        return {}


def _takes(factory: Callable[..., Assembly], key: str, device: str) -> None:
    parameters = _parameters(factory)
    if not parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return
    known = list(parameters)[2:]
    if key not in known:
        raise Refused(
            f"{device} has no setting {key!r}{did_you_mean(key, known)}; it has {', '.join(known) or 'none'}."
        )


def compartment(body: Body, place: str, who_has: Callable[[str], str] = lambda _: "") -> None:
    """Refuse what is no place of this body. `who_has` names a patient who has it."""
    known = [n for n, p in body.parts.items() if p.component.kind == "compartment"]
    if place in known:
        return
    what = (
        f"a {body.parts[place].component.kind}, which holds nothing" if place in body.parts else "no place of this body"
    )
    near = did_you_mean(place, known)
    other = "" if near or place in body.parts else who_has(place)
    has = f", but one of other patients, as of {other}" if other else ""
    raise Refused(f"{place!r} is {what}{near}{has}; places are {', '.join(known)}.")


def _bag(fluid: Fluid) -> Assembly:
    """An idle bag at a place. Bleeding runs into it, an infusion out of it."""
    from proband.laws.line import blood_bag, line

    # Enough for any infusion: what hangs in the bag has no effect on its pressure.
    ends, content = (
        ((fluid.place, ".bag"), 1.0) if fluid.name.startswith("bleeding_") else ((".bag", fluid.place), 10.0)
    )
    return Assembly(parts={"bag": blood_bag(volume=content * L), "line": line(*ends)}, tells={})


def _differences(group: Group, each: Mapping[Person, list[Body]]) -> None:
    """Rows in which data sheets of one structure differ become values of each patient."""
    kinds = dict.fromkeys(group.people)
    if len(kinds) == 1:
        return
    for name, part in group.bodies[0].parts.items():
        for row in part.component.rows.values():
            values = {person: each[person][0].parts[name].value(row.name) for person in kinds}
            if len(set(values.values())) > 1:
                group.start[f"{name}.{row.name}"] = np.array([row.unit.of(values[p]) for p in group.people])  # type: ignore[arg-type]
                said = {person.sheet: each[person][0].parts[name].source(row.name) for person in kinds}
                group.sources[f"{name}.{row.name}"] = _together(said)


def _together(said: Mapping[str, str]) -> str:
    """The sources of a row that differs between data sheets. A person's size alone is no other source."""
    bare = {x.partition("; brought to ")[0] for x in said.values()}
    if len(bare) == 1:
        sized = any("; brought to " in x for x in said.values())
        return f"{bare.pop()}; brought to each person's size" if sized else bare.pop()
    return "; ".join(f"{sheet}: {x}" for sheet, x in said.items() if x)


def blood(body: Body, fluids: Mapping[str, Fluid], place: str) -> list[str]:
    """The compartments whose content a percentage of blood is taken of: all that are joined to the place, without bags."""
    return [n for n in body.joined_to(place) if n.rpartition(".")[0] not in fluids]
