"""The analyser finds the pressures that made a content."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from proband.laws import acid_base, gas, haemoglobin
from proband.organs.blood import blood_gas, diffusion, dissolving
from proband.units import L, mmHg, mmol


@settings(max_examples=30, deadline=None)
@given(
    PO2=some.floats(5, 600),
    PCO2=some.floats(10, 120),
    Hb=some.floats(5, 20),
    base=some.floats(-18, 12),
)
@example(PO2=85.0, PCO2=10.0, Hb=20.0, base=-18.0)  # no bicarbonate would be left at pH 7.4
def test_it_inverts_the_curves(PO2, PCO2, Hb, base):
    pH, SO2 = 7.4, 0.9
    for _ in range(60):
        SO2 = haemoglobin.saturation(haemoglobin.standard_pressure(PO2, pH))
        pH = acid_base.pH_of(PCO2, base, Hb, SO2)
    HCO3 = acid_base.bicarbonate(pH, base, Hb, SO2)
    made = {
        "oxygen": haemoglobin.oxygen_content(PO2, pH, Hb) / 2.24,
        "carbon_dioxide": acid_base.carbon_dioxide_content(pH, PCO2, HCO3, Hb, SO2),
    }
    told = {"next_PO2": 90.0, "next_pH": 7.4}
    for _ in range(60):
        told = blood_gas.evaluate(**made, haemoglobin=Hb, base_excess=base, PO2=told["next_PO2"], pH=told["next_pH"])
    assert told["next_PO2"] == pytest.approx(PO2, rel=1e-4)
    assert told["PCO2"] == pytest.approx(PCO2, rel=1e-4)
    assert told["next_pH"] == pytest.approx(pH, abs=1e-5)
    assert told["SO2"] == pytest.approx(100 * SO2, abs=1e-3)


def crossing(**rows):
    ordinary = {
        "P_gas": 104.0, "P_blood": 100.0, "P_arriving": 40.0, "here": 8.7, "arriving": 6.7, "slope": 50.0,
        "flow": 15.0, "gas_volume": 400.0, "blood_volume": 20.0,
    }  # fmt: skip
    return diffusion.evaluate(**{**ordinary, **rows})["rate"]


def test_gas_goes_where_its_pressure_is_less():
    assert crossing() > 0 > crossing(P_gas=90.0)
    assert crossing(P_gas=100.0) == 0


def test_a_thick_wall_limits_and_a_thin_one_does_not_overshoot():
    """What crosses in 10 ms never brings the blood beyond the gas."""
    rise = crossing(D=500.0) * 0.010 * (50.0 / 0.020)
    assert 0 < rise <= 4.0
    assert crossing(D=0.1) < 0.1 * crossing()


def test_an_inert_gas_ends_in_henrys_equilibrium():
    there = 569.0 / gas.RT.to(mmHg * L / mmol)
    assert dissolving.evaluate(inside=there, outside=7.5e-4 * 569.0, gas_volume=400, blood_volume=20)[
        "rate"
    ] == pytest.approx(0.0, abs=1e-12)
