"""Bicarbonate spreads between the cells: the whole body titrated with carbon dioxide."""

import pytest

from proband.laws import acid_base
from proband.organs.blood import blood

HB = 14.0


def after(minutes: float, PCO2: float) -> tuple[float, float]:
    """Hydrogen ions (nmol/L) and the base excess (mmol/L) of arterial blood so long after its PCO2 rose from 40 mmHg."""
    moved = 0.0
    for _ in range(round(minutes * 600) + 1):
        pH = acid_base.pH_of(PCO2, moved, HB, rounds=4)
        HCO3 = acid_base.bicarbonate(pH, moved, HB, 1.0)
        now = blood.evaluate(pH=pH, HCO3=HCO3, SO2=1.0, haemoglobin=HB, moved=moved)
        base, moved = now["base_excess"], now["next_moved"]
    return 10 ** (9 - pH), base


def test_hydrogen_ions_rise_as_in_a_body_and_not_as_in_a_flask():
    """0.77 nmol/L in dogs (Cohen 1964 J Clin Invest 43:777); blood alone has 0.6."""
    (rest, _), (at_once, _), (late, base) = after(0, 40), after(0, 80), after(15, 80)
    assert (at_once - rest) / 40 == pytest.approx(0.61, abs=0.03)
    assert (late - rest) / 40 == pytest.approx(0.72, abs=0.02)
    assert -3.5 < base < -2


def test_it_takes_minutes_and_comes_back():
    (_, soon), (_, late) = after(4, 80), after(15, 80)
    assert 0.55 < soon / late < 0.75
    assert after(15, 20)[1] > 1


def test_a_bodys_own_base_stays_where_it_is_set():
    now = blood.evaluate(pH=7.4, HCO3=24.8, SO2=1.0, haemoglobin=HB, metabolic=0.0, lactate=3.0, moved=0.0)
    assert now["base_excess"] == pytest.approx(-2.0)
    assert now["standard_base_excess"] == pytest.approx(0.0, abs=1e-9)
    assert now["next_moved"] == pytest.approx(-2.0 * 0.1 / 240)
