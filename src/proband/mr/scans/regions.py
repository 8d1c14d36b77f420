"""Where in the image a tissue is: masks on its grid, of voxels that hold little else."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError, did_you_mean
from proband.mr.phantom.voxels import VoxelPatient
from proband.mr.scans.chain import Finished
from proband.mr.space import Grid

PURE = 0.9  # share of a voxel that a tissue must fill to speak for it

BLOOD = ("left_ventricle", "right_ventricle", "left_atrium", "right_atrium", "blood")
GROUPS = {
    "brain": ("grey_matter", "white_matter", "putamen", "caudate", "brain_lesion"),
    "grey_and_white": ("grey_matter", "white_matter"),
    "heart": ("myocardium", "left_ventricle", "right_ventricle"),
}


def names(patient: VoxelPatient) -> list[str]:
    """The regions that measures of a patient's scan can be of."""
    groups = [g for g, parts in GROUPS.items() if any(p in patient.tissues for p in parts)]
    return [
        "tissue",
        *groups,
        *(["lesion"] if "lesion" in patient.truth else []),
        *[t for t in patient.tissues if t != "air"],
    ]


def check(patient: VoxelPatient, region: str, scan: str) -> None:
    """Raises ModelError where a patient has no such region."""
    known = names(patient)
    if region not in known:
        raise ModelError(
            f"scan {scan} shows no region {region!r}{did_you_mean(region, known)}; it shows {', '.join(known)}."
        )


def share(finished: Finished, region: str) -> np.ndarray:
    """Which part of each of the image's voxels a region fills, (nx, ny, nz) of 0 to 1."""
    patient = finished.patient
    check(patient, region, finished.ready.protocol.name)
    if region == "tissue":
        inside = (patient.density + patient.fat) > 0.05
    elif region == "lesion":
        inside = np.asarray(patient.truth["lesion"], bool)
    else:
        assert patient.labels is not None
        wanted = [patient.tissues.index(t) for t in GROUPS.get(region, (region,)) if t in patient.tissues]
        inside = np.isin(patient.labels, wanted)
    return averaged(inside.astype(np.float32), patient.grid, finished.ready.grid)


def averaged(values: np.ndarray, fine: Grid, grid: Grid) -> np.ndarray:
    """Means of a fine map over the voxels of a coarser grid; what lies outside of them is left out."""
    inverse = np.linalg.inv(grid.affine) @ fine.affine
    index = [np.arange(n) for n in fine.shape]
    straight = inverse[:3, :3]
    if np.allclose(straight, np.diag(np.diag(straight)), atol=1e-9):
        along = [np.rint(straight[a, a] * index[a] + inverse[a, 3] + 1e-9).astype(int) for a in range(3)]
        total, count = np.zeros(grid.shape), np.zeros(grid.shape)
        ok = [np.flatnonzero((a >= 0) & (a < n)) for a, n in zip(along, grid.shape)]
        if all(len(o) for o in ok):
            part = values[np.ix_(*ok)]
            where = np.ix_(*[along[a][ok[a]] for a in range(3)])
            np.add.at(total, where, part)
            np.add.at(count, where, 1.0)
        return total / np.maximum(count, 1)
    place = np.rint(fine.points() @ (np.linalg.inv(grid.affine)[:3, :3]).T + np.linalg.inv(grid.affine)[:3, 3]).astype(
        int
    )
    inside = ((place >= 0) & (place < np.array(grid.shape))).all(-1)
    flat = np.ravel_multi_index(tuple(place[inside].T), grid.shape)
    size = int(np.prod(grid.shape))
    total, count = np.bincount(flat, values[inside], size), np.bincount(flat, minlength=size)
    return (total / np.maximum(count, 1)).reshape(grid.shape)


def inner(finished: Finished, region: str, enough: int = 10) -> np.ndarray:
    """A region's mask without its rim, as a reader keeps off edges; with it where fewer than `enough` voxels would be left."""
    from scipy.ndimage import binary_erosion

    found = mask(finished, region)
    cross = np.zeros((3, 3, 3), bool)
    cross[1, 1, :] = cross[1, :, 1] = cross[:, 1, 1] = True
    thin = finished.ready.info.get("axes", (0, 1, 2))[2]
    cross[tuple(slice(None) if a != thin else [0, 2] for a in range(3))] = False
    core = np.asarray(binary_erosion(share(finished, region) > 0.5, cross)) & found
    return core if core.sum() >= enough else found


def mask(finished: Finished, region: str) -> np.ndarray:
    """Voxels of the image that hold almost nothing else than a region. Raises ModelError where there is none."""
    filled = share(finished, region)
    found = filled > PURE
    if not found.any() and filled.max() > 0.5:
        found = filled > 0.5
    if not found.any():
        raise ModelError(
            f"no voxel of scan {finished.ready.protocol.name} is filled by {region}; make voxels smaller or move the slice."
        )
    return found
