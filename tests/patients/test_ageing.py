"""Healthy lungs of an age."""

import numpy as np
import pytest

from proband.engine import Engine, cpu
from proband.engine.settling import hastened
from proband.evidence.scoring.breathers import lungs_of
from proband.evidence.scoring.washing_out import wash_out
from proband.model import ModelError
from proband.patients import load
from proband.patients.ageing import DEAD_SPACE, RELAXED, REST, aged, airiness, closing_capacity, dealt_upwards
from proband.units import *

AGES = (25.0, 38.0, 50.0)
SEEN = ["gas_aorta.PO2", "gas_aorta.PCO2", "chest_wall.lung_volume", *(f"recruitment_{i}.aerated" for i in range(1, 7))]
CHANGED = (
    ("alveoli", "V_max"),
    ("alveoli", "b"),
    ("recruitment", "P_c"),
    ("recruitment", "P_o"),
    ("pulmonary_arterioles", "R"),
    ("pulmonary_venules", "R"),
)


def row(age, name):
    return aged(load("breathing_man"), age).value(name).to(cmH2O)


def test_airways_close_at_a_higher_pressure_with_age():
    young, old = row(25, "recruitment_1.P_c"), row(50, "recruitment_1.P_c")
    assert old - young > 3
    assert row(50, "recruitment_6.P_o") - old == pytest.approx(3)


def held(body, recoil, region):
    """Gas in a region (mL) at a recoil (cmH2O), and its compliance there (mL/cmH2O)."""
    V_max, b, k = (
        body.value(f"alveoli_{region}.{row}").to(unit) for row, unit in (("V_max", mL), ("b", one), ("k", one / cmH2O))
    )
    left = V_max * b * np.exp(-k * recoil)
    return V_max - left, k * left


def at_pleural(body, pressure):
    """The same of every region, with so much pressure across a wall at the height of the heart."""
    heights = (body.value(f"alveoli_{i}.height").to(cm) for i in range(1, 7))
    gradient = body.value("alveoli_1.gradient").to(cmH2O / cm)
    return np.array([held(body, pressure + gradient * height, i) for i, height in enumerate(heights, 1)]).T


def test_air_is_dealt_out_unevenly_and_the_lungs_keep_their_shape():
    body, older = load("breathing_man"), aged(load("breathing_man"), 50)
    for pressure in (0.0, 4.3, 12.0, 30.0):
        assert at_pleural(older, pressure)[0].sum() == pytest.approx(at_pleural(body, pressure)[0].sum())
    volumes, compliances = at_pleural(older, REST)
    volumes_before, before = at_pleural(body, REST)
    assert volumes == pytest.approx(volumes_before)
    assert np.std(np.log(compliances / before)) == pytest.approx(airiness(50))


def test_air_of_the_relaxed_goes_to_the_upper_half():
    body = load("anaesthetised")
    dealt = body.with_values(*dealt_upwards(body, 45))
    for pressure in (0.0, RELAXED, 12.0, 30.0):
        assert at_pleural(dealt, pressure)[0].sum() == pytest.approx(at_pleural(body, pressure)[0].sum())
    ratio = at_pleural(dealt, RELAXED)[1] / at_pleural(body, RELAXED)[1]
    assert min(ratio[3:]) > 1 > max(ratio[:3])
    assert np.std(np.log(ratio)) == pytest.approx(airiness(45))


@pytest.mark.parametrize("severity", ["mild", "moderate", "severe"])
def test_lungs_in_distress_ventilate_their_upper_half(severity):
    """Two thirds of what a little more pressure brings goes there (half and less of it, were the air even)."""
    body = load(f"ards_{severity}")
    _, compliances = at_pleural(body, RELAXED)
    assert compliances[3:].sum() > 0.65 * compliances.sum()


def test_blood_follows_the_air_unevenly_and_the_lungs_resistance_is_kept():
    """By more than Cardús' 0.426 at 50 years, which is what the hypoxic constriction then leaves of it."""
    body, older = load("breathing_man"), aged(load("breathing_man"), 50)

    def conductances(of):
        return np.array([1 / of.value(f"pulmonary_arterioles_{i}.R").si for i in range(1, 7)])

    aired = at_pleural(older, REST)[1] / at_pleural(body, REST)[1]
    assert conductances(older).sum() == pytest.approx(conductances(body).sum())
    assert np.std(np.log(conductances(older) / conductances(body) / aired)) == pytest.approx(0.426 / 0.95, abs=0.005)


@pytest.mark.slow
@pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
def test_lungs_of_fifty_years_take_longer_to_wash_out():
    """By 1.07 turnovers of the residual capacity, as 104 healthy people do (Eur Respir J 2020 56 suppl 64:147)."""
    young, older = (wash_out("breathing_man", lungs_of(load("breathing_man"), age)).clearance_index for age in (20, 50))
    assert older - young == pytest.approx(1.07, abs=0.2)


@pytest.mark.parametrize(("body", "age"), [("healthy_man", 50), ("breathing_man", 80)])
def test_who_cannot_be_aged_is_told_so(body, age):
    with pytest.raises(ModelError, match=r"lungs of an age|measured from"):
        aged(load(body), age)


@pytest.mark.slow
@pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
def test_arterial_oxygen_falls_with_age_as_airways_close_in_quiet_breathing():
    bodies = [aged(load("breathing_man"), age) for age in AGES]
    rows = [f"{part}_{i}.{row}" for i in range(1, 7) for part, row in CHANGED]
    values = {row: np.array([body.value(row).to(body.value(row).unit) for body in bodies]) for row in rows}
    run = Engine(load("breathing_man"), observe=SEEN, lanes=1).start(len(AGES), values=values)
    with hastened(run):
        run.advance(240 * s)
    run.begin_window()
    run.advance(60 * s)
    window = run.window()
    PO2 = window.mean("gas_aorta.PO2")
    slope = (PO2[0] - PO2[-1]) / (AGES[-1] - AGES[0])
    assert PO2[0] > PO2[1] > PO2[2]
    assert 0.25 < slope < 0.55  # Sorbini 1968: 0.43 mmHg a year, lying; Mellemgaard 1966: 0.27, sitting
    shut = 1 - window.mean("recruitment_1.aerated")
    assert shut[0] < 0.03 < shut[1] < shut[2]
    # Leblanc 1970: at 44 years the closing capacity is the residual capacity of one who lies
    rest = window.min("chest_wall.lung_volume")[0] + DEAD_SPACE
    assert closing_capacity(44) == pytest.approx(rest, rel=0.05)
    assert not run.failures
