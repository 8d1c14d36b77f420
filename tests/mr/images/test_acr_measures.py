"""The ACR test's measures on a perfect picture of the phantom, with faults of known size."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr.images import acr_measures as measures
from proband.mr.images.image import Image
from proband.mr.phantom import acr
from proband.mr.space import Grid


@cache
def picture(number, pixel=1e-3, shift=0.0, thickness=5e-3, deep=5, points=2):
    """The mean proton density over a slice that lies `shift` off its place, as an image that says it is in place."""
    n, z = round(0.24 / pixel), acr.SLICE_Z[number - 1] * 1e-3
    grid = Grid.centred((n, n, deep), (pixel, pixel, thickness / deep))
    grid.affine[2, 3] += z + shift
    patient = acr.acr(3.0, grid=grid, partial_volume=points)
    flat = Grid.centred((n, n, 1), (pixel, pixel, thickness))
    flat.affine[2, 3] = z
    return Image(patient.density.mean(2, keepdims=True).astype(float), flat, f"slice {number}")


def noisy(image, sigma, seed=0):
    return replace(image, data=image.data + sigma * np.random.default_rng(seed).standard_normal(image.data.shape))


@pytest.mark.parametrize("thickness", [5e-3, 4e-3])
def test_slice_thickness(thickness):
    assert measures.slice_thickness(picture(1, thickness=thickness)) == pytest.approx(thickness, abs=0.3e-3)


@pytest.mark.parametrize(("number", "shift"), [(1, 0.0), (1, 2e-3), (11, -3e-3)])
def test_slice_position(number, shift):
    assert measures.slice_position(picture(number, shift=shift), number) == pytest.approx(shift, abs=0.3e-3)


def test_diameters_and_a_stretched_image():
    image = picture(5, deep=1)
    assert np.allclose(measures.diameters(image), 0.190, atol=0.5e-3)
    wide = Grid(image.grid.shape, np.diag([1.02, 1, 1, 1]) @ image.grid.affine)
    assert measures.diameters(replace(image, grid=wide))[0] == pytest.approx(1.02 * 0.190, abs=0.5e-3)


def test_resolution_needs_pixels():
    assert measures.resolved(picture(1, pixel=0.5e-3, deep=2)) == dict.fromkeys(acr.HOLES, (True, True))
    assert not any(any(seen) for seen in measures.resolved(picture(1, pixel=2e-3, deep=2)).values())


def test_uniformity_of_a_shaded_image():
    image = picture(7, deep=1)
    assert measures.uniformity(image) > 99.9
    reach = np.sqrt(20000e-6 / np.pi) - 2 * np.sqrt(100e-6 / np.pi)
    shade = 1 + 2.0 * image.grid.points()[..., 0]  # per m
    low, high = 1 - 2.0 * reach, 1 + 2.0 * reach
    shaded = measures.uniformity(replace(image, data=image.data * shade))
    assert shaded == pytest.approx(100 * (1 - (high - low) / 2), abs=2.5)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.05])
def test_ghosts(share):
    """A ghost half a field of view away in y lies above and below the phantom, and at its height not beside it."""
    image = picture(7, deep=1)
    ghost = share * np.roll(image.data, image.data.shape[1] // 2, axis=1)
    assert measures.ghosting(replace(image, data=image.data + ghost)) == pytest.approx(
        100 * share, abs=0.35 * 100 * share + 0.05
    )


def test_spokes_fade_with_noise_and_with_contrast():
    counts = [[measures.spokes(noisy(picture(n, deep=1), s), n) for n in (8, 9, 10, 11)] for s in (0.001, 0.01, 0.03)]
    assert sum(counts[0]) >= 37  # the limit at 3 T
    assert sum(counts[0]) > sum(counts[1]) > sum(counts[2])
    assert counts[1][0] < counts[1][3]


def test_noise_alone_shows_no_spokes():
    plain = picture(7, deep=1)
    grid = Grid(plain.grid.shape, plain.grid.affine.copy())
    grid.affine[2, 3] = acr.SLICE_Z[7] * 1e-3
    assert [measures.spokes(noisy(replace(plain, grid=grid), 0.02, seed), 8) for seed in range(20)].count(0) >= 19


def test_refusals():
    image = picture(7, deep=1)
    for call, said in (
        (lambda: measures.slice_thickness(image), "no slice"),
        (lambda: measures.spokes(image, 7), "8 to 11"),
        (lambda: measures.slice_position(image, 5), "1 and 11"),
        (lambda: measures.uniformity(replace(image, data=image.data * np.nan)), "finite"),
        (lambda: measures.diameters(replace(image, data=np.ones_like(image.data)), 7), "edge"),
    ):
        with pytest.raises(ModelError, match=said):
            call()
