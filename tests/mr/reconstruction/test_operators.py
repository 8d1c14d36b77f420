"""Operators and their adjoints, compiled loops against plain ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proband.model import ModelError
from proband.mr import threads
from proband.mr.reconstruction import fused
from proband.mr.reconstruction.bench_object import loops
from proband.mr.reconstruction.fourier import to_image, to_kspace
from proband.mr.reconstruction.nufft import NonCartesian
from proband.mr.reconstruction.off_resonance import OffResonant
from proband.mr.reconstruction.operators import Cartesian, Descent, PlainDescent, joined, planes
from proband.mr.reconstruction.total_variation import differences, differences_adjoint
from proband.mr.reconstruction.wavelet import WaveletShrink


def random_complex(seed, *shape):
    values = np.random.default_rng(seed).standard_normal((2, *shape))
    return (values[0] + 1j * values[1]).astype(np.complex64)


def dot_test(operator, image, samples, tolerance=1e-4):
    """⟨A x, y⟩ = ⟨x, A^H y⟩"""
    left, right = np.vdot(samples, operator.forward(image)), np.vdot(operator.adjoint(samples), image)
    assert abs(left - right) < tolerance * np.linalg.norm(image) * np.linalg.norm(samples)


@settings(max_examples=20, deadline=None)
@given(
    st.integers(8, 21), st.integers(8, 21), st.integers(1, 4), st.sampled_from([(0,), (1,), (0, 1)]), st.integers(0, 99)
)
def test_cartesian_adjoint(n0, n1, coils, axes, seed):
    operator = Cartesian(
        random_complex(seed, coils, n0, n1), (np.abs(random_complex(seed + 1, n0, n1)) > 1).astype(np.float32), axes
    )
    image = random_complex(seed + 2, n0, n1)
    dot_test(operator, image, random_complex(seed + 3, coils, n0, n1))
    both = operator.adjoint(operator.forward(image))
    assert np.linalg.norm(operator.normal(image) - both) < 1e-5 * np.linalg.norm(both) + 1e-6


@settings(max_examples=10, deadline=None)
@given(st.integers(12, 33), st.integers(12, 33), st.integers(0, 99))
def test_non_cartesian_adjoint_and_its_toeplitz_form(n0, n1, seed):
    k = np.random.default_rng(seed).uniform(-0.5, 0.5, (300, 2))
    operator = NonCartesian(random_complex(seed, 2, n0, n1), k, np.abs(random_complex(seed, 300)), tolerance=1e-6)
    image, samples = random_complex(seed + 2, n0, n1), random_complex(seed + 3, 2, 300)
    left = np.vdot(samples * operator.weights, operator.forward(image))
    assert abs(left - np.vdot(operator.adjoint(samples), image)) < 1e-4 * np.linalg.norm(image) * np.linalg.norm(
        samples
    )
    both = operator.adjoint(operator.forward(image))
    assert np.linalg.norm(operator.normal(image) - both) < 1e-4 * np.linalg.norm(both)


def test_non_cartesian_forward_is_the_sum_it_says():
    k = np.random.default_rng(0).uniform(-0.5, 0.5, (40, 2))
    maps, image = random_complex(1, 2, 15, 12), random_complex(2, 15, 12)
    x, y = np.arange(15) - 7, np.arange(12) - 6
    kernel = np.exp(-2j * np.pi * (k[:, :1, None] * x[:, None] + k[:, 1:, None] * y[None]))
    direct = np.einsum("sxy,cxy->cs", kernel, maps * image) / np.sqrt(180)
    assert np.abs(NonCartesian(maps, k, tolerance=1e-6).forward(image) - direct).max() < 1e-4


@pytest.mark.parametrize("segments", [None, 12])
def test_off_resonance_adjoint_and_accuracy(segments):
    random = np.random.default_rng(0)
    k, t = random.uniform(-0.5, 0.5, (60, 2)), np.linspace(0, 10e-3, 60)
    field = 150 * np.cos(np.linspace(0, 3, 16))[:, None] * np.ones(14)
    maps, image = random_complex(1, 2, 16, 14), random_complex(2, 16, 14)
    operator = OffResonant(maps, k, t, field, segments, tolerance=1e-6)
    dot_test(operator, image, random_complex(3, 2, 60))
    x, y = np.arange(16) - 8, np.arange(14) - 7
    kernel = np.exp(-2j * np.pi * (k[:, :1, None] * x[:, None] + k[:, 1:, None] * y[None] + t[:, None, None] * field))
    direct = np.einsum("sxy,cxy->cs", kernel, maps * image) / np.sqrt(16 * 14)
    assert np.linalg.norm(operator.forward(image) - direct) < 0.01 * np.linalg.norm(direct)


@given(st.integers(2, 12), st.integers(2, 12), st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_differences_adjoint(n0, n1, seed):
    image, field = random_complex(seed, n0, n1), random_complex(seed + 1, 2, n0, n1)
    assert abs(np.vdot(field, differences(image)) - np.vdot(differences_adjoint(field), image)) < 1e-3


def test_the_transform_is_unitary_and_centred():
    image = random_complex(0, 13, 16)
    assert np.abs(to_image(to_kspace(image, (0, 1)), (0, 1)) - image).max() < 1e-5
    point = np.zeros((13, 16), np.complex64)
    point[6, 8] = 1
    assert np.abs(to_kspace(point, (0, 1)) - 1 / np.sqrt(13 * 16)).max() < 1e-6


@pytest.mark.skipif(not fused.AVAILABLE, reason="Numba is not installed")
@pytest.mark.parametrize("axes", [(0,), (1,), (0, 1)])
@pytest.mark.parametrize("shape", [(32, 64), (64, 32)])
def test_the_compiled_step_equals_the_plain_one(axes, shape):
    operator = Cartesian(
        loops(64, 5)[:, : shape[0], : shape[1]], (np.abs(random_complex(1, *shape)) > 1).astype(np.float32), axes
    )
    right, point = random_complex(2, *shape), random_complex(3, *shape)
    fast = operator.descent()
    assert not isinstance(fast, PlainDescent)
    plain = PlainDescent(operator, operator.norm_bound)
    plain.start(right)
    fast.start(right)
    a, b = planes(point), planes(point.T if fast.turned else point)
    plain.step(a)
    fast.step(b)
    again = joined(b).T if fast.turned else joined(b)
    assert np.linalg.norm(joined(a) - again) < 1e-5 * np.linalg.norm(again)


@pytest.mark.skipif(not fused.AVAILABLE, reason="Numba is not installed")
def test_a_width_that_is_no_multiple_of_the_lanes():
    operator = Cartesian(random_complex(0, 3, 16, 21), np.ones((16, 21), np.float32), (0,))
    fast, plain = operator.descent(), PlainDescent(operator, operator.norm_bound)
    right, a = random_complex(2, 16, 21), planes(random_complex(3, 16, 21))
    b = a.copy()
    for descent, point in ((plain, a), (fast, b)):
        descent.start(right)
        descent.step(point)
    assert np.abs(a - b).max() < 1e-5


@pytest.mark.parametrize("shape", [(32, 32), (33, 50), (64, 40)])
def test_wavelets_without_threshold_change_nothing_and_threshold_shrinks(shape):
    prox = WaveletShrink(shape, seed=3)
    point = planes(random_complex(0, *shape))
    image, before = point.copy(), point.copy()
    prox.shrink(point, 0.0, 0.5, image)
    assert np.abs(image - before).max() < 1e-5
    prox.shrink(point, 0.5, 0.0, image)
    assert np.linalg.norm(image) < 0.9 * np.linalg.norm(before)


@pytest.mark.parametrize("shape", [(64, 96), (37, 50)])
@pytest.mark.skipif(not fused.AVAILABLE, reason="Numba is not installed")
def test_wavelets_in_numpy_equal_the_compiled_ones(shape, monkeypatch):
    """Platforms without Numba shrink the same coefficients."""
    random = np.random.default_rng(5)
    given = [random.standard_normal((2, *shape)).astype(np.float32) for _ in range(2)]
    results = []
    for available in (True, False):
        monkeypatch.setattr(fused, "AVAILABLE", available)
        point, image = (a.copy() for a in given)
        prox = WaveletShrink(shape, seed=3)
        for _ in range(2):
            prox.shrink(point, 0.3, 0.4, image)
        results.append((point, image))
    for compiled, plain in zip(*results, strict=True):
        assert np.allclose(compiled, plain, atol=3e-6)
    assert np.abs(results[0][1] - given[1]).max() > 0.1


@pytest.mark.skipif(not fused.AVAILABLE, reason="Numba is not installed")
def test_many_steps_on_threads_that_meet_are_the_same_as_one_after_the_other():
    operator = Cartesian(loops(64, 4), (np.arange(64) % 3 == 0)[:, None] * np.ones((1, 64), np.float32), (0,))
    right, start = random_complex(2, 64, 64), planes(random_complex(3, 64, 64))
    momenta = [0.0, 0.3, 0.4]
    found = []
    for steps in (Descent.shrunk, type(operator.descent()).shrunk):
        descent, prox = operator.descent(), WaveletShrink((64, 64), seed=3)
        descent.start(right)
        point, image = start.copy(), start.copy()
        steps(descent, point, image, prox, 0.05, momenta)
        found.append((point, image))
    assert np.array_equal(found[0], found[1])
    assert np.abs(found[0][1] - start).max() > 0.1


def test_a_part_that_fails_lets_the_others_go():
    def part(gate, number, parts):
        if number == parts - 1:
            raise ModelError("it failed")
        if fused.AVAILABLE:
            assert not fused.meet(gate, parts)

    with pytest.raises(ModelError, match="it failed"):
        threads.together(part)


@pytest.mark.skipif(not fused.AVAILABLE, reason="Numba is not installed")
def test_compiled_wavelets_have_the_bits_of_plain_arithmetic(monkeypatch):
    """Else they would depend on how the compiler puts functions together: differently now than from its files on disk."""
    random = np.random.default_rng(5)
    image = random.standard_normal((2, 16, 16)).astype(np.float32)

    def there_and_back(forward, inverse):
        corner, details = np.zeros((2, 8, 8), np.float32), np.zeros((3, 2, 8, 8), np.float32)
        new, point = image.copy(), image.copy()
        forward(image, 3, 5, np.float32(0.3), 0, 8, corner, details)
        inverse(corner, details, 3, 5, np.float32(0.4), 0, 8, new, point)
        return corner, details, new, point

    compiled = there_and_back(fused.forward_stripe, fused.inverse_stripe)
    for name in ("split_line", "join_line", "combine", "shrink", "extrapolate", "copy_row"):
        monkeypatch.setattr(fused, name, getattr(fused, name).py_func)
    interpreted = there_and_back(fused.forward_stripe.py_func, fused.inverse_stripe.py_func)
    for a, b in zip(compiled, interpreted, strict=True):
        assert np.array_equal(a, b)


def test_wavelet_details_of_a_ramp_vanish():
    """Two vanishing moments: a linear slope has no details but where it wraps round."""
    n = 64
    ramp = np.add.outer(np.arange(n), 2 * np.arange(n)).astype(np.float32)
    corner, details = np.empty((2, n // 2, n // 2), np.float32), np.empty((3, 2, n // 2, n // 2), np.float32)
    image = np.stack([ramp, 0 * ramp])
    fused.forward_stripe(image, 0, 0, np.float32(0), 0, n // 2, corner, details)
    assert np.abs(details[:, :, :-1, :-1]).max() < 1e-3
    energy = (corner.astype(float) ** 2).sum() + (details.astype(float) ** 2).sum()
    assert energy == pytest.approx((image.astype(float) ** 2).sum(), rel=1e-5)
