"""The protocol as it runs: numbered steps, ramps written out, each with a name and the body that it finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from proband.model import did_you_mean
from proband.trials.conditions import Condition, parse_condition
from proband.trials.grammar import Trial
from proband.trials.protocol import Bleed, Infuse, Step
from proband.trials.refusal import Path, Refused, at
from proband.trials.values import Value
from proband.units import parse_quantity


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


def numbered(trial: Trial) -> Iterator[Numbered]:
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
    if step.breathe:
        said.append(
            f"breathe {', '.join(f'{gas} {v}' if isinstance(v, str) else gas for gas, v in step.breathe.items())}"
        )
    if step.tilt:
        said.append(f"tilt {step.tilt.angle}")
    return ", ".join(said) or ("hold" if not step.ramp else "")


def steps_named(steps: list[Numbered], which: int | str) -> list[Numbered]:
    """`3`, a step's name, the common name of a ramp, `last` or `every`. Raises Refused."""
    if which == "every":
        return steps
    if which == "last":
        return steps[-1:]
    found = [s for s in steps if which in (s.number, s.name, s.step.name or s.name)]
    if not found:
        names = [s.name for s in steps]
        raise Refused(
            f"there is no step {which!r}{did_you_mean(str(which), names)}; steps are 1 to {len(steps)}: {', '.join(names)}."
        )
    return found


def steps_over(steps: list[Numbered], over: str) -> list[Numbered]:
    """The steps over which a change is told: all, those whose names begin so, from one to another, or one with the step before it.

    Raises Refused."""
    if not over:
        return steps
    if all(ends := [n.strip() for n in over.partition(" … ")[::2]]):
        first, last = steps_named(steps, ends[0])[0], steps_named(steps, ends[1])[-1]
        if first.number >= last.number:
            raise Refused(
                f"{over!r} runs backwards: {first.name} is step {first.number}, {last.name} step {last.number}."
            )
        return steps[first.number - 1 : last.number]
    found = [s for s in steps if over in (s.name, s.step.name)] or [s for s in steps if s.name.startswith(f"{over} ")]
    if not found:
        steps_named(steps, over)
    return [steps[found[0].number - 2], *found] if len(found) == 1 and found[0].number > 1 else found


def fluid_name(act: Bleed | Infuse) -> str:
    """The name of the bag that an act uses: one for each place that is bled and each that is given to."""
    return (
        f"bleeding_{act.from_.replace('.', '_')}"
        if isinstance(act, Bleed)
        else f"infusion_{act.into.replace('.', '_')}"
    )
