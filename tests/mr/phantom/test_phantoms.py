"""Phantoms hold what they say: sizes, volumes, thicknesses, masks, whatever the resolution."""

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr import phantom
from proband.mr.phantom import acr, nist
from proband.mr.phantom.breathing import Breathing
from proband.mr.phantom.head import CORTEX, DEPTH, SPACING, SULCUS, Folds, head
from proband.mr.phantom.implants import with_implant


def volume(patient, *tissues):
    """mL."""
    labels = [patient.tissues.index(t) for t in tissues]
    return np.isin(patient.labels, labels).sum() * np.prod(patient.grid.voxel) * 1e6


@pytest.mark.parametrize("name", ["head", "abdomen", "knee", "nist"])
def test_maps_are_whole_and_the_same_each_time(name):
    first, again = (phantom.build(name, 5.0, voxel=8e-3) for _ in range(2))
    for what in ("density", "T1", "T2", "T2_prime", "fat", "susceptibility", "permittivity", "conductivity"):
        one = getattr(first, what)
        assert one.shape == first.grid.shape and np.isfinite(one).all()
        assert np.array_equal(one, getattr(again, what))


def test_brain_has_an_adults_volumes():
    patient = head(3.0, 4e-3)
    brain = volume(patient, "grey_matter", "white_matter", "putamen", "caudate")
    assert 1050 < brain < 1500  # mL, adults
    assert 0.7 < volume(patient, "grey_matter") / volume(patient, "white_matter") < 1.7


def test_cortex_is_a_ribbon_of_its_thickness():
    """Along a radius that meets no sulcus, grey matter is as thick as said; in sulci it lies deep under the hull."""
    folds = Folds((0, 0, 0), (67, 84, 64), 44, SPACING, DEPTH, CORTEX, SULCUS, fissure=True)
    rng = np.random.default_rng(0)
    directions = rng.standard_normal((4000, 3))
    directions[:, 2] = np.abs(directions[:, 2])
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    shell = directions * np.array([67, 84, 64]) * 0.999
    _, sulcus = folds.distances(shell)
    crown = sulcus > 6
    assert crown.sum() > 50
    outward = directions[crown] * np.array([67, 84, 64])
    reach = np.linalg.norm(outward, axis=1)
    for depth, white in ((CORTEX - 0.3, False), (CORTEX + 0.3, True)):
        assert np.all(folds.white(outward * (1 - depth / reach)[:, None]) == white) or white
    deep = outward * (1 - 12 / reach)[:, None]
    assert 0 < folds.white(deep).mean() <= 1
    assert (sulcus < SULCUS).mean() > 0.03  # there are sulci at all


@pytest.mark.parametrize(("name", "at"), [("head", (-0.027, -0.018, 0.022)), ("abdomen", (0.098, 0.020, 0.030))])
def test_lesions_are_where_and_as_large_as_asked(name, at):
    box = tuple((c - 0.01, c + 0.01) for c in at)
    patient = phantom.build(name, 3.0, voxel=0.5e-3, box=box, lesion=10e-3)
    mask = patient.truth["lesion"]
    assert mask.sum() == pytest.approx(8 * 4 / 3 * np.pi * 5**3, rel=0.02)
    assert np.allclose(patient.grid.points()[mask].mean(0), at, atol=1e-3)
    assert "lesion" not in phantom.build(name, 3.0, voxel=1e-3, box=box).truth


def test_cartilage_defect_is_in_the_cartilage():
    box = ((0.010, 0.034), (-0.014, 0.010), (-0.012, 0.004))
    whole = phantom.build("knee", 3.0, voxel=0.5e-3, box=box)
    broken = phantom.build("knee", 3.0, voxel=0.5e-3, box=box, lesion=6e-3)
    was = whole.labels[broken.truth["lesion"]]
    assert (was == whole.tissues.index("cartilage")).mean() > 0.9


def test_acr_contents():
    low = acr.slice_of(3.0, 11, pixel=1e-3)
    sheet = low.density[low.labels == low.tissues.index("sheet 5.1 %")]
    assert np.allclose(sheet, 1 - 0.051)
    x, y = low.grid.points()[..., 0], low.grid.points()[..., 1]
    inside = np.hypot(x, y) < 0.095
    assert low.density[inside].mean() > 0.9 and np.all(low.density[np.hypot(x, y) > 0.0955] == 0)
    middle = acr.slice_of(3.0, 7, pixel=2e-3, partial_volume=4)
    assert middle.density.sum() * 4 == pytest.approx(np.pi * 95**2, rel=2e-3)  # mm²: edges shared out


def test_nist_spheres_hold_their_values():
    patient = nist.nist(3.0, 3e-3)
    for array in ("T1", "T2", "PD"):
        truth = patient.truth[array]
        index = np.round((truth["centre"] - patient.grid.affine[:3, 3]) / 3e-3).astype(int)
        here = tuple(index.T)
        assert np.allclose(patient.T1[here], truth["T1"]) and np.allclose(patient.T2[here], truth["T2"])
        assert np.allclose(patient.density[here], truth["density"])
    assert len(patient.truth["fiducials"]) == 57


def test_breathing_moves_the_liver_and_not_the_spine():
    breath = Breathing(amplitude=0.012, period=4.0, frames=8)
    shift = breath.shift(np.array([[0.07, 0.01, 0.04], [0.0, -0.09, 0.0], [0.16, 0.0, 0.04]]))
    assert shift.shape == (8, 3, 3) and np.all(shift[0] == 0)
    assert shift[4, 0, 2] < -0.009 and np.all(np.abs(shift[:, 1]) < 1e-6) and np.all(np.abs(shift[:, 2, 2]) < 1e-6)


def test_breathing_never_folds_the_body():
    """Neighbours stay neighbours: the map of the fullest breath has a positive Jacobian everywhere."""
    breath = Breathing()
    grid = np.stack(np.meshgrid(*[np.linspace(-0.13, 0.13, 30)] * 3, indexing="ij"), -1)
    moved = grid + breath.field(grid.reshape(-1, 3)).reshape(grid.shape)
    step = 0.26 / 29
    slopes = np.stack([np.gradient(moved[..., i], step, axis=(0, 1, 2)) for i in range(3)])
    assert np.linalg.det(np.moveaxis(slopes, (0, 1), (-2, -1))).min() > 0.3


def test_metal_has_no_signal_and_its_susceptibility():
    box = ((-0.03, 0.03), (-0.01, 0.01), (-0.05, -0.03))
    patient = phantom.build("knee", 3.0, voxel=1e-3, box=box)
    mended = with_implant(patient, "titanium", centre=(0, 0, -0.04), radius=6e-3, length=0.05)
    mask = mended.truth["implant"]
    assert mask.sum() * 1e-9 == pytest.approx(np.pi * 36e-6 * 0.05, rel=0.03)
    assert np.all(mended.susceptibility[mask] == 182) and np.all(mended.density[mask] == 0)
    assert np.array_equal(mended.density[~mask], patient.density[~mask])


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("brain", {}, "no phantom"),
        ("head", {"leson": 1e-3}, "lesion"),
        ("head", {"lesion": 0.2}, "diameter"),
        ("knee", {"voxel": -1.0}, "above zero"),
        ("knee", {"voxel": 1e-6}, "too many"),
        ("knee", {"partial_volume": 0}, "partial_volume"),
        ("acr", {"filling": "beer"}, "water"),
        ("knee", {"voxel": 0.01, "box": ((0, 1), (1, 0), (0, 1))}, "low below high"),
    ],
)
def test_refusals(name, options, said):
    with pytest.raises(ModelError, match=said):
        phantom.build(name, 3.0, **options)
