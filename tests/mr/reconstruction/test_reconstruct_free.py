"""Radial and spiral scans, with coils and off-resonance, on a known object."""

from dataclasses import replace

import numpy as np
import pytest
from simulated_scans import cartesian_lines, error_inside, raw_of, spiral, spokes

from proband.model import ModelError
from proband.mr.reconstruction import kspace, reconstruct
from proband.mr.reconstruction.nufft import density_weights

N = 64


def test_density_weights_are_a_ramp_for_spokes():
    k = spokes(N, 100).reshape(-1, 2)
    w = density_weights(k, (N, N)).reshape(100, -1)
    radius = np.abs(np.arange(2 * N) - N) / (2 * N)
    ring = (radius > 0.1) & (radius < 0.45)
    ideal = np.pi * radius / 100 * N * N / (2 * N)  # area of a ring's share, in Nyquist cells
    assert np.abs(w[3][ring] / ideal[ring] - 1).max() < 0.1
    assert (w > 0).all()


def test_gridding_of_dense_spokes_has_the_right_brightness(object64):
    image = reconstruct(raw_of(object64, np.ones((1, N, N)), spokes(N, 110)), "gridding")
    scale = 1e6  # noise of 1e-6 becomes 1
    inside = np.abs(object64) > 0.1
    assert np.abs(image.data / scale)[..., 0][inside].mean() == pytest.approx(np.abs(object64)[inside].mean(), rel=0.03)
    assert error_inside(image.data, object64) < 0.12


@pytest.mark.parametrize("shift", [(4.0, -2.5)])
@pytest.mark.parametrize(
    ("method", "trajectory", "bound"),
    [
        ("cg-sense", spokes(N, 34), 0.09),
        ("l1-wavelet", spokes(N, 26), 0.11),
        ("tv", spokes(N, 26), 0.11),
        ("cg-sense", spiral(N, 6, turns=0.4 * N / 6, samples=600, linear=0.4), 0.09),
        ("l1-wavelet", spiral(N, 6, turns=0.4 * N / 6, samples=600, linear=0.4), 0.11),
    ],
)
def test_undersampled_trajectories(object64, maps64, method, trajectory, bound, shift):
    raw = raw_of(object64, maps64, trajectory, sigma=0.3, shift=shift)
    found = error_inside(np.abs(reconstruct(raw, method).data), np.abs(object64))
    gridded = error_inside(np.abs(reconstruct(raw, "gridding").data), np.abs(object64))
    assert found < bound
    assert found < 0.7 * gridded


def test_given_maps_and_virtual_coils(object64, maps64):
    raw = raw_of(object64, maps64, spokes(N, 40), sigma=0.3)
    assert error_inside(reconstruct(raw, "cg-sense", maps=(maps64 / 0.3)[..., None]).data, object64) < 0.09
    assert error_inside(np.abs(reconstruct(raw, "cg-sense", virtual_coils=6).data), np.abs(object64)) < 0.1


def test_off_resonance_blurs_a_spiral_and_the_field_map_undoes_it(object64, maps64):
    x = (np.arange(N) - N // 2) / (N / 2)
    field = 60 * np.exp(-((x[:, None] - 0.2) ** 2 + (x[None] + 0.1) ** 2) / 0.3)
    raw = raw_of(object64, maps64, spiral(N, 16, samples=500), sigma=0.1, dwell=20e-6, field=field)
    maps = (maps64 / 0.1)[..., None]
    blurred = error_inside(reconstruct(raw, "cg-sense", maps=maps).data, object64)
    sharp = error_inside(reconstruct(raw, "cg-sense", maps=maps, field=field[..., None]).data, object64)
    assert sharp < 0.1
    assert sharp < 0.4 * blurred
    with pytest.raises(ModelError, match="field"):
        reconstruct(raw, "l1-wavelet", maps=maps, field=field[..., None])


def test_a_field_map_straightens_an_echo_planar_image(object64, maps64):
    """64 lines, 0.5 ms apart: 150 Hz move a voxel by 150 Hz × 32 ms = 4.8 voxels along the lines."""
    spacing, dwell = 0.5e-3, 5e-6
    x = (np.arange(N) - N // 2) / (N / 2)
    field = 150 * np.exp(-((x[:, None] - 0.2) ** 2 + (x[None] + 0.1) ** 2) / 0.3)
    at = np.arange(N) * spacing
    images = object64 * np.exp(-2j * np.pi * field * at[:, None, None])
    raw = raw_of(images, maps64, cartesian_lines(N, range(N)), sigma=0.1, dwell=dwell, field=field)
    raw = replace(raw, times=at[:, None] + np.arange(raw.signal.shape[2]) * dwell)
    maps = (maps64 / 0.1)[..., None]
    bent = error_inside(np.abs(reconstruct(raw, "fft", combine="rss").data), np.abs(object64))
    straight = error_inside(reconstruct(raw, maps=maps, field=field[..., None]).data, object64)
    assert bent > 0.15
    assert straight < 0.03
    apart = replace(
        raw, times=raw.times + np.arange(N)[:, None] * 50e-3
    )  # one excitation a line: nothing to straighten
    assert kspace.elapsed_in_train(apart).max() < spacing < kspace.elapsed_in_train(raw).max()


def test_refusals(object64, maps64):
    with pytest.raises(ModelError, match="under-determined"):
        reconstruct(raw_of(object64, maps64[:1], spokes(N, 8)), "cg-sense", maps=np.ones((1, N, N, 1)))
    with pytest.raises(ModelError, match="cycles per voxel"):
        reconstruct(raw_of(object64, maps64, 1.3 * spokes(N, 30)), "gridding")
    with pytest.raises(ModelError, match="non-Cartesian"):
        reconstruct(raw_of(object64, maps64, spokes(N, 30)), "grappa")
    with pytest.raises(ModelError, match="grappa does not take a field map with Cartesian sampling"):
        reconstruct(raw_of(object64, maps64, cartesian_lines(N, range(N))), "grappa", field=np.zeros((N, N, 1)))
