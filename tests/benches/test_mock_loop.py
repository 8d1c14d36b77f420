"""The virtual mock loop: flow is imposed, head is that of the pump alone."""

import numpy as np
import pytest

from proband.benches import mock_loop, pump_curve, side_by_side
from proband.benches.pump_curve import steps
from proband.devices import load
from proband.devices.lvad.heartmate3 import heartmate3_rotor
from proband.engine import Engine
from proband.model import ModelError
from proband.units import *


@pytest.fixture(scope="module")
def chart():
    return pump_curve(load("heartmate3"), [3000, 5000, 8000], run=side_by_side(Engine))


def test_flows_run_from_0_to_12_in_steps_of_at_most_half_a_litre(chart):
    for speed in (3000, 5000, 8000):
        flows = [p["flow_L_min"] for p in chart if p["speed_rpm"] == speed]
        assert flows[0] == 0 and flows[-1] == 12
        assert max(np.diff(flows)) <= 0.5
    assert max(np.diff(steps(12, 0.37))) <= 0.37


def test_head_is_that_of_the_pump_alone_and_may_be_negative(chart):
    for p in chart:
        alone = heartmate3_rotor.evaluate(
            p_in=0, p_out=0, current=0, transmural=10, flow=p["flow_L_min"], rotor_speed=p["speed_rpm"], L=1e-9
        )["head"]
        assert p["head_mmHg"] == pytest.approx(alone, abs=0.2)
    assert min(p["head_mmHg"] for p in chart) < -100


def test_table_holds_power_and_estimate(chart):
    point = next(p for p in chart if p["speed_rpm"] == 5000 and p["flow_L_min"] == 4)
    assert 3 < point["power_W"] < 5
    assert 0.1 < point["efficiency"] < 0.2
    assert point["estimated_flow_L_min"] == pytest.approx(4, abs=1)
    assert point["rotor_speed_rpm"] == pytest.approx(5000, abs=1)


def test_cannula_and_graft_do_not_enter_the_head():
    thin, wide = (
        pump_curve(load("heartmate3"), [5400], [5.0], run=side_by_side(Engine), R_per=r * mmHg / L_min**2)[0]
        for r in (0.05, 0.4)
    )
    assert thin["head_mmHg"] == pytest.approx(wide["head_mmHg"], abs=0.1)


def test_reservoirs_neither_empty_nor_fill():
    run = Engine(mock_loop(load("hvad")), observe=["pump.flow", "throttle.pressure"]).start()
    run.advance(60 * s)
    total = float(run.value("inlet.volume")[0] + run.value("outlet.volume")[0])
    assert total == pytest.approx(4000, abs=1e-6)
    assert float(run.value("inlet.volume")[0]) == pytest.approx(2000, abs=1e-6)


@pytest.mark.parametrize("flow", [1e6, -1e9])
def test_a_flow_beyond_all_pumps_is_refused(flow):
    with pytest.raises(ModelError, match="choose a smaller flow"):
        pump_curve(load("heartmate3"), [5000], [flow], run=side_by_side(Engine), settle=1 * s)


def test_a_loop_that_had_no_time_to_settle_says_so():
    with pytest.raises(ModelError, match="could not hold 12 L/min at 3000 rpm"):
        pump_curve(load("heartmate3"), [3000], [12.0], run=side_by_side(Engine), settle=0.1 * s, measure=0.1 * s)
