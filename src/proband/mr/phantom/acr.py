"""A phantom after the large ACR one: what an accreditation test measures, as solids of known size.

Dimensions follow the ACR Large Phantom Test Guidance where it states them (inner size, hole and disk diameters,
contrasts, slope of the ramps, 100 mm between the first and the last slice); places inside the slices are assumed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.phantom.fillings import nickel_chloride, plastic, water
from proband.mr.phantom.shapes import Solid, both, box, cylinder, either, where, without
from proband.mr.phantom.voxelise import Layer, voxelise
from proband.mr.phantom.voxels import VoxelPatient

DIAMETER, LENGTH = 190.0, 148.0  # mm, inside
SLICE_Z = tuple(50.0 - 10 * i for i in range(11))  # mm, slice 1 to 11: 5 mm thick, 5 mm apart
HOLES = (1.1, 1.0, 0.9)  # mm, resolution insert of slice 1
HOLES_X = (-32.0, 0.0, 32.0)  # mm, middle of each pair of arrays
HOLES_Y = -45.0
RAMP_SLOPE = 10.0  # mm of ramp to 1 mm of slice
RAMP_Y = (4.0, -4.0)  # mm, the two crossed ramps
RAMP_HEIGHT, RAMP_THICK = 5.0, 1.0  # mm, in y and z
WEDGE_Y = 72.0  # mm, where both 45° wedges end in the middle of slices 1 and 11
WEDGE_X = 8.0  # mm, width of each wedge
GRID_PITCH, GRID_WALL, GRID_CELLS = 14.0, 1.5, 10  # mm, slice 5
CONTRAST = {8: 0.014, 9: 0.025, 10: 0.036, 11: 0.051}  # of the disks against their sheet
DISKS = tuple(np.linspace(7.0, 1.5, 10).round(2))  # mm, diameter by spoke
DISK_RADII = (12.5, 25.0, 37.5)  # mm from the middle
SHEET_RADIUS = 45.0
EXTENT = ((-0.104, 0.104), (-0.104, 0.104), (-0.084, 0.084))  # m


def disk_centres(number: int) -> np.ndarray:
    """The three disks of each spoke in slice `number` (8 to 11): (10, 3, 2), x and y in mm. Each slice is turned by 9°."""
    angle = np.pi / 2 - 2 * np.pi * np.arange(10) / 10 - np.radians(9.0) * (number - 8)
    direction = np.stack([np.cos(angle), np.sin(angle)], 1)
    return direction[:, None, :] * np.array(DISK_RADII)[None, :, None]


def hole_centres(pair: int) -> np.ndarray:
    """Holes of one pair of arrays (32, 2), x and y in mm: rows of four for x, columns of four for y, two diameters apart."""
    d = HOLES[pair]
    steps = (np.arange(4) - 1.5) * 2 * d
    lattice = np.stack(np.meshgrid(steps, steps, indexing="ij"), -1).reshape(-1, 2)
    lean = lattice.copy()
    lean[:, 0] += lattice[:, 1] * 0.25  # rows shift a little, so that some row meets the pixels
    other = lattice.copy()
    other[:, 1] += lattice[:, 0] * 0.25
    middle = np.array([HOLES_X[pair], HOLES_Y])
    return np.concatenate([lean + middle + (-6.0, 5.0), other + middle + (6.0, -5.0)])


def _rods(centres: np.ndarray, diameter: float, z: float, half: float) -> Solid:
    """Upright rods of one diameter."""
    radius = diameter / 2
    low, high = centres.min(0) - radius, centres.max(0) + radius

    def inside(points: np.ndarray) -> np.ndarray:
        answer = np.asarray(np.abs(points[:, 2] - z) <= half)
        answer &= (points[:, 0] >= low[0]) & (points[:, 0] <= high[0])
        answer &= (points[:, 1] >= low[1]) & (points[:, 1] <= high[1])
        near = points[answer, :2]
        hit = np.zeros(len(near), bool)
        for centre in centres:
            away = near - centre
            hit |= np.einsum("ij,ij->i", away, away) <= radius**2
        answer[answer] = hit
        return np.asarray(answer)

    return Solid(inside, np.array([[*low, z - half], [*high, z + half]]))


def _ramp(sign: int, y: float) -> Solid:
    z0 = SLICE_Z[0]
    slot = where(lambda p: np.abs(p[:, 2] - z0 - sign * p[:, 0] / RAMP_SLOPE) <= RAMP_THICK / 2)
    return both(box((0, y, z0), (150, RAMP_HEIGHT, 20)), slot)


def _wedges(z0: float) -> Solid:
    """Two wedges side by side that end higher or lower as the slice moves: their lengths differ by twice its shift."""
    frame = box((0, 85, z0), (2 * WEDGE_X, 60, 20))
    cut = where(lambda p: p[:, 1] >= WEDGE_Y + np.where(p[:, 0] < 0, 1, -1) * (p[:, 2] - z0))
    return both(frame, cut)


def _lattice() -> Solid:
    half = GRID_CELLS * GRID_PITCH / 2
    outside = GRID_WALL / 2

    def walls(points: np.ndarray) -> np.ndarray:
        to_line = np.abs((points[:, :2] + half + GRID_PITCH / 2) % GRID_PITCH - GRID_PITCH / 2)
        return np.asarray((to_line <= outside).any(axis=1))

    return both(box((0, 0, SLICE_Z[4]), (2 * half + GRID_WALL, 2 * half + GRID_WALL, 10)), where(walls), cylinder((0, 0, SLICE_Z[4]), (0, 0, 1), 94, 10))  # fmt: skip


def acr(
    B0: float, voxel: float | tuple[float, float, float] = 1e-3, *, filling: str = "nickel chloride", **place: Any
) -> VoxelPatient:
    """The large phantom along z, slice 1 at z = +50 mm, slice 11 at −50 mm. `filling`: "nickel chloride" or "water".

    `place` (box, grid, partial_volume) as in `voxelise`; use `partial_volume` ≥ 2 where edges are measured."""
    fillings = {"nickel chloride": nickel_chloride, "water": water}
    if filling not in fillings:
        raise ModelError(f"the ACR phantom can be filled with {' or '.join(fillings)}, not {filling!r}.")
    full = fillings[filling](B0)
    tissues = {"filling": full, "plastic": plastic(B0)}
    z1, z11 = SLICE_Z[0], SLICE_Z[-1]
    layers: list[Layer] = [
        ("plastic", cylinder((0, 0, 0), (0, 0, 1), DIAMETER / 2 + 5, LENGTH + 10)),
        ("filling", cylinder((0, 0, 0), (0, 0, 1), DIAMETER / 2, LENGTH)),
    ]
    tank = layers[1][1]
    layers += [
        ("plastic", box((0, 0, z1), (150, 20, 20))),
        ("filling", either(_ramp(1, RAMP_Y[0]), _ramp(-1, RAMP_Y[1]))),
        ("plastic", box((0, HOLES_Y, z1), (100, 28, 20))),
        *[("filling", _rods(hole_centres(i), HOLES[i], z1, 10)) for i in range(3)],
        ("plastic", both(tank, _lattice())),
        ("plastic", both(tank, either(_wedges(z1), _wedges(z11)))),
    ]
    for number, contrast in CONTRAST.items():
        z = SLICE_Z[number - 1]
        sheet = f"sheet {100 * contrast:.1f} %"
        why = f"ACR guidance: a thin sheet takes {100 * contrast:.1f} % of the slice's signal (spread over the slice here)"
        tissues[sheet] = full.with_values(sheet, why, density=full.density * (1 - contrast))
        disks = [_rods(row, d, z, 2.5) for row, d in zip(disk_centres(number), DISKS, strict=True)]
        layers.append((sheet, without(cylinder((0, 0, z), (0, 0, 1), SHEET_RADIUS, 5), *disks)))
    truth = {"diameter": DIAMETER * 1e-3, "length": LENGTH * 1e-3, "slice z": [z * 1e-3 for z in SLICE_Z]}
    return voxelise("acr", B0, EXTENT, layers, voxel=voxel, tissues=tissues, truth=truth, **place)


def slice_of(B0: float, number: int, pixel: float = 1e-3, points: int = 1, **more: Any) -> VoxelPatient:
    """One 5 mm slice (1 to 11) of the phantom, `points` voxels deep: light enough to scan at fine pixels."""
    if not 1 <= number <= 11:
        raise ModelError(f"the ACR phantom has slices 1 to 11, not {number!r}.")
    z = SLICE_Z[number - 1] * 1e-3
    patient = acr(B0, (pixel, pixel, 5e-3 / points), box=(*EXTENT[:2], (z - 2.5e-3, z + 2.5e-3)), **more)
    return replace(patient, name=f"acr slice {number}")
