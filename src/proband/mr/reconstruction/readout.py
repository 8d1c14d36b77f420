"""One readout line to image space, whatever its samples: oversampled, shifted by half a dwell, on ramps, backwards."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError


def line_solver(k: np.ndarray, n: int) -> tuple[np.ndarray, float]:
    """W (n, samples) that turns samples at `k` (cycles per voxel) into a line of n voxels, and its mean noise variance.

    Least squares on as long a line as the samples' density supports, cut to the n voxels in the middle: what lies outside
    the field of view but inside the oversampled one folds nowhere."""
    gaps = np.abs(np.diff(np.sort(k)))
    spacing = float(gaps.max(initial=0))
    if len(k) < 2 or spacing * n > 1.02:
        raise ModelError(
            f"readout: samples lie up to {spacing * n:.2f} of 1/FOV apart, where 1 is the most that the field of view allows"
        )
    covered = (k.max() - k.min()) + spacing
    if covered < 0.5:
        raise ModelError(
            f"readout: it covers {covered:.2f} cycles per voxel, where at least 0.5 is needed (and 1 gives the grid's resolution)"
        )
    length = max(n, int(np.floor(min(1 / spacing + 0.02, len(k)) + 1e-9)))
    place = np.arange(length) - length // 2
    matrix = np.exp(-2j * np.pi * np.outer(k, place))
    solver = np.linalg.pinv(matrix, rcond=0.05)
    first = length // 2 - n // 2
    solver = solver[first : first + n]
    return solver.astype(np.complex64), float((np.abs(solver) ** 2).sum(1).mean())


def lines_to_image(signal: np.ndarray, k: np.ndarray, n: int, wanted: np.ndarray) -> tuple[np.ndarray, float]:
    """(lines (readouts, coils, n), noise variance of a voxel for unit noise) of signal (readouts, coils, samples).

    `k` (readouts, samples) along the readout axis, cycles per voxel; lines that are not `wanted` stay zero."""
    out = np.zeros((*signal.shape[:2], n), np.complex64)
    rounded = np.round(k * n * 200).astype(np.int64)  # equal within 1/200 of a sample: one solver
    kinds, which = np.unique(rounded[wanted], axis=0, return_inverse=True)
    rows = np.flatnonzero(wanted)
    variances = []
    for kind in range(len(kinds)):
        members = rows[which.ravel() == kind]
        solver, variance = line_solver(k[members[0]], n)
        variances.append(variance)
        out[members] = np.einsum("xs,rcs->rcx", solver, signal[members], optimize=True)
    return out, float(np.mean(variances))
