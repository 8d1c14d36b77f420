"""Blood that goes round in a circle: out through the pump, back through the valve (Shehab 2019).

A mild leak: an orifice of 0.05 cm², a moderate one 0.10 cm² or more, a severe one more than 0.30 cm² (ACC/AHA). No change means within 10 %."""

import numpy as np
import pytest

from proband.engine import Engine
from proband.evidence.scoring.bodies import without_nerves
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


def test_under_a_severe_leak_more_speed_moves_more_blood_round_the_circle_and_no_more_into_the_body(supported):
    """Shehab 2019, HVAD on a mock loop from 2200 to 4000 rpm with a leaflet taken out: high pump flows, and the flow of the loop stays low.
    An orifice of 0.5 cm²; the body's nerves would hide it, and are silent."""
    speeds = np.array([2200.0, 2600.0, 3000.0, 3400.0])
    pump, body = {}, {}
    for hole in (0.0, 0.5):
        run = Engine(
            without_nerves(supported(make="hvad", parts={"aortic_valve": "regurgitant_valve"})),
            observe=["lvad.flow", "monitor.cardiac_output"],
        ).start(patients=len(speeds), values={"aortic_valve.hole": np.full(len(speeds), hole)})
        run.command("lvad.speed", speeds)
        run.command("lvad.low_speed_limit", speeds)
        run.advance(90 * s)
        run.begin_window()
        run.advance(8 * s)
        assert not run.failures
        pump[hole], body[hole] = run.window().mean("lvad.flow"), run.window().mean("monitor.cardiac_output")
    assert np.all(pump[0.5] > pump[0.0] + 1)
    assert np.all(body[0.5] < body[0.0])
    assert np.ptp(pump[0.5]) > 3
    assert np.ptp(body[0.5]) < 0.2 * np.ptp(pump[0.5])
