"""T1, T2, B0, B1 and Dixon maps: no bias, and an error that is the scatter it says."""

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr.reconstruction import dixon, field_maps, relaxometry

TI = np.array([0.05, 0.15, 0.3, 0.6, 1.0, 1.6, 2.4, 3.5])
random = np.random.default_rng


def noisy(signal, sigma, seed=0, copies=1):
    noise = random(seed).standard_normal((2, copies, *signal.shape)) * sigma
    return signal + noise[0] + 1j * noise[1]


@pytest.mark.parametrize("T1", [0.3, 0.838, 1.607, 2.1])
@pytest.mark.parametrize("magnitude", [False, True])
def test_inversion_recovery(T1, magnitude):
    signal = 1 - 1.9 * np.exp(-TI / T1)
    data = noisy(signal * np.exp(0.7j), 0.01, copies=400)
    fit = relaxometry.t1_inversion_recovery(np.abs(data) if magnitude else data, TI, sigma=0.01)
    assert fit.time.mean() == pytest.approx(T1, rel=0.015)
    if not magnitude:
        assert fit.time.std() == pytest.approx(fit.error.mean(), rel=0.15)
        pull = (fit.time - T1) / fit.error
        assert pull.std() == pytest.approx(1, abs=0.15)


def test_look_locker_correction_of_deichmann_and_haase():
    """S = a − b exp(−t/T1*), a = M0 T1*/T1, b = M0 (1 + T1*/T1): the correction gives T1 back."""
    T1, apparent = 1.2, 0.9
    a, b = apparent / T1, 1 + apparent / T1
    data = noisy(a - b * np.exp(-TI / apparent), 0.005, copies=300)
    fit = relaxometry.t1_inversion_recovery(data, TI, sigma=0.005, look_locker=True)
    plain = relaxometry.t1_inversion_recovery(data, TI, sigma=0.005)
    assert fit.time.mean() == pytest.approx(T1, rel=0.01)
    assert plain.time.mean() == pytest.approx(apparent, rel=0.01)
    assert fit.time.std() == pytest.approx(fit.error.mean(), rel=0.15)


@pytest.mark.parametrize("complete", [True, False])
def test_saturation_recovery(complete):
    signal = 1 - (1.0 if complete else 0.85) * np.exp(-TI / 1.45)
    fit = relaxometry.t1_saturation_recovery(noisy(signal, 0.005, copies=300).real, TI, 0.005, complete)
    assert fit.time.mean() == pytest.approx(1.45, rel=0.01)
    assert fit.time.std() == pytest.approx(fit.error.mean(), rel=0.15)


def test_t2_with_the_noise_from_the_residual():
    TE = np.arange(1, 13) * 10e-3
    fit = relaxometry.t2_decay(np.abs(noisy(np.exp(-TE / 0.06), 0.003, copies=400)), TE)
    assert fit.time.mean() == pytest.approx(0.06, rel=0.01)
    assert np.sqrt((fit.error**2).mean()) == pytest.approx(fit.time.std(), rel=0.15)


def test_maps_keep_their_shape_and_empty_voxels_are_nan():
    data = np.ones((4, 5, 3, 8)) * (1 - np.exp(-TI / 1.0))
    data[0, 0, 0] = 0
    fit = relaxometry.t1_saturation_recovery(data, TI, 0.01)
    assert fit.time.shape == (4, 5, 3)
    assert np.isnan(fit.time[0, 0, 0]) and np.isfinite(fit.time).sum() == 59


@pytest.mark.parametrize(
    ("times", "shape", "words"),
    [([0.1, 0.2], (2,), "unknowns"), (TI, (7,), "needs its time"), ([0.1, 0.1, 0.1], (3,), "different")],
)
def test_too_few_times_are_refused(times, shape, words):
    with pytest.raises(ModelError, match=words):
        relaxometry.t1_inversion_recovery(np.ones(shape), times)


def test_b0_beyond_the_first_wrap_of_late_echoes():
    TE = np.array([2e-3, 3e-3, 6e-3, 12e-3])
    field = np.linspace(-450, 450, 200)
    signal = np.exp(-2j * np.pi * field[:, None] * TE) * np.exp(-TE / 0.03) * np.exp(1j)
    data = noisy(signal, 0.02, copies=100)
    found, error = field_maps.b0_map(data, TE, sigma=0.02)
    assert np.abs(found.mean(0) - field).max() < 1
    assert found.std(0).mean() == pytest.approx(error.mean(), rel=0.1)
    by_residual = field_maps.b0_map(data, TE)[1]
    assert np.sqrt((by_residual**2).mean()) == pytest.approx(found.std(0).mean(), rel=0.15)
    with pytest.raises(ModelError, match="sigma"):
        field_maps.b0_map(data[..., :2], TE[:2])


def test_b1_by_double_angle_and_actual_flip_angle():
    share = np.linspace(0.5, 1.4, 50)
    flip = np.radians(60)
    images = [noisy(np.sin(n * share * flip), 0.005, n, 300).real for n in (1, 2)]
    found, error = field_maps.b1_double_angle(*images, flip, 0.005)
    assert np.abs(found.mean(0) - share).max() < 0.01
    assert found.std(0).mean() == pytest.approx(error.mean(), rel=0.1)

    TR1, TR2, T1, flip = 0.02, 0.1, 1.5, np.radians(55)
    e1, e2, c = np.exp(-TR1 / T1), np.exp(-TR2 / T1), np.cos(share * flip)
    first = np.sin(share * flip) * (1 - e2 + (1 - e1) * e2 * c) / (1 - e1 * e2 * c**2)
    second = np.sin(share * flip) * (1 - e1 + (1 - e2) * e1 * c) / (1 - e1 * e2 * c**2)
    sigma = 2e-4
    found, error = field_maps.b1_actual_flip(
        noisy(first, sigma, 3, 300).real, noisy(second, sigma, 4, 300).real, TR1, TR2, flip, sigma
    )
    assert np.abs(found.mean(0) / share - 1).max() < 0.03  # the method's own error for TR2/T1 of 7 %
    assert found.std(0).mean() == pytest.approx(error.mean(), rel=0.15)


def ball(n, x0, y0, r):
    x = np.arange(n)
    return (np.hypot(x[:, None] - x0, x[None] - y0) < r).astype(float)


@pytest.mark.parametrize("strength", [40, 180])
def test_dixon_without_swaps_in_a_field_that_varies(strength):
    n, B0 = 64, 3.0
    TE = 1.2e-3 + 0.75e-3 * np.arange(6)
    fat = ball(n, 32, 32, 28) - ball(n, 32, 32, 22) + 0.6 * ball(n, 25, 36, 6)
    water = ball(n, 32, 32, 22) - 0.6 * ball(n, 25, 36, 6)
    x = np.linspace(-1, 1, n)
    field = strength * (x[:, None] + 0.5 * x[None] ** 2)
    signal = (water[..., None] + fat[..., None] * dixon.fat_signal(TE, B0)) * np.exp(
        -2j * np.pi * field[..., None] * TE
    )
    data = noisy(signal * np.exp(0.4j), 0.02)[0]
    found = dixon.separate(data, TE, B0, sigma=0.02 * np.sqrt(2))
    inside = (water + fat) > 0.5
    assert np.abs(found.fat_fraction - fat)[inside].mean() < 0.05
    assert (np.abs(found.fat_fraction - fat)[inside] > 0.5).mean() == 0  # no swapped voxel
    assert np.abs(found.field - field)[inside].mean() < 5
    pure = ball(n, 40, 28, 8) > 0
    assert np.std(np.abs(found.water)[pure]) == pytest.approx(found.water_error[pure].mean() / np.sqrt(2), rel=0.5)


def test_dixon_refusals():
    with pytest.raises(ModelError, match="three"):
        dixon.separate(np.ones((4, 4, 2), complex), np.array([1e-3, 2e-3]), 3.0)
    with pytest.raises(ModelError, match="same phase"):
        period = 1 / (3.4e-6 * dixon.GYROMAGNETIC * 3.0)
        dixon.separate(np.ones((4, 4, 3), complex), period * np.array([1, 2, 3]), 3.0)
