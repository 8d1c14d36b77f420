"""A trial made ready: bodies built, steps numbered, every name and value checked. After this nothing is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from proband.model import Row
from proband.trials.bodies import Builder, Fluid, Group
from proband.trials.checks import checked, drawn_over_time
from proband.trials.cohorts import patients_of, resolved
from proband.trials.conditions import Measure, parse_measure
from proband.trials.gas import shares
from proband.trials.grammar import Trial
from proband.trials.library import Library
from proband.trials.signals import Signal
from proband.trials.steps import Numbered, numbered


@dataclass(frozen=True)
class Setting:
    """A command and what it gets: SI values, one for all or one for each patient of a group."""

    name: str
    row: Row
    si: float | np.ndarray


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

    def tallied(self) -> list[str]:
        """The signals of which a percentile is asked for."""
        asked = [*self.measures, *(m for step in self.steps if step.until for m in step.until.measures())]
        return list(dict.fromkeys(m.signal for m in asked if m.percent is not None))

    def settings(self, step: Numbered, group: Group) -> list[Setting]:
        """What a step sets, for the patients of a group."""
        body = group.bodies[step.phase]
        return [
            Setting(name, body.row(name)[1], group.pick(resolved(self.trial, body, name, value, self.patients)))
            for name, value in {**step.sets, **step.faults}.items()
        ]

    def mixture(self, step: Numbered, group: Group) -> dict[str, float | np.ndarray]:
        """The share of every gas that a step gives the patients of a group to breathe."""
        found = shares(self.trial, group.bodies[step.phase], step.step.breathe, self.patients)
        return {gas: group.pick(share) for gas, share in found.items()}


def prepare(trial: Trial, library: Library | None = None, extra: Mapping[str, str] | None = None) -> Plan:
    """Build and check. `extra` are values found by a match. Raises Refused with one sentence."""
    library = library or Library()
    place = trial.place
    people = patients_of(trial)
    steps = list(numbered(trial))
    builder = Builder(trial, library, place, extra or {})
    fluids = builder.fluids(steps)
    groups = builder.groups(people, steps, fluids)
    checks = {name: check for name, check in builder.checks.items() if check}
    measures = [parse_measure(m.measure) for m in trial.measures]
    plan = Plan(trial, [p.sheet for p in people], groups, steps, fluids, measures, {}, checks=checks)
    recorded = [name for name, _ in drawn_over_time(trial)] if plan.patients <= trial.record.patients else []
    return replace(plan, signals=checked(plan, place), recorded=list(dict.fromkeys(recorded)))
