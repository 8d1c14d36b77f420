"""The diffusion coefficient and its error: of signals that fall as they should, and over many noises."""

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr.reconstruction.diffusion import diffusion_coefficient

B = np.array([0.0, 400.0, 400.0, 400.0, 1000.0, 1000.0, 1000.0])


def test_the_mean_of_three_directions():
    tensor = np.array([[1.7e-9, 0.4e-9, 0.3e-9]])
    signal = 100 * np.exp(-1e6 * B * np.concatenate([[0.0], tensor[0], tensor[0]]))
    found, error = diffusion_coefficient(signal[None], B, 1.0)
    assert found[0] == pytest.approx(tensor.mean(), rel=1e-9) and 0 < error[0] < 1e-10


def test_the_error_is_the_spread_over_many_noises():
    signal = 200 * np.exp(-1e6 * B * 0.8e-9)
    noise = np.random.default_rng(0).standard_normal((4000, B.size)) * 2.0
    found, error = diffusion_coefficient(signal + noise, B, 2.0)
    assert found.mean() == pytest.approx(0.8e-9, rel=0.005)
    assert found.std() == pytest.approx(error.mean(), rel=0.05)


def test_one_b_tells_nothing():
    with pytest.raises(ModelError, match="two different b"):
        diffusion_coefficient(np.ones((3, 2)), np.array([500.0, 500.0]), 1.0)
