"""Valves between two reservoirs."""

import pytest

from proband.engine import Engine
from proband.laws.reservoir import elastic
from proband.model import Body
from proband.organs.heart import regurgitant_valve, stenotic_valve, valve
from proband.units import *


def between(component, upstream, downstream, **settings):
    """The valve after two seconds between two very large reservoirs at these pressures."""
    body = Body(
        a=elastic(C=1e5 * mL / mmHg, V_0=0 * mL, volume=upstream * 1e5 * mL),
        b=elastic(C=1e5 * mL / mmHg, V_0=0 * mL, volume=downstream * 1e5 * mL),
        valve=component("a", "b", **settings),
    )
    run = Engine(body).start(patients=1)
    run.advance(2 * s)
    run.begin_window()
    run.advance(0.1 * s)
    window = run.window()
    return window.mean("valve.flow")[0], window.last("valve.opening")[0]


LIGHT = {"k": 150 / s, "p_0": 2 * mmHg, "p_s": 16 * mmHg}  # the leaflets of an atrioventricular valve


@pytest.mark.parametrize(("back", "rows"), [(30, {}), (100, {}), (5, LIGHT), (30, LIGHT), (100, LIGHT)])
def test_competent_valve_does_not_leak(back, rows):
    flow, opening = between(valve, 10, 10 + back, **rows)
    assert abs(flow) < 0.01  # L/min
    assert opening < 0.01


def test_light_leaflets_open_to_little_pressure():
    _, opening = between(valve, 12, 10, **LIGHT)
    assert opening > 0.8


def test_open_valve_follows_bernoulli():
    flow, opening = between(valve, 20, 10, **LIGHT)
    assert opening == pytest.approx(1, abs=0.01)
    # 10 mmHg = 0.003 Q + 8.2e-6 Q²
    assert flow * 1000 / 60 == pytest.approx(936, rel=0.01)


def test_narrow_valve_needs_the_pressure_of_its_jet():
    wide, _ = between(stenotic_valve, 50, 10, area=2 * cm**2)
    narrow, _ = between(stenotic_valve, 50, 10, area=0.8 * cm**2)
    assert narrow == pytest.approx(0.8 * (2 * 40 * 133.322 / 1060) ** 0.5 * 100 * 60 / 1000, rel=0.03)
    assert wide > 1.9 * narrow


def test_leaking_valve_leaks_through_its_hole():
    flow, opening = between(regurgitant_valve, 10, 80, hole=0.30 * cm**2)
    assert opening < 0.01
    assert flow == pytest.approx(-0.30 * (2 * 70 * 133.322 / 1060) ** 0.5 * 100 * 60 / 1000, rel=0.01)


def test_a_larger_hole_leaks_more():
    leaks = [between(regurgitant_valve, 10, 80, hole=h * cm**2)[0] for h in (0.1, 0.2, 0.4)]
    assert leaks == sorted(leaks, reverse=True)
