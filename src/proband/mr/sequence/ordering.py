"""In which order slices and lines are measured."""

from __future__ import annotations

import numpy as np

from proband.mr.sequence.undersampling import calibration, pattern


def slice_positions(count: int, distance: float) -> list[tuple[int, float]]:
    """Number and position (m) of every slice around the isocentre, first the even, then the odd ones."""
    order = [*range(0, count, 2), *range(1, count, 2)]
    return [(n, (n - (count - 1) / 2) * distance) for n in order]


def asked_lines(
    shape: tuple[int, int], acceleration: float, kind: str, acs: int, seed: int, partial: float = 1.0
) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """The mask (lines, partitions) and its points, partition by partition within a line."""
    mask = pattern(shape, kind, acceleration, acs, seed, partial)
    return mask, [(int(y), int(z)) for y, z in np.argwhere(mask)]


def flags(mask: np.ndarray, line: int, partition: int, acceleration: float, acs: int, kind: str) -> dict[str, int]:
    """REF and IMA as Pulseq defines them: a reference line is REF; one that is also part of the image's grid IMA, too."""
    if acceleration <= 1:
        return {}
    inside = bool(calibration((mask.shape[0], mask.shape[1]), acs)[line, partition])
    on_grid = kind != "uniform" or (line - mask.shape[0] // 2) % int(acceleration) == 0
    return {"REF": int(inside), "IMA": int(inside and on_grid)}


def centric(indices: list[int], middle: int) -> list[int]:
    """From the middle of k-space outwards."""
    return sorted(indices, key=lambda n: (abs(n - middle), n))


def segments(indices: list[int], each: int) -> list[list[int]]:
    """Lines dealt to heartbeats so that each one's lines lie evenly over k-space: neighbours follow each other in time."""
    count = -(-len(indices) // each)
    return [indices[n::count] for n in range(count)]
