"""Gradients as played, and what they make besides."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import fftconvolve

from proband.model import ModelError
from proband.mr.scanner import converter, gradients
from proband.mr.scanner.scanner import GAMMA
from proband.mr.scanner.sheet import scanner
from proband.mr.sequence.timeline import Timeline, Waveform

COILS = scanner("scanner_3t").gradients
NOTHING = Waveform(np.zeros(0), np.zeros(0))


def trapezoid(top=0.02):
    t = np.array([0.0, 0.2e-3, 5.2e-3, 5.4e-3])
    return Timeline((), (Waveform(t, np.array([0, top, top, 0.0])), NOTHING, NOTHING), (), 0.05)


def test_without_eddy_currents_the_field_is_only_late():
    got = gradients.played(trapezoid(), replace(COILS, eddy=(), delay=3e-6)).gradients[0]
    t = np.linspace(0, 6e-3, 500)
    right = trapezoid().gradients[0]
    np.testing.assert_allclose(
        np.interp(t + 3e-6, got.times, got.values), np.interp(t, right.times, right.values, 0, 0), atol=1e-12
    )


def test_an_eddy_current_as_its_convolution():
    share, decay = 0.02, 1.5e-3
    got = gradients.played(trapezoid(), replace(COILS, eddy=((share, decay),), delay=0.0)).gradients[0]
    step = 1e-6
    t = np.arange(0, 0.02, step)
    w = trapezoid().gradients[0]
    rate = np.gradient(np.interp(t, w.times, w.values, 0, 0), step)
    lag = fftconvolve(rate, np.exp(-t / decay))[: len(t)] * step
    right = np.interp(t, w.times, w.values, 0, 0) - share * lag
    np.testing.assert_allclose(np.interp(t, got.times, got.values), right, atol=0.03 * share * 0.02)
    assert got.values[got.times > 5.5e-3].max() > 0  # the field lags behind on its way down
    whole = np.trapezoid(got.values, got.times)
    assert whole == pytest.approx(np.trapezoid(w.values, w.times), rel=5e-4)  # the lag takes no area in the end


def test_concomitant_field_and_phase():
    points = np.array([[0.1, 0, 0], [0, 0, 0.1], [0.05, 0.05, 0.1]])
    field = gradients.concomitant(np.array([0.02, 0, 0]), points, 3.0)
    assert field == pytest.approx([0, GAMMA * (0.02 * 0.1) ** 2 / 6, GAMMA * (0.02 * 0.1) ** 2 / 6])
    line = Timeline(
        (),
        (
            Waveform(np.array([0, 1e-3, 4e-3]), np.array([0, 0.03, -0.01])),
            Waveform(np.array([0, 4e-3]), np.array([0.01, 0.0])),
            Waveform(np.array([1e-3, 3e-3]), np.array([0.02, 0.02])),
        ),
        (),
        4e-3,
    )
    t = np.linspace(0, 4e-3, 40_001)
    G = np.stack([np.interp(t, w.times, w.values, 0, 0) for w in line.gradients], -1)
    right = 2 * np.pi * np.trapezoid(gradients.concomitant(G, points, 3.0), t, axis=0)
    got = gradients.concomitant_phase(gradients.concomitant_moments(line, 0, 4e-3), points, 3.0)
    np.testing.assert_allclose(got, right, rtol=2e-3)


def test_distortion_and_the_way_back():
    rng = np.random.default_rng(1)
    points = rng.uniform(-0.2, 0.2, (200, 3))
    seen = gradients.displaced(points, COILS)
    assert 2e-3 < np.linalg.norm(seen - points, axis=1).max() < 3e-2
    np.testing.assert_allclose(gradients.straightened(seen, COILS), points, atol=2e-5)
    assert gradients.displaced(np.array([0, 0, 0.25]), COILS)[2] == pytest.approx(0.25 * (1 - COILS.third))


def test_unwarping_puts_a_ball_back():
    n, voxel = 40, 0.01
    affine = np.diag([voxel, voxel, voxel, 1])
    affine[:3, 3] = -(n - 1) / 2 * voxel
    x = (np.arange(n) - (n - 1) / 2) * voxel
    seen_at = np.stack(np.meshgrid(x, x, x, indexing="ij"), -1)
    centre = np.array([0.1, 0.0, 0.12])
    blob = lambda p: np.exp(-np.sum((p - centre) ** 2, -1) / (2 * 0.03**2))  # noqa: E731
    really = gradients.straightened(seen_at, COILS)
    warped = blob(really) / gradients.jacobian(really, COILS)
    core = np.linalg.norm(seen_at - centre, axis=-1) < 0.06
    np.testing.assert_allclose(gradients.unwarped(warped, affine, COILS)[core], blob(seen_at)[core], atol=0.02)
    assert abs(warped[core] - blob(seen_at)[core]).max() > 0.04


def test_converter():
    c = scanner("scanner_3t").converter
    n = 128
    tone = np.cos(2 * np.pi * 10 * np.arange(n) / n + 0.3)[None]
    np.testing.assert_allclose(converter.filtered(tone, c)[:, 40:-40], tone[:, 40:-40], atol=1e-2)
    assert converter.passband(n, c).min() == pytest.approx(0.5)
    with pytest.raises(ModelError, match=r"dwell time of 0\.1 µs"):
        converter.check_dwell(1e-7, c)
    assert converter.drift(np.array([0.0, 60.0]), scanner("scanner_3t").magnet) == pytest.approx([0, 1.0])


def test_bent_gradients_weaken_diffusion_by_their_own_strength():
    D, places = np.array([2e-9, 2e-9]), np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 0.15]])
    tensors = gradients.weakened(D, places, COILS)
    assert tensors[0] == pytest.approx(D[0] * np.array([1, 1, 1, 0, 0, 0]), rel=1e-5, abs=1e-16)
    # On the axis the z coil's gradient falls by three thirds of (z / 25 cm)².
    assert tensors[1, 2] / D[1] == pytest.approx((1 - 3 * COILS.third * 0.36) ** 2, rel=1e-4)
    assert tensors[1, :2] / D[1] == pytest.approx((1 - COILS.third * 0.36) ** 2, rel=1e-4)
