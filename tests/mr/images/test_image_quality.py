"""Measures of quality against images of known quality."""

import image_files as files
import numpy as np
import pytest

from proband.model import ModelError
from proband.mr.images import previews, quality

TRUTH = np.random.default_rng(0).random((40, 40, 1)) + 1


def test_nrmse_and_scale():
    assert quality.nrmse(1.1 * TRUTH, TRUTH) == pytest.approx(0.1)
    assert quality.nrmse(quality.scaled_to(3j * TRUTH, TRUTH), TRUTH) == pytest.approx(0, abs=1e-12)


def test_ssim_of_itself_and_falling_with_noise():
    noise = np.random.default_rng(1).standard_normal(TRUTH.shape)
    values = [quality.ssim(TRUTH + s * noise, TRUTH) for s in (0, 0.1, 0.3)]
    assert values[0] == pytest.approx(1) and values[0] > values[1] > values[2]


def test_snr_by_difference():
    rng = np.random.default_rng(3)
    one, two = (20 + rng.standard_normal((100, 100)) for _ in range(2))
    assert quality.snr_difference(one, two, np.ones((100, 100), bool)) == pytest.approx(20, rel=0.03)


@pytest.mark.parametrize("sigma", [1.0, 2.0, 3.0])
def test_edge_width_of_a_gaussian_edge(sigma):
    from scipy.special import erf

    x = np.arange(-30, 30.5, 0.5)
    profile = 5 + 2 * erf(x / sigma / np.sqrt(2))
    assert quality.edge_width(profile, 0.5) == pytest.approx(2 * 1.28155 * sigma, rel=0.04)
    assert quality.edge_width(profile[::-1], 0.5) == pytest.approx(2 * 1.28155 * sigma, rel=0.04)


def test_uniformity_of_two_regions():
    assert quality.percent_integral_uniformity(90, 110) == pytest.approx(90)


def test_refusals():
    nothing = np.zeros_like(TRUTH)
    for call in (
        lambda: quality.nrmse(TRUTH, nothing),
        lambda: quality.nrmse(TRUTH[:5], TRUTH),
        lambda: quality.nrmse(TRUTH * np.nan, TRUTH),
        lambda: quality.ssim(TRUTH, nothing),
        lambda: quality.snr_difference(TRUTH, TRUTH, TRUTH > 0),
        lambda: quality.edge_width(np.ones(20), 1.0),
        lambda: quality.percent_integral_uniformity(2, 1),
    ):
        with pytest.raises(ModelError):
            call()


def test_previews_are_upright_and_to_scale(tmp_path):
    from PIL import Image as Picture

    image = files.ramp_image()
    plane = previews.upright(image)
    # Data grow to the right (+x) and forward (+y): forward is up, the patient's right is on the left of the picture.
    assert plane[0, 0] == plane.max() and plane[-1, -1] == plane.min()
    with Picture.open(previews.write_png(image, tmp_path / "a.png")) as picture:
        assert picture.size[1] / picture.size[0] == pytest.approx(20 / 12, rel=0.02)
    one = previews.write_comparison([image], tmp_path / "c.png", truth=files.ramp_image())
    assert (
        one.read_bytes()
        == previews.write_comparison([image], tmp_path / "d.png", truth=files.ramp_image()).read_bytes()
    )
    with pytest.raises(ModelError, match="no slice 9"):
        previews.upright(image, 9)
