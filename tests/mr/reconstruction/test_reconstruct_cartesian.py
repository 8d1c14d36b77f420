"""Every Cartesian method on a known object, bounded; and what it refuses."""

import numpy as np
import pytest
from simulated_scans import cartesian_lines, error_inside, raw_of

from proband.model import ModelError
from proband.mr.reconstruction import methods, reconstruct
from proband.mr.reconstruction.bench_object import head, line_mask, loops

N = 64
ALL = np.arange(N)
CENTRE = np.arange(N // 2 - 10, N // 2 + 10)


def every(step):
    return np.union1d(ALL[::step], CENTRE)


@pytest.mark.parametrize("oversampling", [1, 2])
@pytest.mark.parametrize("shift", [(0.0, 0.0), (5.0, -3.5)])
def test_fft_gives_the_object_itself_wherever_the_grid_lies(object64, oversampling, shift):
    one = np.ones((1, N, N))
    image = reconstruct(raw_of(object64, one, cartesian_lines(N, ALL, oversampling=oversampling), shift=shift), "fft")
    scale = np.sqrt(1e12)  # noise of 1e-6 becomes 1
    assert np.abs(np.squeeze(image.data) / scale - object64).max() < 2e-4


def test_reversed_and_oversampled_lines_of_an_epi_train_fall_on_the_same_grid(object64):
    lines = cartesian_lines(N, ALL, oversampling=2)
    lines[1::2] = lines[1::2, ::-1]
    image = reconstruct(raw_of(object64, np.ones((1, N, N)), lines), "fft")
    assert error_inside(image.data, object64) < 1e-4


def test_samples_on_gradient_ramps_are_solved_not_interpolated(object64):
    t = np.linspace(-1, 1, 160)
    ramped = 0.5 * (t * 1.25 - 0.25 * np.sign(t) * t**2)  # dense at the ends, as on ramps
    lines = np.zeros((N, 160, 2))
    lines[:, :, 0], lines[:, :, 1] = ramped, (ALL - N // 2)[:, None] / N
    assert error_inside(reconstruct(raw_of(object64, np.ones((1, N, N)), lines), "fft").data, object64) < 0.01


def test_repeated_lines_are_averaged(object64):
    twice = cartesian_lines(N, np.tile(ALL, 4))
    once = cartesian_lines(N, ALL)
    noise = []
    for readouts in (once, twice):
        image = np.squeeze(reconstruct(raw_of(object64, np.ones((1, N, N)), readouts, sigma=1.0), "fft").data)
        noise.append(np.std((image - object64).real))
    assert noise[1] / noise[0] == pytest.approx(0.5, rel=0.05)


def test_the_noise_of_the_image_is_what_the_image_says(object64):
    image = reconstruct(raw_of(0 * object64 + 1e-3, np.ones((1, N, N)), cartesian_lines(N, ALL), sigma=1.0), "fft")
    assert np.std(image.data) == pytest.approx(image.info["noise_sigma"], rel=0.03)


@pytest.mark.parametrize(
    ("method", "lines", "bound"),
    [
        ("fft", ALL, 0.03),
        ("pocs", ALL[22:], 0.06),
        ("pocs", ALL[:-22], 0.06),
        ("grappa", every(2), 0.04),
        ("grappa", every(3), 0.06),
        ("cg-sense", every(3), 0.04),
        ("cg-sense", ALL[::2], 0.04),
        ("l1-wavelet", ALL[line_mask(N, 3, 14)], 0.06),
        ("tv", ALL[line_mask(N, 3, 14)], 0.06),
    ],
)
def test_every_method_finds_the_object(object64, maps64, method, lines, bound):
    given = maps64 if len(lines) == N // 2 else None  # without a centre the maps come from elsewhere
    raw = raw_of(object64, maps64, cartesian_lines(N, lines), sigma=0.3)
    if given is not None:
        given = (given / 0.3)[..., None]
    image = reconstruct(raw, method, maps=given)
    truth = object64
    folded = reconstruct(raw, "zero-filled")
    found = error_inside(np.abs(image.data), np.abs(truth))
    assert found < bound
    if len(lines) < N:
        assert found < 0.6 * error_inside(np.abs(folded.data), np.abs(truth))


def test_homodyne_restores_an_object_without_phase(magnitude64):
    raw = raw_of(magnitude64, np.ones((1, N, N)), cartesian_lines(N, ALL[22:]))
    found = error_inside(reconstruct(raw, "homodyne").data, magnitude64)
    assert found < 0.03
    assert found < 0.5 * error_inside(reconstruct(raw, "zero-filled").data, magnitude64)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [(ALL, "fft"), (ALL[20:], "pocs"), (every(3), "cg-sense"), (ALL[line_mask(N, 3, 14)], "l1-wavelet")],
)
def test_auto_chooses_by_the_sampling(object64, maps64, lines, expected):
    image = reconstruct(raw_of(object64, maps64, cartesian_lines(N, lines), sigma=0.3))
    assert image.info["reconstruction"] == expected


def test_virtual_coils_cost_little(object64, maps64):
    raw = raw_of(object64, maps64, cartesian_lines(N, every(2)), sigma=0.3)
    assert error_inside(np.abs(reconstruct(raw, "cg-sense", virtual_coils=6).data), np.abs(object64)) < 0.04


def test_correlated_noise_is_whitened(object64, maps64):
    from dataclasses import replace

    mix = np.eye(8) + 0.4 * np.random.default_rng(1).standard_normal((8, 8))
    raw = raw_of(object64, maps64, cartesian_lines(N, every(2)), sigma=0.3)
    mixed = replace(raw, signal=np.einsum("ab,rbs->ras", mix, raw.signal), noise=mix @ raw.noise @ mix.T)
    a = reconstruct(raw, "cg-sense", maps=(maps64 / 0.3)[..., None]).data
    # The mixed channels' own sensitivities after whitening
    white = np.linalg.inv(np.linalg.cholesky(mixed.noise)) @ mix
    b = reconstruct(mixed, "cg-sense", maps=np.tensordot(white, maps64, 1)[..., None]).data
    assert np.linalg.norm(a - b) / np.linalg.norm(a) < 1e-3


def test_slices_are_told_apart_by_their_label(object64):
    from dataclasses import replace

    from proband.mr.space import Grid

    raw = raw_of(
        np.concatenate([np.tile(object64, (N, 1, 1)), np.tile(object64[::-1], (N, 1, 1))]),
        np.ones((1, N, N)),
        cartesian_lines(N, np.tile(ALL, 2)),
        labels={"SLC": np.repeat([1, 0], N)},
    )
    both = replace(raw, grid=Grid.centred((N, N, 2), (2e-3, 2e-3, 2e-3)))
    image = reconstruct(both, "fft").data
    assert error_inside(image[:, :, 1], object64) < 1e-4
    assert error_inside(image[:, :, 0], object64[::-1]) < 1e-4
    with pytest.raises(ModelError, match="SLC"):
        reconstruct(replace(both, labels={}), "fft")


def test_three_dimensions():
    from proband.mr.raw import RawData
    from proband.mr.space import Grid

    n, nz = 32, 16
    volume = np.stack([head(n, texture=0) * (0.3 + 0.7 * np.exp(-(((z - 8) / 4) ** 2))) for z in range(nz)], -1)
    sens = loops(n, 6)[..., None] * np.exp(0.3j * np.arange(6))[:, None, None, None]
    grid = Grid.centred((n, n, nz), (2e-3, 2e-3, 3e-3))
    x, z = (np.arange(n) - (n - 1) / 2), np.arange(nz) - (nz - 1) / 2
    k, kz = (np.arange(n) - n // 2) / n, (np.arange(nz) - nz // 2) / nz
    E, Ez = np.exp(-2j * np.pi * np.outer(k, x)), np.exp(-2j * np.pi * np.outer(kz, z))
    space = np.einsum("ai,bj,dk,cijk->cabd", E, E, Ez, sens * volume, optimize=True)
    wanted = [
        (j, l)
        for j in range(n)
        for l in range(nz)
        if (j + l) % 2 == 0 or (abs(j - n // 2) < 6 and abs(l - nz // 2) < 4)
    ]
    signal = np.array([space[:, :, j, l] for j, l in wanted])
    trajectory = np.zeros((len(wanted), n, 3))
    trajectory[:, :, 0] = k / 2e-3
    trajectory[:, :, 1] = np.array([k[j] for j, _ in wanted])[:, None] / 2e-3
    trajectory[:, :, 2] = np.array([kz[l] for _, l in wanted])[:, None] / 3e-3
    raw = RawData(signal, trajectory, np.zeros((len(wanted), n)), {}, np.eye(6), grid, 3.0)
    maps = sens.repeat(nz, axis=3) if sens.shape[3] == 1 else sens
    image = reconstruct(raw, "cg-sense", maps=maps).data
    assert image.shape == (n, n, nz)
    assert error_inside(image, volume) < 0.01
    assert error_inside(np.abs(reconstruct(raw, "l1-wavelet", maps=maps).data), np.abs(volume)) < 0.05


def test_a_film_by_low_rank_plus_sparse(object64, maps64):
    frames, x = 16, (np.arange(N) - N // 2)
    beat = []
    for f in range(frames):
        r = 6 + 2.5 * np.cos(2 * np.pi * f / frames)
        blob = np.exp(-((np.hypot(x[:, None] - 4, x[None] + 6) / r) ** 6))
        beat.append((object64 * (1 - blob) + blob).astype(np.complex64))
    random = np.random.default_rng(0)
    lines, labels, images = [], [], []
    for f in range(frames):
        own = np.union1d(np.arange(N // 2 - 3, N // 2 + 3), random.choice(N, 10, replace=False))
        lines += own.tolist()
        labels += [f] * len(own)
        images += [beat[f]] * len(own)
    raw = raw_of(images, maps64, cartesian_lines(N, lines), labels={"PHS": np.array(labels)}, sigma=0.2)
    image = reconstruct(raw, maps=(maps64 / 0.2)[..., None])
    assert image.info["reconstruction"] == "low-rank-sparse"
    assert image.data.shape == (N, N, 1, frames)
    truth = np.stack(beat, -1)
    found = error_inside(image.data, truth)
    alone = reconstruct(raw, "l1-wavelet", maps=(maps64 / 0.2)[..., None])
    assert found < 0.06
    assert found < 0.8 * error_inside(alone.data, truth)


# ------------------------------------------------------------------------------------------------------- refusals


def broken(raw, **changes):
    from dataclasses import replace

    return replace(raw, **changes)


def test_what_cannot_be_is_refused_in_one_sentence(object64, maps64):
    raw = raw_of(object64, maps64, cartesian_lines(N, every(3)), sigma=0.3)
    nan = raw.signal.copy()
    nan[3, 2, 1] = np.nan
    cases = [
        (broken(raw, signal=nan), "auto", {}, "NaN"),
        (broken(raw, signal=0 * raw.signal), "auto", {}, "zero"),
        (raw, "magic", {}, "magic"),
        (raw, "fft", {}, "% of the lines"),
        (raw, "gridding", {}, "Cartesian"),
        (raw, "cg-sense", {"speed": 3}, "speed"),
        (raw, "pocs", {}, "gaps"),
        (broken(raw, noise=np.eye(3)), "auto", {}, "covariance"),
        (broken(raw, noise=-np.eye(8)), "auto", {}, "positive"),
        (broken(raw, trajectory=raw.trajectory * 3), "auto", {}, "FOV|outside"),
        (broken(raw, labels={"SLC": np.zeros(3)}), "auto", {}, "SLC"),
        (raw, "cg-sense", {"maps": maps64}, "grid"),
    ]
    for data, method, options, words in cases:
        with pytest.raises(ModelError, match=words) as caught:
            reconstruct(data, method, **options)
        assert "\n" not in str(caught.value)


def test_eightfold_in_one_direction_with_eight_coils_is_refused(object64, maps64):
    raw = raw_of(object64, maps64, cartesian_lines(N, ALL[::8]), sigma=0.3)
    with pytest.raises(ModelError, match=r"under-determined|singular"):
        reconstruct(raw, "cg-sense", maps=(maps64 / 0.3)[..., None])


def test_every_name_says_what_it_does():
    for name, line in methods().items():
        assert line and "\n" not in line, name
