"""Settings that go ill together: each device's own check, on what stands at the start and after every step that sets some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from proband.model import Body
from proband.trials.bodies import Group
from proband.trials.cohorts import quantity, resolved
from proband.trials.refusal import Place, at

if TYPE_CHECKING:
    from proband.trials.plan import Plan


def check_together(plan: Plan, group: Group, place: Place) -> None:
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
                short: group.pick(resolved(plan.trial, body, commands[short], value, plan.patients))
                for short, value in mine.items()
            }
            with at(place, (*step.path, "set") if mine else ("attach", name)):
                for values in _combinations(now):
                    check({s: quantity(v, body.row(commands[s])[1]) for s, v in zip(now, values, strict=True)})


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
