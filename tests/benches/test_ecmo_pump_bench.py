"""The chart of a centrifugal pump, measured on a loop."""

import pytest

from proband.benches import side_by_side
from proband.benches.ecmo_pump import ecmo_pump_curve
from proband.devices.ecmo.pumps import dp3_pump, rotaflow_pump
from proband.engine import Engine
from proband.model import ModelError


def test_the_loop_measures_what_the_coefficients_say():
    points = ecmo_pump_curve(rotaflow_pump, [1500, 3500], [-1.0, 0.0, 4.0, 6.0], run=side_by_side(Engine))
    found = {(p["speed_rpm"], p["flow_L_min"]): p["head_mmHg"] for p in points}
    assert found[1500, 0] == pytest.approx(67, abs=1) and found[1500, 4] == pytest.approx(43, abs=1)
    assert found[3500, 6] == pytest.approx(294, abs=1)
    assert found[1500, -1] > found[1500, 0]


def test_backflow_takes_power_and_forward_flow_gives_it():
    back, none, on = ecmo_pump_curve(dp3_pump, [6000], [-1.0, 0.0, 4.0], run=side_by_side(Engine))
    assert back["hydraulic_power_W"] < 0 < on["hydraulic_power_W"]
    assert none["hydraulic_power_W"] == pytest.approx(0, abs=0.01)
    assert on["hydraulic_power_W"] == pytest.approx(217 * 133.322 * 4 / 60000, rel=0.01)


def test_a_flow_that_is_not_reached_is_said():
    from proband.units import s

    with pytest.raises(ModelError, match="could not hold 6 L/min at 3000 rpm"):
        ecmo_pump_curve(dp3_pump, [3000], [6.0], run=side_by_side(Engine), settle=0.1 * s, measure=0.1 * s)
    with pytest.raises(ModelError, match="choose a smaller flow"):
        ecmo_pump_curve(dp3_pump, [3000], [1e9], run=side_by_side(Engine), settle=1 * s)
