"""The static field against closed forms."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr.scanner.harmonics import HARMONICS, up_to
from proband.mr.scanner.magnet import dipole_field, field_map, residual, shimmed
from proband.mr.scanner.scanner import GAMMA
from proband.mr.scanner.sheet import scanner
from proband.mr.space import Grid

sys.path.insert(0, str(Path(__file__).parent))
import simple_patients


def share_inside(grid, inside, fine=4):
    """Part of each voxel that is inside, by sub-points."""
    total = np.zeros(grid.shape)
    points = grid.points()
    for shift in np.ndindex(fine, fine, fine):
        total += inside(points + ((np.array(shift) + 0.5) / fine - 0.5) * np.array(grid.voxel))
    return total / fine**3


def test_air_ball_in_water_at_5_tesla():
    """+1,334 Hz at the pole, −1/2 of it at the equator, 0 inside; outside as 1/r³."""
    radius, voxel = 0.02, 0.0025
    grid = Grid.centred((65, 65, 65), (voxel,) * 3)
    air = share_inside(grid, lambda p: np.linalg.norm(p, axis=-1) < radius)
    field = dipole_field(9.4 * air, grid, 5.0)
    pole = 9.4e-6 / 3 * GAMMA * 5.0 * 2
    assert pole == pytest.approx(1334, abs=1)
    mid = 32
    out = 12  # voxels from the middle: 3 cm
    assert field[mid, mid, mid + out] * (out * voxel / radius) ** 3 == pytest.approx(pole, rel=0.03)
    assert field[mid + out, mid, mid] * (out * voxel / radius) ** 3 == pytest.approx(-pole / 2, rel=0.03)
    assert abs(field[mid - 4 : mid + 5, mid - 4 : mid + 5, mid - 4 : mid + 5]).max() < 0.03 * pole


def test_cylinder_across_and_along_the_bore():
    radius, voxel = 0.02, 0.0025
    grid = Grid.centred((64, 64, 64), (voxel,) * 3)
    across = share_inside(grid, lambda p: np.hypot(p[..., 1], p[..., 2]) < radius)
    # At the middle of a cylinder of length L and width D, its ends take L/√(L² + D²) of what endless ones would do.
    ends = 0.16 / np.hypot(0.16, 0.04)
    ppm = 1e-6 * GAMMA * 3.0
    field = dipole_field(across, grid, 3.0, outside=0.0)
    assert field[32, 31:33, 31:33].mean() == pytest.approx(ppm * (1 / 3 - ends / 2), rel=0.03)
    assert field[32, 32, 32 + 10] == pytest.approx(ppm / 2 * (radius / (10.5 * voxel)) ** 2, rel=0.08)
    along = share_inside(grid, lambda p: np.hypot(p[..., 0], p[..., 1]) < radius)
    field = dipole_field(along, grid, 3.0, outside=0.0)
    assert field[32, 32, 31:33].mean() == pytest.approx(ppm * (1 / 3 - (1 - ends)), rel=0.03)


def test_a_turned_grid_gives_the_same_field():
    grid = Grid.centred((33, 33, 33), (0.004,) * 3)
    ball = (np.linalg.norm(grid.points() - [0.01, 0, 0.02], axis=-1) < 0.015).astype(float)
    straight = dipole_field(ball, grid, 3.0)
    turned = Grid(grid.shape, grid.affine[:, [2, 1, 0, 3]])
    other = dipole_field(np.swapaxes(ball, 0, 2), turned, 3.0)
    np.testing.assert_allclose(np.swapaxes(other, 0, 2), straight, atol=1e-6)


@pytest.mark.parametrize("name", HARMONICS)
def test_harmonics_obey_laplace(name):
    f, d = HARMONICS[name], 1e-2
    p = np.array([0.3, -0.2, 0.5])
    around = [p + s * d * np.eye(3)[a] for a in range(3) for s in (1, -1)]
    assert sum(float(f(*q)) for q in around) - 6 * float(f(*p)) == pytest.approx(0, abs=1e-7)


def test_shim_takes_second_order_away_and_leaves_third():
    grid = Grid.centred((20, 20, 20), (0.01,) * 3)
    p = np.moveaxis(grid.points() / 0.1, -1, 0)
    mask = np.linalg.norm(grid.points(), axis=-1) < 0.09
    made = {"1": 80.0, "x": 30.0, "zy": -25.0, "x2-y2": 12.0}
    field = sum(a * HARMONICS[n](*p) for n, a in made.items())
    left, amount = shimmed(field, mask, grid, 2)
    assert abs(left[mask]).max() < 1e-3
    assert dict(zip(up_to(2), amount)) == pytest.approx({n: made.get(n, 0.0) for n in up_to(2)}, abs=1e-4)
    third = 50 * HARMONICS["z3"](*p)
    assert shimmed(third, mask, grid, 2)[0][mask].std() > 2
    limited, amount = shimmed(field, mask, grid, 2, limit=10.0)
    assert max(np.abs(amount[1:])) == pytest.approx(10.0)
    assert 0 < limited[mask].std() < field[mask].std()
    with pytest.raises(ModelError, match="mask"):
        shimmed(field, mask & False, grid, 2)


def test_head_with_a_sinus_is_off_by_more_at_5_tesla():
    spread = []
    for name in ("scanner_3t", "scanner_5t"):
        s = scanner(name)
        p = simple_patients.head(0.006, s.field)
        sinus = np.linalg.norm(p.grid.points() - [0, 0.06, -0.03], axis=-1) < 0.02
        p = replace(p, susceptibility=np.where(sinus, 0.36, p.susceptibility), density=np.where(sinus, 0, p.density))
        field, shim = field_map(s, p)
        assert len(shim) == 9
        spread.append(field[p.density > 0].std())
        assert residual(s, p.grid).std() > 0
    assert spread[1] / spread[0] == pytest.approx(5 / 3, rel=0.05)


def test_what_a_face_of_the_grid_cuts_goes_on():
    """A cylinder along the bore that fills the grid's length has the field of a long one: (1/3 − ends) of its susceptibility."""
    s = scanner("scanner_3t")
    s = replace(s, magnet=replace(s.magnet, residual={}, shim_order=0))
    grid = Grid.centred((40, 40, 16), (0.005,) * 3)
    p = simple_patients.head(0.006, s.field)
    p = replace(p, grid=grid, **{n: np.zeros(grid.shape) for n in ("density", "fat", "susceptibility")})
    rod = share_inside(grid, lambda q: np.hypot(q[..., 0], q[..., 1]) < 0.03)
    axis = np.zeros(grid.shape, bool)
    axis[19:21, 19:21] = rod[19:21, 19:21] > 0.99
    # In air the field far from the rod would be the shim's constant; the difference along the axis tells the ends.
    field, _ = field_map(s, replace(p, susceptibility=rod, density=rod), axis)
    bare = dipole_field(rod, grid, s.field, outside=0.0)
    assert np.ptp(field[20, 20]) < 0.15 * np.ptp(bare[20, 20])


def test_a_shim_for_one_place():
    s = scanner("scanner_3t")
    p = simple_patients.head(0.006, s.field)
    sinus = np.linalg.norm(p.grid.points() - [0, 0.06, -0.03], axis=-1) < 0.02
    p = replace(p, susceptibility=np.where(sinus, 0.36, p.susceptibility), density=np.where(sinus, 0, p.density))
    near = (p.density > 0) & (np.linalg.norm(p.grid.points() - [0, 0.06, 0.02], axis=-1) < 0.03)
    everywhere, here = (field_map(s, p, mask)[0][near].std() for mask in (None, near))
    assert here < 0.7 * everywhere
