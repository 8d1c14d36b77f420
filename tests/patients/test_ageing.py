"""Healthy lungs of an age."""

import numpy as np
import pytest

from proband.engine import Engine, cpu
from proband.engine.settling import hastened
from proband.model import ModelError
from proband.patients import load
from proband.patients.ageing import DEAD_SPACE, aged, closing_capacity
from proband.units import *

AGES = (25.0, 38.0, 50.0)
SEEN = ["gas_aorta.PO2", "gas_aorta.PCO2", "chest_wall.lung_volume", *(f"recruitment_{i}.aerated" for i in range(1, 7))]
CHANGED = (("recruitment", "P_c"), ("recruitment", "P_o"), ("pulmonary_arterioles", "R"), ("pulmonary_venules", "R"))


def row(age, name):
    return aged(load("breathing_man"), age).value(name).to(cmH2O)


def test_airways_close_at_a_higher_pressure_with_age():
    young, old = row(25, "recruitment_1.P_c"), row(50, "recruitment_1.P_c")
    assert old - young > 3
    assert row(50, "recruitment_6.P_o") - old == pytest.approx(3)


def test_blood_is_dealt_out_unevenly_and_the_lungs_resistance_is_kept():
    """By more than Cardús' 0.426 at 50 years, which is what the hypoxic constriction then leaves of it."""
    body, older = load("breathing_man"), aged(load("breathing_man"), 50)

    def conductances(of):
        return np.array([1 / of.value(f"pulmonary_arterioles_{i}.R").si for i in range(1, 7)])

    assert conductances(older).sum() == pytest.approx(conductances(body).sum())
    assert np.std(np.log(conductances(older) / conductances(body))) == pytest.approx(0.426 / 0.88, abs=0.005)


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
