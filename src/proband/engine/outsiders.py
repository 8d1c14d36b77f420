"""Parts whose decisions come from code that is not ours: called at their sample times, between runs of compiled code."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from typing import Any

from proband.engine.cells import Cells
from proband.engine.layout import Layout
from proband.engine.program import ForeignPart
from proband.model import ModelError, did_you_mean
from proband.units import Quantity, Unit


class Outsiders:
    """One copy of every foreign object for each patient, so that every run begins with it anew."""

    def __init__(self, parts: list[ForeignPart], patients: int):
        self.parts = parts
        self.things: dict[str, list[Any]] = {p.name: [copy.deepcopy(p.thing) for _ in range(patients)] for p in parts}

    def due(self, step: int) -> list[ForeignPart]:
        return [p for p in self.parts if step % p.period == 0]

    def steps_to_next(self, step: int) -> list[int]:
        return [p.period - step % p.period for p in self.parts]

    def ask(self, parts: list[ForeignPart], cells: Cells, layout: Layout, time_s: float) -> None:
        """Tell each object what it reads, and hold what it answers. Raises ModelError for an answer that is none."""
        for part in parts:
            for patient, thing in enumerate(self.things[part.name]):
                block, lane = divmod(patient, cells.width)
                told = {n: unit.of(float(cells.data[block, layout.out + j, lane])) for n, j, unit in part.readings}
                for name, value in (thing.step(time_s, told) or {}).items():
                    if name not in part.answers:
                        hint = did_you_mean(name, part.answers)
                        raise ModelError(
                            f"{part.name} answered {name!r}{hint}; it may answer {', '.join(part.answers)}."
                        )
                    slot, unit = part.answers[name]
                    cells.data[block, layout.held + slot, lane] = _understood(
                        value, unit, f"{part.name}.{name}", time_s
                    )

    def states(self) -> dict[str, Any]:
        """What each object remembers. Raises ModelError where one cannot say."""
        for part in self.parts:
            if not hasattr(part.thing, "get_state"):
                raise ModelError(f"{part.name} has no get_state; a body with it cannot be rewound.")
        return {name: [copy.deepcopy(t.get_state()) for t in things] for name, things in self.things.items()}

    def restore(self, states: Mapping[str, Any]) -> None:
        for name in self.things.keys() & states.keys():
            for thing, state in zip(self.things[name], states[name], strict=True):
                thing.set_state(copy.deepcopy(state))


def _understood(answer: Any, unit: Unit, name: str, time_s: float) -> float:
    """An answer in SI: a number in the unit that was agreed, or a quantity of its dimension. Raises ModelError."""
    if isinstance(answer, Quantity) and answer.dimension == unit.dimension:
        return answer.si
    try:
        number = math.nan if isinstance(answer, Quantity) else float(answer)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ModelError(f"{name} was answered with {answer!r} after {time_s:g} s, where a number in {unit} is right.")
    return unit.si(number)
