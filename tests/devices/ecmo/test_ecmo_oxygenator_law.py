"""Blood across hollow fibres: the law alone."""

import numpy as np
import pytest

from proband.benches.oxygenator_rig import inlet_blood
from proband.devices.ecmo.exchange import arriving, exchanger
from proband.laws.acid_base import pH_of
from proband.laws.haemoglobin import SOLUBILITY, oxygen_content
from proband.laws.hollow_fibre import (
    along_fibre,
    content_power,
    decarbonated,
    exchanged,
    oxygenated,
    oxygenated_at,
    slowed,
    transfer_units,
)
from proband.units import *

VENOUS = inlet_blood()
FIBRE = {"fibre": 380e-6, "nu": 2.7e-6, "D_O2": 1.4e-9, "D_CO2": 1.1e-9}


def crossed(flow, *, Hb=12.0, area=1.8, frontal=0.0117, O2=690.0, CO2=10.0, blood=None, permeance=0.73 / 22.4):
    """(mL O2, mL CO2) a minute, PO2 and PCO2 of the blood that leaves. Flow in L/min."""
    b = blood or inlet_blood(Hb=Hb)
    gas = {"gas_O2": O2, "gas_CO2": CO2, "area": area, "frontal": frontal, "permeance": permeance}
    gained, lost, P_O2, P_CO2 = exchanged(
        flow / 60, b["PO2"], 45.0, b["pH"], b["carbon_dioxide"], 0.0, Hb, **gas, **FIBRE
    )
    return gained * flow * 22.4, lost * flow * 22.4, P_O2, P_CO2


def test_oxygen_gained_is_the_difference_of_contents():
    O2, _, PO2, _ = crossed(5.0)
    more = oxygen_content(PO2, VENOUS["pH"], 12.0) - oxygen_content(VENOUS["PO2"], VENOUS["pH"], 12.0)
    assert pytest.approx(more * 10 * 5, rel=0.002) == O2


def test_six_steps_along_the_bundle_are_enough():
    for flow in (0.5, 2, 5, 8):
        NTU = transfer_units(flow / 60, 1.8, 0.0117, 380e-6, 1.4e-9, 2.7e-6)
        few, many = (oxygenated(35.7, 690.0, NTU, 12.0, 1.0, cells=n) for n in (6, 3000))
        few, many = (oxygen_content(P, 7.4, 12.0) for P in (few, many))
        assert few == pytest.approx(many, rel=0.01)


def test_transfer_grows_with_flow_and_outlet_falls():
    O2, CO2, P_O2, P_CO2 = np.array([crossed(q) for q in np.arange(0.5, 8, 0.5)]).T
    assert np.all(np.diff(O2) > 0) and np.all(np.diff(CO2) > 0)
    assert np.all(np.diff(P_O2) < 0) and np.all(np.diff(P_CO2) > 0)


def test_it_never_exceeds_the_ceiling_of_contents():
    """At ISO inlet and PO2 500: 56.3 mL/L on haemoglobin, 70.7 with what is dissolved."""
    ceiling = oxygen_content(690.0, VENOUS["pH"], 12.0) - oxygen_content(VENOUS["PO2"], VENOUS["pH"], 12.0)
    assert 10 * (12 * 1.34 * 0.35 + SOLUBILITY * (500 - VENOUS["PO2"])) == pytest.approx(70.7, abs=0.2)
    for flow in (0.2, 1, 5):
        assert crossed(flow)[0] / flow < 10 * ceiling + 1e-6


def test_each_cause_pulls_its_own_way():
    usual = crossed(5.0)
    assert crossed(5.0, area=0.9)[0] < 0.9 * usual[0]  # fouled fibres
    assert crossed(5.0, O2=300.0)[0] < 0.8 * usual[0]  # less oxygen in the gas
    assert crossed(5.0, Hb=8.0)[0] < 0.85 * usual[0]  # less haemoglobin takes less in all
    assert crossed(5.0, Hb=8.0)[2] > usual[2]  # and is satisfied sooner
    assert crossed(5.0, CO2=30.0)[1] < 0.7 * usual[1]  # less sweep
    assert crossed(5.0, CO2=44.9)[1] > 0  # oxygen drives CO2 out (Haldane)
    fuller = {**VENOUS, "PO2": 100.0}
    assert crossed(5.0, blood=fuller)[0] < 0.25 * usual[0]  # blood that comes oxygenated


def test_gas_that_holds_less_than_the_blood_takes_from_it():
    gained, _, P_O2, _ = crossed(3.0, O2=20.0)
    assert gained < 0 and 20 < P_O2 < VENOUS["PO2"]
    out, lost = decarbonated(40.0, 60.0, 2.0, 22.0, power=0.4, wall=1.0)
    assert lost < 0 and 40 < out < 60


def test_binding_slows_the_approach_by_two_thirds_power():
    assert slowed(8.0) == pytest.approx(0.25)


def test_content_goes_with_a_power_that_the_blood_itself_tells():
    """0.41 at ISO 7199's inlet; flatter where there is much carbon dioxide, steeper where there is more haemoglobin."""
    assert content_power(VENOUS["pH"], 0.0, 12.0) == pytest.approx(0.41, abs=0.01)
    assert content_power(7.05, 0.0, 10.0) < content_power(7.36, 0.0, 10.0) < content_power(7.36, 0.0, 14.0)
    for P in (30.0, 45.0, 100.0):
        (pH, less) = (pH_of(p, 0.0, 12.0) for p in (P, 0.7 * P))
        there, fewer = oxygenated_at(pH, 0.0, 12.0)[1], oxygenated_at(less, 0.0, 12.0)[1]
        assert content_power(pH, 0.0, 12.0) == pytest.approx(np.log(fewer / there) / np.log(0.7), abs=0.015)


def test_a_wall_lies_in_series_with_the_blood():
    """A wall that passes as much as the blood's layer halves the approach; open pores, twenty times as much, do not matter."""
    out, lost = decarbonated(45.0, 5.0, 4.0, 22.0, 0.4, wall=1e6)
    half, fewer = decarbonated(45.0, 5.0, 4.0, 22.0, 0.4, wall=lost / (out - 5.0))
    assert out < half < 45 and 0.5 * lost < fewer < 0.9 * lost
    skin, pores = (crossed(1.0, permeance=K / 22.4)[1] for K in (0.73, 16.0))
    assert skin < 0.97 * pores and crossed(1.0, permeance=1e6)[1] == pytest.approx(pores, rel=0.01)


def test_quadrox_neonatal_at_200_mL_per_minute():
    """15 mL/min O2 and 10 of CO2 (maker, 0.38 m²): more O2 than the ceiling of contents allows, so within a tenth."""
    P_gas = 10.0
    for _ in range(40):  # what leaves with as much gas as blood, and its mean on the way
        O2, CO2, *_ = crossed(0.2, area=0.38, frontal=0.0025, CO2=P_gas)
        leaves = 713 * CO2 * 1.21 / 200
        P_gas += 0.3 * (along_fibre(leaves / 45.0) * leaves - P_gas)
    assert pytest.approx(15, rel=0.10) == O2
    assert pytest.approx(10, rel=0.20) == CO2
    assert leaves < 45.0  # gas leaves with no more carbon dioxide than the blood has


def test_gas_fills_up_along_a_fibre():
    """Half of what leaves where it carries off little; the mean of 1 - e^(-N z) otherwise."""
    assert along_fibre(0.05) == pytest.approx(0.5, abs=0.01)
    z = np.linspace(0, 1, 2001)
    for N in (0.5, 1.0, 3.0):
        assert along_fibre(1 - np.exp(-N)) * (1 - np.exp(-N)) == pytest.approx(np.mean(1 - np.exp(-N * z)), rel=1e-3)


def test_fried_capiox_sx18_in_patients():
    """Fried 1998: at most 339.6 mL/min over 1.8 m², which entered no fit."""
    assert crossed(7.0)[0] == pytest.approx(339.6, rel=0.08)


def test_contents_are_read_back_as_pressures():
    PO2, pH = 60.0, 7.30
    for _ in range(10):
        PO2, pH, PCO2, SO2 = arriving(VENOUS["oxygen"], VENOUS["carbon_dioxide"], PO2, pH, 0.0, 12.0)
    assert pytest.approx(VENOUS["PO2"], abs=0.05) == PO2 and pH == pytest.approx(VENOUS["pH"], abs=0.001)
    assert pytest.approx(45, abs=0.1) == PCO2 and pytest.approx(0.65, abs=0.001) == SO2


def told(**rows):
    given = {
        "flow": 4.0, "O2": VENOUS["oxygen"], "CO2": VENOUS["carbon_dioxide"], "N2": 0.43, "gas_O2": 34.0, "gas_CO2": 2.0,
        "gas_N2": 0.5, "sweep": 4.0, "FdO2": 1.0, "fibres": 1.0, "haemoglobin": 12.0, "PO2": VENOUS["PO2"], "pH": VENOUS["pH"],
    }  # fmt: skip
    return exchanger.evaluate(**{**given, **rows})


def test_without_sweep_the_gas_that_is_there_counts():
    open_, closed = told(), told(sweep=0.0, gas_CO2=2.5, gas_O2=34.0)
    assert closed["carbon_dioxide_transfer"] < 0.3 * open_["carbon_dioxide_transfer"]
    assert closed["oxygen_transfer"] == pytest.approx(open_["oxygen_transfer"], rel=0.15)
    assert told(fibres=0.5)["oxygen_transfer"] < open_["oxygen_transfer"]
    assert told(flow=-4.0)["oxygen_transfer"] == pytest.approx(open_["oxygen_transfer"])
