"""A run at one moment, as data by names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proband.engine.layout import ACCUMULATORS, Layout
from proband.engine.program import Program
from proband.engine.tally import SIZE
from proband.model import ModelError

SCHEMA = 1  # of the names and their meaning; whoever changes these counts on


@dataclass(frozen=True)
class Snapshot:
    """It moves between lane counts and onto another body, since every number has a name."""

    tick: int  # ns since the beginning
    numbers: Mapping[str, np.ndarray]  # "state aorta.volume" → one value per patient
    keys: np.ndarray
    foreign: Mapping[str, Any] = field(default_factory=dict)
    schema: int = SCHEMA

    def require_schema(self) -> None:
        """Raises ModelError where the snapshot was taken by an edition whose names mean something else."""
        if self.schema != SCHEMA:
            older = "an older" if self.schema < SCHEMA else "a newer"
            raise ModelError(
                f"the snapshot has schema {self.schema}, of {older} edition; this one reads schema {SCHEMA}: "
                "run its record again to this moment, and take the snapshot anew."
            )


def named_slots(program: Program, layout: Layout, tallied: tuple[int, ...] = ()) -> dict[str, int]:
    """Every slot that a snapshot holds, by name."""
    found = {}
    tables = (("state", layout.state, program.states), ("param", layout.param, program.params))
    for kind, first, table in (*tables, ("held", layout.held, program.held), ("carry", layout.carry, program.states)):
        for i, slot in enumerate(table):
            if kind != "held" or i not in program.unread:
                found[f"{kind} {slot.name}"] = first + i
    for ring, first in zip(program.rings, layout.ring_starts, strict=True):
        for i in range(ring.length):
            found[f"late {ring.name} {i}/{ring.length}"] = layout.ring + first + i
    for region in ("out", *ACCUMULATORS):
        for j, (name, _) in enumerate(program.outputs):
            found[f"{region} {name}"] = getattr(layout, region) + j
    for place, j in enumerate(tallied):
        for i in range(SIZE):
            found[f"tally {program.outputs[j][0]} {i}"] = layout.tally + SIZE * place + i
    found["failed"] = layout.failed
    return found
