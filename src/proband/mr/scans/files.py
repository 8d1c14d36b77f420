"""The sequence of a scan as files: what another scanner, or another simulator, needs to play the same."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from proband.mr.scans.preparing import Prepared
from proband.mr.sequence.as_played import as_played
from proband.mr.sequence.mr_sequence import CENTRE
from proband.mr.sequence.side_car import side_car_of


def write_sequence(ready: Prepared, place: Path) -> None:
    """`place` (.seq), and beside it the waveforms of channels that play by themselves.

    A user's own file is copied. Else the file has what this scan made of its sequence: the plane it was turned into, and kT-points
    designed for the patient. It waits for the heart where the scan did; what gradient coils make of it is not in it."""
    own = ready.protocol.file
    if own and _as_it_was(ready):
        shutil.copyfile(own, place)
        if side_car_of(own).exists():
            shutil.copyfile(side_car_of(own), side_car_of(place))
        return
    assert ready.unwaited is not None  # `prepare` says it
    made = as_played(ready.sequence, ready.unwaited, ready.shim.weights)
    centre = np.array(ready.plane.centre, float)
    centre += ready.plane.turn[:, ready.info.get("axes", (0, 1, 2))[2]] * float(ready.info.get("centre", 0.0))
    centre += ready.plane.turn @ ready.info.get("image_centre", np.zeros(3))
    if centre.any():
        said = {**made.tables.definitions, CENTRE: tuple(centre.tolist())}
        made = replace(made, tables=replace(made.tables, definitions=said))
    made.write(place)


def _as_it_was(ready: Prepared) -> bool:
    """Whether a user's file was played where it says itself."""
    return not any(ready.protocol.turn) and not ready.protocol.offset and ready.protocol.plane == "sequence"
