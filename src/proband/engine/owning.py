"""Patients of one structure whose bodies hold other numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from proband.engine.cells import Cells
from proband.model import Body

if TYPE_CHECKING:
    from proband.engine.engine import Engine

DISSOLVED = "_concentration"  # names what its readers know of a substance with a period of its own


def begin_as(bodies: Sequence[Body], engine: Engine, cells: Cells) -> None:
    """Each patient begins with the numbers of his own body: those of its rows, and of what its compartments hold."""
    lay, held = engine.layout, len(engine.program.held)
    different = {id(body): body for body in bodies}
    for name, (at, _) in engine.slots().items():
        own = {key: _own(body, name) for key, body in different.items()}
        if None in own.values():
            continue
        values = np.array([own[id(body)] for body in bodies])
        cells.put(at, values)
        if lay.held <= at < lay.held + held:
            cells.put(lay.pending + at - lay.held, values)


def _own(body: Body, name: str) -> float | None:
    """What a body says of a slot at the start, in SI; None where every body says the same."""
    place, _, quantity = name.rpartition(".")
    part = body.parts.get(place)
    if part is None:
        return None
    if quantity in part.component.rows:
        return part.value(quantity) or 0.0
    if quantity.endswith(DISSOLVED) and part.component.kind == "compartment":
        return body.contents.get(name.removesuffix(DISSOLVED), 0.0)
    return None
