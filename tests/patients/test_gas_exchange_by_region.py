"""Gas exchange region by region: what ventilation and blood make of the gases, in health, obstruction and distress."""

import numpy as np
import pytest

from proband import patients
from proband.engine import Engine
from proband.engine.settling import hastened
from proband.patients.breathing import V_MAX
from proband.patients.gases import ORGANS, brings, with_gases
from proband.units import *

REGIONS = range(1, 7)
GASES = [f"gas_alveoli_{i}.{x}" for i in REGIONS for x in ("PO2", "PCO2")]
SEEN = [
    "gas_aorta.PO2",
    "gas_aorta.PCO2",
    "gas_pulmonary_artery.PO2",
    "monitor.pulmonary_mean",
    "monitor.cardiac_output",
    *GASES,
]
SEEN += [f"pulmonary_arterioles_{i}.flow" for i in REGIONS] + [f"pulmonary_tone_{i}.openness" for i in REGIONS]


def rested(name, seconds=200, patients_=1, values=None):
    run = Engine(patients.load(name), observe=SEEN).start(patients_, values=values)
    with hastened(run):
        run.advance(seconds * s)
    run.begin_window()
    run.advance(20 * s)
    assert not run.failures
    return run.window()


@pytest.fixture(scope="module")
def healthy():
    return rested("breathing_man")


@pytest.fixture(scope="module")
def obstructed():
    return rested("copd")


def spread(window):
    return np.ptp([float(window.mean(f"gas_alveoli_{i}.PO2")[0]) for i in REGIONS])


def test_ventilation_for_the_blood_rises_upwards_and_is_even_from_side_to_side(healthy):
    """West: oxygen is highest and carbon dioxide lowest at the top; both lungs of one slice are alike.

    20 s hold no whole number of breaths, which is worth some thousandths of a mmHg to the lowest slices, where it hardly falls."""
    O2 = [float(healthy.mean(f"gas_alveoli_{i}.PO2")[0]) for i in REGIONS]
    CO2 = [float(healthy.mean(f"gas_alveoli_{i}.PCO2")[0]) for i in REGIONS]
    assert np.all(np.diff(O2) > 0) and np.all(np.diff(CO2) < 0.01) and CO2[-1] < CO2[0] - 0.2
    assert abs(O2[0] - O2[1]) < 1.5 and spread(healthy) < 10


def test_blood_goes_where_there_is_lung(healthy):
    flow = np.array([float(healthy.mean(f"pulmonary_arterioles_{i}.flow")[0]) for i in REGIONS])
    right = flow[::2].sum() / flow.sum()
    assert right == pytest.approx(V_MAX[1] / (V_MAX[1] + V_MAX[2]), abs=0.02)


def test_uneven_airways_cost_oxygen_and_hardly_carbon_dioxide(healthy, obstructed):
    assert spread(obstructed) > 5 * spread(healthy)
    assert float(obstructed.mean("gas_aorta.PO2")[0]) < float(healthy.mean("gas_aorta.PO2")[0]) - 20
    assert abs(float(obstructed.mean("gas_aorta.PCO2")[0]) - float(healthy.mean("gas_aorta.PCO2")[0])) < 4


def test_regions_with_little_oxygen_get_less_blood(obstructed):
    O2 = np.array([float(obstructed.mean(f"gas_alveoli_{i}.PO2")[0]) for i in (2, 3, 5, 6)])  # none of these is plugged
    open_ = np.array([float(obstructed.mean(f"pulmonary_tone_{i}.openness")[0]) for i in (2, 3, 5, 6)])
    assert np.corrcoef(O2, open_)[0, 1] > 0.9


def test_plugged_arterioles_above_are_dead_space():
    """The man with moderate distress makes more carbon dioxide than a healthy one, and breathes much of his gas in vain."""
    body = patients.load("ards_moderate")
    need = sum(body.value(f"{bed}_respiration.need").to(mL_min) for bed in ORGANS)
    assert need == pytest.approx(1.3 * 250, rel=0.02)
    assert body.value("pulmonary_tone_6.lost").si > 0.5 > body.value("pulmonary_tone_1.lost").si


def test_rows_that_gases_bring_are_left_out_without_gases():
    assert brings("brain_respiration.need") and brings("oxygen_crossing_3.D") and not brings("alveoli_?.k")
    lean = patients.load("obesity", gases=False)
    assert "brain_respiration" not in lean.parts and "alveoli_1" in lean.parts
    assert patients.load("obesity").value("lower_body_respiration.need").to(mL_min) > 100


def test_an_obese_man_and_a_child_have_needs_of_their_own():
    def need(name):
        body = patients.load(name)
        return sum(body.value(f"{bed}_respiration.need").to(mL_min) for bed in ORGANS)

    assert need("obesity") == pytest.approx(375, rel=0.02)
    assert 6 <= need("child_20kg") / 20 <= 7  # mL/(kg min)


def test_gases_go_into_a_body_without_lungs_too():
    body = with_gases(patients.load("healthy_man"))
    assert "gas_aorta" in body.parts and "gas_alveoli_1" not in body.parts
