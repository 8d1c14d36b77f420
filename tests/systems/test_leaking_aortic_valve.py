"""Blood that goes round in a circle: out through the pump, back through the valve (Shehab 2019).

A moderate leak: an orifice of 0.10 cm² (ACC/AHA). No change means within 10 %."""

import numpy as np
import pytest

from proband.engine import Engine
from proband.units import *

HOLES = np.array([0.0, 0.05, 0.10, 0.20])  # cm²
SPEEDS = {"heartmate3": 5400.0, "hvad": 2800.0}


@pytest.fixture(scope="module", params=SPEEDS)
def leaking(request, supported):
    speed = SPEEDS[request.param] * rpm
    body = supported(
        make=request.param, parts={"aortic_valve": "regurgitant_valve"}, speed=speed, low_speed_limit=speed
    )
    names = ["lvad.flow", "monitor.cardiac_output", "monitor.wedge", "aortic_valve.backflow"]
    run = Engine(body, observe=names).start(patients=len(HOLES), values={"aortic_valve.hole": HOLES})
    run.advance(120 * s)
    run.begin_window()
    run.advance(10 * s)
    assert not run.failures
    return {n: run.window().mean(n) for n in names}


def test_the_pump_moves_more(leaking):
    assert np.all(np.diff(leaking["lvad.flow"]) > 0.1)


def test_what_it_moves_more_does_not_arrive(leaking):
    assert np.all(np.diff(leaking["monitor.cardiac_output"] / leaking["lvad.flow"]) < 0)
    assert np.all(np.diff(leaking["aortic_valve.backflow"]) > 0)
    assert np.all(np.diff(leaking["monitor.wedge"]) > 0)


def test_a_mild_leak_leaves_the_systemic_flow_as_it_was(leaking):
    assert leaking["monitor.cardiac_output"][1] == pytest.approx(leaking["monitor.cardiac_output"][0], rel=0.10)


@pytest.mark.xfail(
    strict=True,
    reason="systemic flow falls by 10.3 % (HeartMate 3) and 13 % (HVAD): at a set speed the pump gains 0.4 to 1.4 L/min by "
    "filling, and 1.8 to 2.0 L/min go back",
)
def test_a_moderate_leak_leaves_the_systemic_flow_as_it_was(leaking):
    assert leaking["monitor.cardiac_output"][2] == pytest.approx(leaking["monitor.cardiac_output"][0], rel=0.10)
