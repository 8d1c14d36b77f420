"""Curves of oxygen and carbon dioxide against numbers that are well known."""

import pytest

from proband.laws import acid_base, gas, haemoglobin
from proband.units import *


@pytest.mark.parametrize(("PO2", "SO2"), [(26.86, 0.500), (40, 0.750), (60, 0.906), (100, 0.975)])
def test_dissociation_curve(PO2, SO2):
    """Severinghaus 1979, standard human blood: his formula is within 0.55 points of the measured curve."""
    assert haemoglobin.saturation(PO2) == pytest.approx(SO2, abs=0.0055)


def test_bohr_shifts_the_curve_to_the_right():
    assert haemoglobin.standard_pressure(40, 7.2) < 40 < haemoglobin.standard_pressure(40, 7.6)
    half = haemoglobin.standard_pressure(26.86, 7.4)
    assert half == pytest.approx(26.86)
    assert haemoglobin.standard_pressure(26.86, 7.4, T=41.0) < half


def test_arterial_and_venous_contents():
    """15 g/dL: 20 mL/dL of oxygen in arterial blood, 15 in mixed venous blood (any textbook)."""
    assert haemoglobin.oxygen_content(95, 7.40, 15) == pytest.approx(19.9, abs=0.3)
    assert haemoglobin.oxygen_content(40, 7.37, 15) == pytest.approx(15.0, abs=0.4)


def contents(PCO2, SO2, Hb=15.0, base_excess=0.0):
    pH = acid_base.pH_of(PCO2, base_excess, Hb, SO2)
    HCO3 = acid_base.bicarbonate(pH, base_excess, Hb, SO2)
    return pH, HCO3, acid_base.carbon_dioxide_content(pH, PCO2, HCO3, Hb, SO2)


def test_ordinary_blood():
    pH, HCO3, content = contents(40, 0.975)
    assert pH == pytest.approx(7.40, abs=0.01)
    assert pytest.approx(24.4, abs=0.7) == HCO3
    assert content * 2.24 == pytest.approx(48.0, abs=1.5)  # mL/dL


def test_haldane():
    """Of what venous blood carries more, a part is owed to its missing oxygen: 4-5 mL/dL in all (Nunn)."""
    arterial, venous = contents(40, 0.975)[2], contents(46, 0.75)[2]
    same_pressure = contents(40, 0.75)[2]
    assert (venous - arterial) * 2.24 == pytest.approx(4.4, abs=1.0)
    assert 0.2 < (same_pressure - arterial) / (venous - arterial) < 0.5


@pytest.mark.parametrize(("PCO2", "pH"), [(20, 7.60), (60, 7.28), (80, 7.20)])
def test_acid_of_carbon_dioxide(PCO2, pH):
    """Siggaard-Andersen's nomogram at a base excess of 0 (read to 0.02)."""
    assert contents(PCO2, 0.97)[0] == pytest.approx(pH, abs=0.025)


def test_base_excess_is_the_inverse_of_bicarbonate():
    HCO3 = acid_base.bicarbonate(7.25, -8.0, 12.0, 0.8)
    assert acid_base.base_excess(7.25, HCO3, 12.0, 0.8) == pytest.approx(-8.0)


def test_gas_volumes():
    assert gas.MOLAR_VOLUME.to(mL / mmol) == pytest.approx(27.13, abs=0.02)
    assert (gas.MOLAR_VOLUME / gas.STPD_VOLUME).to(one) == pytest.approx(gas.STPD_TO_BTPS, abs=0.005)
    assert gas.partial_pressure(gas.inspired(0.2095)).to(mmHg) == pytest.approx(149.4, abs=0.1)
