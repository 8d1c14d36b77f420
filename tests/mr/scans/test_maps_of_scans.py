"""Maps that a trial leaves: water and fat, the static and the transmit field, diffusion; against what went in."""

import numpy as np
import pytest

pytest.importorskip("pypulseq")

from proband.model import ModelError
from proband.mr.phantom.isochromats import _between
from proband.mr.scans.chain import scan
from proband.mr.scans.protocol import Protocol
from proband.mr.scans.quantities import measure, transmit_field
from proband.mr.scans.regions import inner
from proband.mr.scans.subject import Subject

KNEE = Subject(phantom="knee", coarse=8e-3)
FOV = (0.18, 0.18)


def done(sequence, points=(2, 2, 8), **options):
    protocol = Protocol(
        "one", "scanner_3t", sequence, options={"fov": FOV, **options}, array="knee", part="limbs", mode="first level",
        slew=0.2, points=points,
    )  # fmt: skip
    return scan(KNEE, protocol, threads=2)


@pytest.fixture(scope="module")
def dixon():
    return done("dixon", matrix=(40, 40), TR=0.04)


def test_water_and_fat_lie_where_they_are(dixon):
    assert set(dixon.maps) == {"water", "water error", "fat", "fat fraction", "B0"}
    assert measure(dixon, "fat_fraction", "yellow_marrow") > 75 > 15 > measure(dixon, "fat_fraction", "muscle")


def true_field(finished, values):
    """A coarse map on the image's grid."""
    fields, grid = finished.ready.scene.fields, finished.ready.grid
    inverse = np.linalg.inv(fields.grid.affine)
    place = (grid.points() @ inverse[:3, :3].T + inverse[:3, 3]).reshape(-1, 3)
    return _between(values, place).reshape(grid.shape)


def test_the_static_field_is_the_scanners(dixon):
    plain = done("b0_map", matrix=(32, 32))
    for finished in (plain, dixon):
        found = finished.maps["B0"].data
        wanted = true_field(finished, finished.ready.scene.fields.off_resonance)
        for tissue in ("muscle", "fat") if finished is plain else ("muscle",):
            seen = inner(finished, tissue)
            assert abs(np.median((found - wanted)[seen])) < 5.0, tissue  # Hz, of some 25
        assert (found == 0).mean() > 0.05  # air
    assert 0 < np.median(plain.maps["B0 error"].data[plain.maps["B0 error"].data > 0]) < 1.0


def test_the_transmit_field_is_the_scanners():
    finished = done("b1_map", matrix=(24, 24), partitions=4)
    wanted = true_field(finished, transmit_field(finished)[0])
    found, error = finished.maps["B1"].data, finished.maps["B1 error"].data
    middle = np.zeros(found.shape, bool)
    middle[..., 1:3] = True  # the slab's edges turn less
    seen = (found > 0) & middle & (error < 0.02)
    assert seen.sum() > 100
    assert np.median(found[seen] / wanted[seen]) == pytest.approx(1.0, abs=0.05)


def test_diffusion_is_that_of_the_brain():
    """To what a few spins leave of echoes that no gradient takes away."""
    protocol = Protocol(
        "one", "scanner_3t", "diffusion_epi", array="head", part="head", slew=0.2, points=(2, 2, 24),
        options={"fov": (0.23, 0.23), "matrix": (32, 32), "thickness": 6e-3, "b_values": (0.0, 800.0)},
    )  # fmt: skip
    finished = scan(Subject(phantom="head", table=0.021, coarse=8e-3), protocol, threads=2)
    for tissue, allowed in (("white_matter", 0.3), ("csf", 0.2)):
        true = finished.patient.diffusion[finished.patient.labels == finished.patient.tissues.index(tissue)]
        assert measure(finished, "ADC", tissue) == pytest.approx(1e12 * np.median(true), rel=allowed), tissue


def test_a_map_that_was_not_made_says_who_makes_it(dixon):
    with pytest.raises(ModelError, match=r"makes no map of B1; b1_map and b1_map_double_angle make one\."):
        measure(dixon, "B1", "muscle")
