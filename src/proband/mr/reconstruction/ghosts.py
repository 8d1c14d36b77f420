"""The N/2 ghost of echo-planar imaging, corrected by navigator echoes (Bruder 1992; Heid's three echoes 1997)."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError


def phase_line(forward: np.ndarray, backward: np.ndarray) -> tuple[float, float]:
    """(rad at the middle voxel, rad per voxel) by which backward lines (coils, n) lead forward ones, image space.

    The slope comes from neighbours' phase differences and the offset from what is left, both weighted by power: no unwrapping."""
    product = (backward * forward.conj()).sum(0)
    slope = float(np.angle((product[1:] * product[:-1].conj()).sum()))
    place = np.arange(product.size) - product.size // 2
    offset = float(np.angle((product * np.exp(-1j * slope * place)).sum()))
    return offset, slope


def correct(lines: np.ndarray, k: np.ndarray, navigator: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Lines (readouts, coils, n) whose backward readouts are turned to the forward ones' phase.

    `k` (readouts, samples) tells the direction; `navigator` (readouts,) bool marks the echoes without phase encoding, at
    least one in each direction; `group` (readouts,), e.g. the slice, has a correction of its own where it has navigators.
    Of three navigators the outer two are averaged, so that off-resonance between them cancels."""
    backward = k[:, -1] < k[:, 0]
    if not backward.any():
        return lines
    out = lines.copy()
    place = np.arange(lines.shape[2]) - lines.shape[2] // 2
    everywhere = None
    for g in np.unique(group):
        own = navigator & (group == g)
        if not (own & backward).any() or not (own & ~backward).any():
            own = navigator
        if not (own & backward).any() or not (own & ~backward).any():
            raise ModelError(
                "navigators: all run in one direction, where ghost correction needs one forward and one backward at least"
            )
        rows = np.flatnonzero(own)
        minor = backward[rows] == backward[rows[1]] if len(rows) >= 3 else backward[rows]
        # odd echoes stand around the even ones: their mean sits at the same time
        one, two = lines[rows[~minor]].mean(0), lines[rows[minor]].mean(0)
        back, ahead = (two, one) if backward[rows[minor]].all() else (one, two)
        offset, slope = everywhere = phase_line(ahead, back)
        turn = (group == g) & backward
        out[turn] *= np.exp(-1j * (offset + slope * place)).astype(np.complex64)
    assert everywhere is not None
    return out


def ghost_level(image: np.ndarray, axis: int, inside: np.ndarray) -> float:
    """Mean of the image half a field of view away from `inside` (bool), outside of it, over the mean inside."""
    moved = np.roll(inside, inside.shape[axis] // 2, axis) & ~inside
    return float(np.abs(image[moved]).mean() / np.abs(image[inside]).mean())
