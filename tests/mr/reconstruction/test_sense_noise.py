"""g-factor against closed forms and against replicas; what is singular."""

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr.reconstruction import coils, espirit, noise, sense
from proband.mr.reconstruction.bench_object import head, loops
from proband.mr.reconstruction.fourier import to_kspace
from proband.mr.reconstruction.operators import Cartesian


def test_g_of_two_voxels_and_two_coils_in_closed_form():
    """S = [[1, a], [a, 1]]: S^H S = [[1 + a², 2a], …], so g = (1 + a²)/(1 − a²)."""
    a = 0.5
    maps = np.array([[[1.0], [a]], [[a], [1.0]]], complex)
    g = sense.g_factor(maps, (2, 1))
    assert g == pytest.approx((1 + a**2) / (1 - a**2) * np.ones((2, 1)))


def test_g_is_one_without_acceleration_and_grows_with_it():
    maps = loops(64, 8)
    worst = [sense.g_factor(maps, (1, r)).max() for r in (1, 2, 4)]
    assert worst[0] == pytest.approx(1, abs=1e-6)
    assert 1 < worst[1] < worst[2]
    # the same acceleration split between two directions costs less
    assert sense.g_factor(maps, (2, 2)).max() < worst[2]


def test_replicas_agree_with_the_analytic_g():
    """SNR = SNR1/(g √R), within 5 % in the mean over the object and 10 % voxel by voxel for 95 % of them."""
    n, r, sigma = 32, 4, 1.0
    maps = loops(n, 8)
    inside = np.abs(head(n)) > 0.1
    mask = np.zeros((n, n), np.float32)
    mask[:, ::r] = 1
    operator = Cartesian(maps, mask, (1,))

    def solve(kspace):
        return sense.conjugate_gradients(operator.normal, operator.adjoint(kspace), 30, 1e-4)

    found = sense.pseudo_replica(solve, np.zeros((8, n, n), np.complex64), mask, sigma, 300, seed=1)
    # Fully sampled with Σ|S|² = 1 the image has noise sigma; with every R-th line of a unitary transform it has √R g sigma.
    g = found / sigma / np.sqrt(r)
    analytic = sense.g_factor(maps, (1, r))
    assert np.mean(g[inside] / analytic[inside]) == pytest.approx(1, abs=0.02)
    assert np.sqrt(np.mean((g[inside] / analytic[inside] - 1) ** 2)) < 0.05


def test_eight_folds_in_one_direction_are_singular_for_eight_coils_but_not_for_two_directions():
    maps = loops(64, 8)
    with pytest.raises(ModelError, match="singular") as caught:
        sense.g_factor(maps, (1, 8))
    assert "\n" not in str(caught.value)
    with pytest.raises(ModelError, match="only 4 coils"):
        sense.g_factor(loops(64, 4), (1, 8))
    assert sense.g_factor(loops(64, 32), (2, 2)).max() < 1.5


def test_conjugate_gradients_say_when_they_break():
    with pytest.raises(ModelError, match="broke down"):
        sense.conjugate_gradients(lambda x: -x, np.ones((4, 4), np.complex64))
    with pytest.raises(ModelError, match="NaN"):
        sense.conjugate_gradients(lambda x: x, np.full((4, 4), np.nan, np.complex64))
    with pytest.raises(ModelError, match=r"broke down|NaN"):
        sense.conjugate_gradients(lambda x: x * np.nan, np.ones((4, 4), np.complex64))


def test_espirit_finds_the_loops():
    n, random = 64, np.random.default_rng(0)
    maps, image = loops(n, 8), head(n)
    kspace = to_kspace(maps * image, (1, 2))
    kspace = kspace + 0.003 * (random.standard_normal(kspace.shape) + 1j * random.standard_normal(kspace.shape))
    mask = np.zeros((n, n), bool)
    mask[20:44, 20:44] = True
    found, value = espirit.maps(espirit.calibration(kspace, mask), (n, n))
    inside = np.abs(image) > 0.15
    agreement = np.abs((found.conj() * maps).sum(0))[inside]
    assert np.percentile(agreement, 2) > 0.99
    assert value.max() < 1.05 and value[inside].min() > 0.95
    assert value[2, 2] < 0.9 and not found[:, 2, 2].any()  # nothing there: cropped


def test_calibration_region_is_the_sampled_rectangle_and_its_lack_is_told():
    mask = np.zeros((40, 30), bool)
    mask[15:27, 9:22] = True
    assert espirit.calibration_region(mask) == (slice(15, 27), slice(9, 22))
    mask[:] = False
    mask[::2] = True
    with pytest.raises(ModelError, match="centre of k-space"):
        espirit.calibration(np.ones((2, 40, 30), np.complex64), mask)


def test_noise_covariance_and_its_whitening():
    random = np.random.default_rng(0)
    mix = random.standard_normal((4, 4)) + 1j * random.standard_normal((4, 4))
    white = (random.standard_normal((50, 4, 400)) + 1j * random.standard_normal((50, 4, 400))) / np.sqrt(2)
    samples = np.einsum("ab,rbs->ras", mix, white)
    found = noise.covariance(samples)
    assert np.linalg.norm(found - mix @ mix.conj().T) < 0.03 * np.linalg.norm(mix @ mix.conj().T)
    assert np.linalg.norm(noise.covariance(noise.prewhiten(samples, found)) - np.eye(4)) < 1e-3
    with pytest.raises(ModelError, match="at least"):
        noise.covariance(samples[:1, :, :8])


@pytest.mark.parametrize("geometric", [False, True])
def test_compression_keeps_the_signal_and_white_noise(geometric):
    n = 32
    full = (loops(n, 16) * head(n)).astype(np.complex64)
    if geometric:
        small = coils.compress_geometric(full, 6)
    else:
        small, matrix = coils.compress(full, 6)
        assert matrix @ matrix.conj().T == pytest.approx(np.eye(6), abs=1e-5)
    lost = 1 - (np.abs(small) ** 2).sum() / (np.abs(full) ** 2).sum()
    assert 0 <= lost < 0.01
    with pytest.raises(ModelError, match="virtual coils"):
        coils.compress(full, 20)


def test_geometric_compression_needs_fewer_coils():
    n = 32
    full = (loops(n, 16) * head(n)).astype(np.complex64)
    kept = [(np.abs(c) ** 2).sum() for c in (coils.compress_geometric(full, 3), coils.compress(full, 3)[0])]
    assert kept[0] > kept[1]
