"""Coil sensitivities for a scan that has no centre to estimate them from: kept beside it, or of another scan by the same coils."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from proband.model import ModelError
from proband.mr.images.image import Image
from proband.mr.raw import RawData
from proband.mr.reconstruction import espirit, kspace
from proband.mr.reconstruction.noise import whitening
from proband.mr.reconstruction.plane import Plane
from proband.mr.space import Grid


def maps_from(file: str | Path, raw: RawData) -> np.ndarray:
    """Sensitivities (coils, nx, ny, nz) of the prewhitened coils of `raw`, Σ|S|² = 1: of a NIfTI file of complex numbers
    (nx, ny, nz, coils) on its grid, or of the centre of another scan's MRD file. Raises ModelError where they do not fit."""
    if str(file).endswith((".nii", ".nii.gz")):
        from proband.mr.images.nifti import read_nifti

        return _white(read_nifti(file), raw, file)
    from proband.mr.images.mrd import read_mrd

    return _estimated(read_mrd(file), raw, file)


def _white(image: Image, raw: RawData, file: str | Path) -> np.ndarray:
    coils = raw.signal.shape[1]
    if image.data.shape != (*raw.grid.shape, coils) or not _same_place(image.grid, raw.grid):
        raise ModelError(f"the maps of {file} ({' × '.join(map(str, image.data.shape))}) do not lie on the scan's grid of {' × '.join(map(str, raw.grid.shape))} with {coils} coils.")  # fmt: skip
    maps = np.tensordot(whitening(raw.noise), np.moveaxis(image.data, -1, 0), 1)
    power = np.sqrt((np.abs(maps) ** 2).sum(0))
    if not power.any():
        raise ModelError(f"the maps of {file} are zero everywhere.")
    return np.where(power > 0, maps / np.maximum(power, 1e-300), 0).astype(np.complex64)


def _estimated(other: RawData, raw: RawData, file: str | Path) -> np.ndarray:
    if other.signal.shape[1] != raw.signal.shape[1]:
        raise ModelError(f"{file} was heard by {other.signal.shape[1]} coils and the scan by {raw.signal.shape[1]}; maps must be of the same coils.")  # fmt: skip
    scan = kspace.sort_cartesian(replace(other, noise=raw.noise))
    if 2 in scan.axes or other.grid.shape[2] != raw.grid.shape[2] or not _same_place(other.grid, raw.grid):
        raise ModelError(f"{file} does not show the slices of the scan; maps need the same field of view and the same slices.")  # fmt: skip
    found = []
    for z in range(raw.grid.shape[2]):
        mean, sampled = Plane(scan.data[..., z], scan.mask[..., z], scan.axes).average()
        found.append(espirit.maps(espirit.calibration(mean, sampled), raw.grid.shape[:2], crop=0.0)[0])
    return np.stack(found, -1)


def _same_place(one: Grid, other: Grid) -> bool:
    """Whether two grids fill one box (to a tenth of a voxel), whatever their voxels."""
    ends = [g.affine @ np.append(np.array(corner) * g.shape - 0.5, 1) for g in (one, other) for corner in np.ndindex(2, 2, 2)]  # fmt: skip
    far = np.abs(np.array(ends[:8]) - ends[8:])[:, :3].max()
    return bool(far < 0.1 * min(*one.voxel, *other.voxel))
