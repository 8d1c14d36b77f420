"""Spins stand for the voxels they come from."""

from dataclasses import replace

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr import phantom
from proband.mr.phantom.isochromats import FAT_PEAKS, isochromats, lorentzian_error, lorentzian_nodes
from proband.mr.scanner.fields import Fields
from proband.mr.space import Grid


@pytest.fixture(scope="module")
def knee():
    return phantom.build("knee", 5.0, voxel=6e-3)


def fields(grid, off=0.0, B0=5.0):
    shape = grid.shape
    transmit = np.stack([np.ones(shape), 1j * np.ones(shape)]).astype(np.complex64) * 3e-7
    return Fields(grid, B0, np.broadcast_to(off, shape).astype(float), transmit, np.ones((1, *shape)), np.eye(1), np.eye(2), np.eye(2)[None])  # fmt: skip


@pytest.mark.parametrize(
    "options", [{}, {"per_voxel": (2, 3, 1)}, {"fat": "peaks"}, {"t2_prime": "lorentzian", "nodes": 2}]
)
def test_no_proton_is_lost(knee, options):
    spins = isochromats(knee, **options)
    assert spins.density.sum() == pytest.approx(knee.density.sum() + knee.fat.sum(), rel=2e-3)
    again = np.bincount(spins.voxel, spins.density, knee.grid.size).reshape(knee.grid.shape)
    assert np.allclose(again, knee.density + knee.fat, atol=2e-3)


def test_fat_is_724_hz_below_water_at_5_tesla(knee):
    spins = isochromats(knee)
    assert set(np.round(spins.off_resonance).astype(int)) == {0, -724}
    assert sum(share for _, share in FAT_PEAKS) == pytest.approx(1, abs=1e-9)


def test_points_lie_evenly_in_their_voxel(knee):
    spins = isochromats(knee, per_voxel=(4, 1, 1), fat=False)
    one = spins.voxel == spins.voxel[0]
    x = np.sort(spins.position[one, 0])
    assert np.allclose(np.diff(x), 6e-3 / 4, atol=1e-7)
    assert x.mean() == pytest.approx(knee.grid.points().reshape(-1, 3)[spins.voxel[0], 0], abs=1e-7)


@pytest.mark.parametrize("cycles", [1.0, 1.3, 2.0, 0.8])
def test_a_spoiler_cancels_exactly(knee, cycles):
    moment = cycles / 6e-3
    spins = isochromats(knee, per_voxel=(6, 1, 1), fat=False, spoiler=(moment, 0, 0))
    sums = np.zeros(knee.grid.size, complex)
    np.add.at(sums, spins.voxel, spins.density * np.exp(2j * np.pi * moment * spins.position[:, 0].astype(float)))
    assert np.abs(sums).max() < 1e-4 * spins.density.max() * 6


def test_too_few_points_for_a_spoiler(knee):
    with pytest.raises(ModelError, match="at least 3 points"):
        isochromats(knee, per_voxel=(2, 1, 1), spoiler=(2 / 6e-3, 0, 0))


@pytest.mark.parametrize(("nodes", "bound"), [(4, 0.11), (8, 0.05)])
def test_a_line_of_few_spins_decays_as_said(nodes, bound):
    assert lorentzian_error(nodes) < bound
    offsets, shares = lorentzian_nodes(nodes)
    assert sum(shares) == pytest.approx(1) and np.dot(offsets, shares) == pytest.approx(0, abs=1e-12)


def test_t2_star_as_a_rate(knee):
    plain, star = isochromats(knee, fat=False), isochromats(knee, fat=False, t2_prime="rate")
    assert np.allclose(1 / star.T2 - 1 / plain.T2, 1 / knee.T2_prime.ravel()[plain.voxel], rtol=2e-3, atol=1e-3)


def test_fields_on_the_same_and_on_another_grid_agree(knee):
    x = knee.grid.points()[..., 0]
    same = isochromats(knee, fields(knee.grid, 1e3 * x), per_voxel=(2, 2, 1), fat=False)
    inside = np.abs(same.position[:, 0]) < 0.06
    assert np.allclose(same.off_resonance[inside], 1e3 * same.position[inside, 0], atol=1e-2)
    wide = Grid.centred((40, 40, 40), (6e-3, 6e-3, 6e-3))
    other = isochromats(knee, fields(wide, 1e3 * wide.points()[..., 0]), per_voxel=(2, 2, 1), fat=False)
    assert np.allclose(other.off_resonance[inside], same.off_resonance[inside], atol=1e-2)
    # Channels in quadrature, brought into phase, give the nominal field.
    phase = np.exp(-1j * np.angle(same.transmit[:, 0]))
    assert np.allclose(np.abs(phase @ same.transmit), 1, atol=1e-5)


def test_motion_comes_along():
    patient = phantom.build("abdomen", 3.0, voxel=12e-3)
    spins = isochromats(patient, fat=False)
    assert spins.shift.shape == (len(spins.shift_times), len(spins.T1), 3)
    assert np.abs(spins.shift).max() == pytest.approx(0.013, rel=0.2)


def test_refusals(knee):
    with pytest.raises(ModelError, match="for 3 T"):
        isochromats(knee, fields(knee.grid, B0=3.0))
    with pytest.raises(ModelError, match="region"):
        isochromats(knee, region=np.ones((2, 2, 2), bool))
    with pytest.raises(ModelError, match="does not cover"):
        isochromats(knee, fields(Grid.centred((4, 4, 4), (6e-3, 6e-3, 6e-3))))
    with pytest.raises(ModelError, match="no spins"):
        isochromats(replace(knee, density=0 * knee.density, fat=0 * knee.fat))
    with pytest.raises(ModelError, match="per_voxel"):
        isochromats(knee, per_voxel=(0, 1, 1))
