"""What a pulse is for, where the file does not say (before version 1.5)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from proband.mr.sequence.tables import RF, USES, Tables

#: Our own definition in 1.4.1 files: words such as 3:r, one for each RF pulse. Other programs pass over it.
DEFINITION = "RFUse"


def guess_uses(tables: Tables) -> Tables:
    """The same tables with the use of each pulse: as the file's `RFUse` says, or by flip angle and neighbours.

    An off-resonant pulse without any gradient during it saturates. Of the others, one up to 90° excites; a larger one refocuses if
    the next thing after it is a readout, and inverts if it is an excitation."""
    stated = str(tables.definitions.get(DEFINITION, ""))
    said = dict(word.split(":", 1) for word in stated.split() if ":" in word)
    flips = {key: _flip(row, tables.rf_raster) for key, row in tables.rf.items()}
    small = {key for key, flip in flips.items() if flip < np.deg2rad(90.01)}  # 0.01°: rounding in very short pulses
    rf = {}
    for key, row in tables.rf.items():
        letter = said.get(str(key), "")
        use = USES[letter] if letter in USES else _by_neighbours(tables, key, small)
        rf[key] = replace(row, use=use)
    return replace(tables, rf=rf)


def _flip(row: RF, raster: float) -> float:
    """On resonance, rad."""
    if row.times is None:
        return float(2 * np.pi * abs(row.signal.sum()) * raster)
    return float(2 * np.pi * abs(np.trapezoid(row.signal, row.times)))


def _by_neighbours(tables: Tables, key: int, small: set[int]) -> str:
    played = np.flatnonzero(tables.blocks[:, 1] == key)
    if not len(played):
        return "undefined"
    first = int(played[0])
    row = tables.rf[key]
    end = row.delay + row.duration(tables.rf_raster)
    together = [tables.gradients[event].delay for event in tables.blocks[first, 2:5] if event]
    if row.frequency and all(delay >= end - 1e-9 for delay in together):
        return "saturation"
    if key in small:
        return "excitation"
    for block in tables.blocks[first:]:
        if block[1] in small:
            return "inversion"
        if block[5]:
            return "refocusing"
    return "refocusing"
