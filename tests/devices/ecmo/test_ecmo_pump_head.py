"""Head over flow and speed, in all quadrants."""

import numpy as np
import pytest

from proband.benches.ecmo_pump import zero_flow_speed
from proband.devices.ecmo.pumps import PUMPS, pump_of
from proband.units import *

# Heads computed from the published coefficients (mmHg): rpm, L/min.
ROTAFLOW = [(1500, 0, 67), (1500, 4, 43), (2000, 2, 103), (3000, 4, 223), (3500, 5, 301), (4000, 6, 391)]
DP3 = [(5000, 0, 183), (5000, 4, 137), (6000, 5, 192), (7000, 2, 334), (8000, 6, 365)]


def head(make, flow, speed):
    """Of the steady pump."""
    rows = {"p_in": 0, "p_out": 0, "L_line": 1e9, "flow": flow, "speed": speed}
    return pump_of(make).component.evaluate(**rows)["head"]


@pytest.mark.parametrize(("make", "table"), [("rotaflow", ROTAFLOW), ("dp3", DP3)])
def test_heads_are_those_of_the_published_coefficients(make, table):
    for speed, flow, told in table:
        assert head(make, flow, speed) == pytest.approx(told, abs=1.0)


def test_another_source_of_rotaflow_lies_a_tenth_below():
    assert head("rotaflow", 0, 2000) == pytest.approx(108, rel=0.12)  # 120 by the fit


@pytest.mark.parametrize(("make", "speed"), [("rotaflow", 1530), ("dp3", 3090)])
def test_zero_flow_speed_against_70_mmhg(make, speed):
    found = zero_flow_speed(pump_of(make).component)
    assert found == pytest.approx(speed, abs=2)
    assert head(make, -0.5, 0.95 * found) == pytest.approx(70, abs=8) and head(make, 0, 0.95 * found) < 70


@pytest.mark.parametrize("make", PUMPS)
@pytest.mark.parametrize("turns", [-0.5, 0.0, 0.05, 0.2, 0.5, 1.0])
def test_head_falls_with_flow_without_a_jump(make, turns):
    flows = np.arange(-5, 9, 0.05)
    heads = np.array([head(make, q, turns * PUMPS[make].top) for q in flows])
    assert np.all(np.diff(heads) < 1e-9)
    assert np.abs(np.diff(np.diff(heads) / np.diff(flows))).max() < 4


@pytest.mark.parametrize("make", PUMPS)
def test_four_quadrants(make):
    top = PUMPS[make].top
    assert head(make, 3, 0.7 * top) > 0  # pumps
    assert head(make, 12, 0.2 * top) < 0  # is driven through
    assert head(make, -2, 0.5 * top) > head(make, 0, 0.5 * top)  # brakes what runs back
    assert 0 < head(make, 0, -0.5 * top) < 0.5 * head(make, 0, 0.5 * top)  # turned backwards it still throws outwards
    assert head(make, -2, 0) > 0 > head(make, 2, 0)  # and stands in the way at rest


@pytest.mark.parametrize("make", PUMPS)
def test_a_standing_pump_leaks_two_to_three_litres_at_60_mmhg(make):
    flows = np.arange(-6, 0, 0.01)
    leak = flows[np.argmin([abs(head(make, q, 0) - 60) for q in flows])]
    assert -3.0 < leak < -2.0


def test_air_takes_the_head_away():
    rows = {"p_in": 0, "p_out": 0, "flow": 0, "speed": 3000, "L_line": 1e9}
    full, some, lost = (pump_of("rotaflow").component.evaluate(**rows, air=a)["head"] for a in (0.0, 0.1, 0.5))
    assert 0.9 * full < some < full and lost == pytest.approx(0, abs=1e-6)
