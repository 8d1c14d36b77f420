"""Carbon dioxide of an organ's tissue."""

import math

import pytest

from proband.organs.tissue import carbon_dioxide_exchange
from proband.units import *


def crossing(inside: float, P_blood: float) -> float:
    """mmol/s, from tissue into blood."""
    return carbon_dioxide_exchange.evaluate(inside=inside, P_blood=P_blood, slope=3.0, volume=100.0, water=1000.0)[
        "rate"
    ]


def held(P: float) -> float:
    """mmol/L in equilibrium at a pressure: dissolved, and bicarbonate by the logarithm; 0.14 for each mmHg at 47."""
    return 0.14 * 47 + 0.0307 * (P - 47) + (0.14 - 0.0307) * 47 * math.log(P / 47)


@pytest.mark.parametrize("P", [25, 47, 60, 110])
def test_tissue_and_blood_of_one_pressure_rest(P):
    assert crossing(held(P), P) == pytest.approx(0, abs=1e-9)


def test_it_goes_where_its_pressure_is_less():
    """Also from blood that is far from the tissue's pressure, where the search begins."""
    assert crossing(held(110), 40) > crossing(held(60), 40) > 0 > crossing(held(47), 110)


def test_at_a_hundred_three_fifths_are_stored_for_each_mmHg():
    at_rest, sour = (held(P + 0.5) - held(P - 0.5) for P in (47, 100))
    assert crossing(held(100) + sour, 101) == pytest.approx(0, abs=1e-3)
    assert sour / at_rest == pytest.approx(0.6, abs=0.05)
