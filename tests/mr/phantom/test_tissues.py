"""The tissue table: what was published comes back, what was interpolated says so, what is unknown is refused."""

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr.phantom.dielectric import permittivity_and_conductivity
from proband.mr.phantom.tissues import names, tissue


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("B0", [1.5, 2.0, 3.0, 5.0, 7.0])
def test_every_number_is_whole_and_has_a_source(name, B0):
    t = tissue(name, B0)
    numbers = [t.T1, t.T2, t.T2_prime, t.permittivity, t.mass_density]
    assert np.all(np.isfinite(numbers)) and min(numbers) > 0
    assert 0 <= t.density + t.fat <= 1 and t.T2 <= t.T1
    expected = {"T1", "T2", "T2_prime", "density", "fat", "susceptibility", "permittivity", "conductivity", "diffusion"}
    assert expected <= t.source.keys() and all(t.source.values())


def test_published_values():
    assert pytest.approx(0.838) == tissue("white_matter", 3.0).T1  # Wright 2008
    assert pytest.approx(1.531) == tissue("myocardium", 5.0).T1  # of the tissue: what MOLLI shows is a row of its own
    assert pytest.approx(0.108) == tissue("kidney_cortex", 7.0).T2
    assert "interpolated" in tissue("white_matter", 4.0).source["T1"]
    assert "derived" in tissue("white_matter", 5.0).source["T1"]


@pytest.mark.parametrize(("name", "low", "high", "middle"), [("white_matter", 838, 1126, 1001), ("grey_matter", 1607, 1939, 1800), ("kidney_medulla", 1676, 2094, 1917)])  # fmt: skip
def test_derived_values_follow_the_stated_power_law(name, low, high, middle):
    exponent = np.log(high / low) / np.log(7 / 3)
    assert low * (5 / 3) ** exponent == pytest.approx(middle, rel=0.006)
    assert pytest.approx(middle * 1e-3) == tissue(name, 5.0).T1


@pytest.mark.parametrize(("name", "epsilon", "sigma"), [("muscle", 63.5, 0.719), ("grey_matter", 73.5, 0.587), ("liver", 64.3, 0.511), ("fat", 5.92, 0.0369), ("cerebrospinal_fluid", 84.0, 2.14)])  # fmt: skip
def test_dielectric_values_at_128_mhz(name, epsilon, sigma):
    """Values printed by the public calculators that use Gabriel's model."""
    assert permittivity_and_conductivity(name, 128e6) == pytest.approx((epsilon, sigma), rel=0.005)


def test_muscle_at_5_tesla():
    t = tissue("muscle", 5.0)  # about 61 and 0.75 S/m at 213 MHz
    assert t.permittivity == pytest.approx(61, rel=0.03) and t.conductivity == pytest.approx(0.75, rel=0.02)


@pytest.mark.parametrize("B0", [0.5, 9.4, float("nan"), "3"])
def test_fields_beyond_the_table_are_refused(B0):
    with pytest.raises(ModelError, match=r"1\.5 to 7 T"):
        tissue("fat", B0)


def test_unknown_tissue():
    with pytest.raises(ModelError, match="white_matter"):
        tissue("white_mater", 3.0)
