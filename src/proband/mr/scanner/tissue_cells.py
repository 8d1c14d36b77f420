"""The patient as the wave sees it: coarse cubes of tissue with a margin of air."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proband.model import ModelError
from proband.mr.phantom.voxels import VoxelPatient
from proband.mr.scanner.scanner import Scanner
from proband.mr.scanner.wave import EPS0, Body

CELLS = 16_000  # of the box around the patient: a second of one core for a coil
FINEST, COARSEST = 0.005, 0.014  # m; at 14 mm a wave of 5 T in muscle has still 12 cells
FAR = 0.45  # m from the isocentre along the bore: tissue beyond has no part in the wave
THIN, LONG = 0.06, 0.30  # m: a slice thinner than `THIN` along the bore stands for a body of length `LONG`
BEYOND = (
    0.20  # m by which a body goes on where the patient's grid cuts it across the bore: currents along a trunk need it
)


@dataclass(frozen=True, eq=False)
class Cells:
    """A body for the wave, and what it weighs: `mass` (nx, ny, nz) kg in each cell, none where it goes on beyond the patient's
    grid.

    `share` is which part of the mass the patient's own voxels hold: below one where a thin slice was drawn out."""

    body: Body
    mass: np.ndarray
    share: float


def cells(patient: VoxelPatient, scanner: Scanner) -> Cells:
    """Averages a patient over cubes. Raises ModelError where it does not fit the bore or has no tissue."""
    frequency = scanner.larmor
    tissue = (patient.permittivity > 1) | (patient.conductivity > 0)
    if not tissue.any():
        raise ModelError(
            f"{patient.name} has no tissue with permittivity or conductivity; the coils' fields need them."
        )
    affine = patient.grid.affine
    index = np.argwhere(tissue)
    corners = np.array(np.meshgrid(*[[index[:, i].min() - 0.5, index[:, i].max() + 0.5] for i in range(3)])).reshape(
        3, -1
    )
    corners = (affine[:3, :3] @ corners).T + affine[:3, 3]
    low, high = corners.min(0), corners.max(0)
    thin = high[2] - low[2] < THIN
    middle = (low[2] + high[2]) / 2
    low[2], high[2] = max(low[2], -FAR), min(high[2], FAR)
    if high[2] <= low[2]:
        raise ModelError(f"{patient.name} lies more than {FAR:g} m from the isocentre; move it there.")
    long_low, long_high = (middle - LONG / 2, middle + LONG / 2) if thin else _beyond(patient, low[2], high[2])
    _fits(patient, scanner, index, affine)
    box = np.array([high[0] - low[0], high[1] - low[1], long_high - long_low])
    finest = max(FINEST, min(*patient.grid.voxel[:2], COARSEST))  # finer cubes than voxels tell nothing
    h = float(np.clip((box.prod() / CELLS) ** (1 / 3), finest, COARSEST))
    shape = tuple(int(np.ceil(b / h)) + 2 for b in box)
    shape = tuple(_fast(n) for n in shape)
    centre = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (long_low + long_high) / 2])
    origin = centre - (np.array(shape) - 1) / 2 * h
    fine = max(1, min(4, int(np.ceil(h / min(patient.grid.voxel)))))
    eps = patient.permittivity - 1j * patient.conductivity / (2 * np.pi * frequency * EPS0)
    eps = np.where(tissue, eps, 1.0)
    inverse = np.linalg.inv(affine)
    sub = (np.arange(fine) - (fine - 1) / 2) / fine * h
    axes = [(origin[i] + np.arange(shape[i])[:, None] * h + sub).ravel() for i in range(3)]
    if thin:
        inside = np.abs(axes[2] - middle) <= LONG / 2
        axes[2] = np.where(inside, np.clip(axes[2], low[2] + 1e-6, high[2] - 1e-6), axes[2] + 10)
    elif (long_low, long_high) != (low[2], high[2]):
        inside = (axes[2] > long_low) & (axes[2] < long_high)
        axes[2] = np.where(inside, np.clip(axes[2], low[2] + 1e-6, high[2] - 1e-6), axes[2] + 10)
    x, y, z = np.meshgrid(*axes, indexing="ij", sparse=True)
    where = [
        np.rint(inverse[i, 0] * x + inverse[i, 1] * y + inverse[i, 2] * z + inverse[i, 3]).astype(int) for i in range(3)
    ]
    valid = np.ones(np.broadcast_shapes(*[w.shape for w in where]), bool)
    for w, n in zip(where, patient.grid.shape):
        valid &= (w >= 0) & (w < n)
    flat = np.ravel_multi_index([np.clip(w, 0, n - 1) for w, n in zip(where, patient.grid.shape)], patient.grid.shape)

    def mean(a, outside):
        return (
            np.where(valid, a.ravel()[flat], outside)
            .reshape(shape[0], fine, shape[1], fine, shape[2], fine)
            .mean((1, 3, 5))
        )

    permittivity = mean(eps, 1.0)
    mass = mean(np.where(tissue, patient.mass_density, 0.0), 0.0) * h**3
    own = origin[2] + np.arange(shape[2]) * h
    mass[:, :, (own < long_low if thin else own < low[2]) | (own > long_high if thin else own > high[2])] = 0.0
    for axis in range(3):  # the margin is air, whatever rounding says
        np.moveaxis(permittivity, axis, 0)[[0, -1]] = 1.0
    share = (high[2] - low[2]) / LONG if thin else 1.0
    return Cells(Body(h, origin, permittivity, frequency), mass, float(share))


def _beyond(patient: VoxelPatient, low: float, high: float) -> tuple[float, float]:
    """From where to where along the bore a body lies (m), of which the patient's voxels show what is between `low` and `high`."""
    affine, shape = patient.grid.affine, np.array(patient.grid.shape)
    ends = affine[2, :3] @ np.stack([np.full(3, -0.5), shape - 0.5]).T + affine[2, 3]
    if np.count_nonzero(np.abs(affine[2, :3]) > 1e-9) > 1:  # no face of the grid lies across the bore
        return low, high
    near = max(patient.grid.voxel) / 2
    cut_low, cut_high = low < min(ends) + near, high > max(ends) - near
    return max(low - BEYOND * cut_low, -FAR), min(high + BEYOND * cut_high, FAR)


def _fast(n: int) -> int:
    """The next size whose Fourier transform is quick."""
    from scipy.fft import next_fast_len

    return int(next_fast_len(n))  # pyright: ignore[reportArgumentType]


def _fits(patient: VoxelPatient, scanner: Scanner, index: np.ndarray, affine: np.ndarray) -> None:
    points = index @ affine[:3, :3].T + affine[:3, 3]
    far = float(np.max(np.hypot(points[:, 0], points[:, 1])))
    if far > scanner.magnet.bore / 2:
        raise ModelError(
            f"{patient.name} reaches {far * 100:.0f} cm from the axis of {scanner.name}, whose bore has a radius of "
            f"{scanner.magnet.bore * 50:.0f} cm; move the patient or choose a wider scanner."
        )
