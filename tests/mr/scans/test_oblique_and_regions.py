"""A turned scan sees what a straight one sees of a turned object; regions are averaged as they lie."""

import numpy as np
import pytest

pytest.importorskip("pypulseq")

from proband.mr.phantom.spins import Isochromats
from proband.mr.scans.regions import averaged
from proband.mr.scans.turning import Plane, turned
from proband.mr.sequence import build
from proband.mr.space import Grid
from proband.mr.spins import simulate


def spins(position):
    n = len(position)
    return Isochromats(
        np.asarray(position, float), np.full(n, 1 / n), np.full(n, 0.5), np.full(n, 0.02), np.zeros(n), np.ones((1, n), complex), np.arange(n)
    )  # fmt: skip


def test_a_turned_scan_of_a_turned_object_hears_the_same():
    sequence = build("spoiled_gre", fov=(0.2, 0.2), matrix=(8, 8), thickness=5e-3, spoil=1.0, TR=0.5)
    angle = 0.7
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    centre = np.array([0.02, -0.01, 0.03])
    rng = np.random.default_rng(0)
    own = rng.uniform(-1, 1, (400, 3)) * [0.05, 0.05, 0.006]
    straight = simulate(sequence.timeline, spins(own), np.ones((1, 400)), precision="float64", threads=1)
    plane = Plane(turn, centre)
    oblique = simulate(
        turned(sequence.timeline, plane),
        spins(own @ turn.T + centre),
        np.ones((1, 400)),
        precision="float64",
        threads=1,
    )
    largest = max(np.abs(s).max() for s in straight)
    for a, b in zip(straight, oblique):
        # The image's place in the plane is a phase along each line; the slice is the same.
        assert np.abs(b) == pytest.approx(np.abs(a), abs=0.02 * largest)


def test_shares_of_fine_voxels_are_averaged_over_coarse_ones():
    fine, coarse = Grid.centred((8, 8, 2), (1e-3, 1e-3, 1e-3)), Grid.centred((4, 4, 1), (2e-3, 2e-3, 2e-3))
    values = np.zeros((8, 8, 2), np.float32)
    values[0:2, 0:2] = 1
    values[2, 0, 0] = 1
    found = averaged(values, fine, coarse)
    assert found.shape == (4, 4, 1)
    assert found[0, 0, 0] == 1 and found[1, 0, 0] == pytest.approx(1 / 8) and found.sum() == pytest.approx(1 + 1 / 8)


def test_parts_of_a_plane_turn_the_grid():
    plane = Plane(np.array([[0, 0, 1.0], [0, 1, 0], [-1, 0, 0]]), np.array([0.01, 0, 0]))
    grid = plane.placed(Grid.centred((4, 4, 1), (2e-3, 2e-3, 5e-3)))
    assert grid.affine[:3, 2] == pytest.approx([5e-3, 0, 0]) and grid.voxel == pytest.approx((2e-3, 2e-3, 5e-3))
