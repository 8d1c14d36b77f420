"""From solids to voxels: layers of tissue are painted over each other on any grid."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.phantom.shapes import Solid
from proband.mr.phantom.tissues import Tissue, checked_field, tissue
from proband.mr.phantom.voxels import VoxelPatient
from proband.mr.space import Grid

Layer = tuple[str, Solid]  # a tissue's name and where it is; a later layer covers an earlier one
Extent = Sequence[tuple[float, float]]  # (low, high) along x, y, z
MOST_VOXELS = 400_000_000
BLOCK = 40  # voxels an edge painted together: solids far from a block are not asked
MAPS = ("density", "fat", "susceptibility", "permittivity", "conductivity", "mass_density", "diffusion")


def grid_over(extent: Extent, voxel: float | Sequence[float]) -> Grid:
    """The grid that covers `extent` (m) with voxels of this edge (m, one number or three). Voxel faces lie on the low side."""
    edges = (
        np.broadcast_to(np.asarray(voxel, float), (3,))
        if np.ndim(voxel) in (0, 1) and np.size(voxel) in (1, 3)
        else None
    )
    if edges is None or not (np.isfinite(edges).all() and (edges > 0).all()):
        raise ModelError(f"a voxel's edges must be one or three lengths in m above zero, but are {voxel!r}.")
    low, high = np.array(extent, float).T
    if not (np.isfinite(low).all() and np.isfinite(high).all() and (high > low).all()):
        raise ModelError(f"a box must be three pairs (low, high) in m, low below high, but is {extent!r}.")
    shape = np.maximum(1, np.round((high - low) / edges - 1e-9).astype(int))
    if np.prod(shape.astype(float)) > MOST_VOXELS:
        raise ModelError(f"{' × '.join(map(str, shape))} voxels are too many; give a larger voxel or a smaller box.")
    middle = (low + high) / 2
    affine = np.diag([*edges, 1.0])
    affine[:3, 3] = middle - (shape - 1) / 2 * edges
    return Grid((int(shape[0]), int(shape[1]), int(shape[2])), affine)


def paint(layers: Sequence[tuple[int, Solid]], points: np.ndarray) -> np.ndarray:
    """The label (n,) of each point (n, 3), mm: that of the last layer it lies in, else 0."""
    labels = np.zeros(len(points), np.uint8)
    low, high = points.min(0), points.max(0)
    for label, solid in layers:
        if (solid.bounds[0] <= high).all() and (solid.bounds[1] >= low).all():
            labels[solid(points)] = label
    return labels


def voxelise(
    name: str,
    B0: float,
    extent: Extent,
    layers: Sequence[Layer],
    *,
    voxel: float | Sequence[float],
    tissues: Mapping[str, Tissue] | None = None,
    box: Extent | None = None,
    grid: Grid | None = None,
    partial_volume: int = 1,
    truth: Mapping[str, object] | None = None,
    **more: Any,
) -> VoxelPatient:
    """Layers (solids in mm) as a patient at `B0` (T) with voxels of this edge (m).

    `box` (m) cuts a piece out of the extent; `grid` replaces voxel and box. With `partial_volume` = k, densities and
    electric properties are means over k³ points of the voxel; T1, T2 and the label are those of its middle, or of one
    of its tissues where the middle has no spins. `tissues` adds to those of the table or replaces them."""
    B0 = checked_field(B0)
    if not (isinstance(partial_volume, (int, np.integer)) and 1 <= partial_volume <= 16):
        raise ModelError(
            f"partial_volume must be a whole number of points an edge, 1 to 16, but is {partial_volume!r}."
        )
    grid = grid or grid_over(extent if box is None else box, voxel)
    named = ["air", *dict.fromkeys(n for n, _ in layers if n != "air")]
    if len(named) > 255:
        raise ModelError(f"{name} has {len(named)} tissues; at most 255 fit.")
    known = [(tissues or {}).get(n) or tissue(n, B0) for n in named]
    numbered = [(named.index(n), solid) for n, solid in layers]
    labels, means = _painted(grid, numbered, known, partial_volume)
    values = {m: means.get(m, _lookup(known, m, labels)) for m in MAPS}
    return VoxelPatient(
        name=name,
        grid=grid,
        B0=B0,
        T1=_lookup(known, "T1", labels),
        T2=_lookup(known, "T2", labels),
        T2_prime=_lookup(known, "T2_prime", labels),
        labels=labels,
        tissues=tuple(named),
        truth=dict(truth or {}) | {"sources": {t.name: dict(t.source) for t in known}},
        **values,
        **more,
    )


def _lookup(known: Sequence[Tissue], what: str, labels: np.ndarray) -> np.ndarray:
    return np.array([getattr(t, what) for t in known], np.float32)[labels]


def _painted(grid: Grid, layers, known, k: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Labels and, for k > 1, mean maps."""
    labels = np.zeros(grid.shape, np.uint8)
    means = {m: np.zeros(grid.shape, np.float32) for m in MAPS} if k > 1 else {}
    tables = {m: np.array([getattr(t, m) for t in known], np.float32) for m in means}
    spins = np.array([t.density + t.fat > 0 for t in known])
    matrix, origin = grid.affine[:3, :3] * 1e3, grid.affine[:3, 3] * 1e3
    inner = [(np.arange(k) + 0.5) / k - 0.5] * 3
    offsets = np.stack(np.meshgrid(*inner, indexing="ij"), -1).reshape(-1, 3) @ matrix.T
    for corner in itertools.product(*(range(0, n, BLOCK) for n in grid.shape)):
        block = tuple(slice(c, min(c + BLOCK, n)) for c, n in zip(corner, grid.shape, strict=True))
        index = np.stack(np.meshgrid(*[np.arange(b.start, b.stop) for b in block], indexing="ij"), -1)
        size = index.shape[:3]
        points = index.reshape(-1, 3) @ matrix.T + origin
        here = paint(layers, points)
        if k > 1:
            sums = {m: np.zeros(len(points), np.float32) for m in means}
            other = np.zeros(len(points), np.uint8)
            for offset in offsets:
                sub = paint(layers, points + offset)
                other = np.where(spins[sub], sub, other)
                for m, table in tables.items():
                    sums[m] += table[sub]
            here = np.where(spins[here] | ~spins[other], here, other)
            for m in means:
                means[m][block] = (sums[m] / k**3).reshape(size)
        labels[block] = here.reshape(size)
    return labels, means
