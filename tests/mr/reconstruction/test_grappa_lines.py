"""GRAPPA: which lines it takes, and how much noise it makes of noise."""

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr.reconstruction import grappa
from proband.mr.reconstruction.fourier import to_image, to_kspace

N = 48
LINE = np.arange(N)


@pytest.mark.parametrize(("step", "begin", "count"), [(3, 16, 16), (3, 17, 15), (4, 18, 13), (2, 20, 9), (3, 16, 0)])
def test_a_full_centre_may_begin_and_end_anywhere(step, begin, count):
    assert grappa.acceleration((LINE % step == 1) | ((begin <= LINE) & (begin + count > LINE))) == step


@pytest.mark.parametrize("lines", [np.isin(LINE, (0, 3, 7, 9, 20, 22)), (LINE % 3 == 0) | np.isin(LINE, (10, 31))])
def test_no_regular_step_is_refused(lines):
    with pytest.raises(ModelError, match="no regular step"):
        grappa.acceleration(lines)


def test_missing_lines_bring_little_more_noise_than_their_number():
    """Twenty-four coils around a disk, R = 2 with a small centre that is not in step: √2 and little more, with an exact fit beside it."""
    x = (np.arange(N) - N // 2) / N
    turn = np.exp(2j * np.pi * np.arange(24) / 24)[:, None, None]
    maps = turn * np.exp(-8 * ((x[:, None] - 0.5 * turn.real) ** 2 + (x - 0.5 * turn.imag) ** 2))
    disk = (np.hypot(x[:, None], x) < 0.33).astype(float)
    whole = to_kspace((maps * disk).astype(np.complex64), (1, 2))
    rng = np.random.default_rng(1)
    lines = (LINE % 2 == 0) | (np.abs(LINE - 23) < 6)

    def image(noise):
        k = whole + noise * (rng.standard_normal(whole.shape) + 1j * rng.standard_normal(whole.shape))
        filled = grappa.fill(np.where(lines, k, 0).astype(np.complex64), lines, k[:, :, 18:29].astype(np.complex64))
        return (to_image(filled, (1, 2)) * maps.conj()).sum(0) / (np.abs(maps) ** 2).sum(0)

    inside = np.hypot(x[:, None], x) < 0.28
    assert np.abs(image(0.0) - disk)[inside].mean() < 0.03
    level = 2e-3
    spread = np.std([image(level) for _ in range(6)], axis=0)[inside].mean()
    alone = np.sqrt(2) * level / np.sqrt((np.abs(maps) ** 2).sum(0))[inside].mean()
    assert spread < 1.6 * alone
