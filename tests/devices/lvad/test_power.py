"""Torque, current and power: what the motor pays."""

import math

import numpy as np
import pytest

from proband.devices.lvad.heartmate2 import heartmate2_rotor
from proband.devices.lvad.heartmate3 import heartmate3_rotor
from proband.devices.lvad.hvad import hvad_rotor

MAKES = {
    "heartmate3": (heartmate3_rotor, 5400, 4.1),
    "hvad": (hvad_rotor, 2600, 5.0),
    "heartmate2": (heartmate2_rotor, 9100, 5.0),
}


def steady(rotor, flow, speed, **rows):
    """A working point where the current just carries the torque."""
    given = {"p_in": 0, "p_out": 0, "transmural": 10, "flow": flow, "rotor_speed": speed, "L": 1e-9, **rows}
    torque = rotor.evaluate(current=0, **given)["torque"]
    row = rotor.rows["k_t"]
    return rotor.evaluate(current=torque / row.unit.of(row.value), **given)


def test_heartmate3_takes_4_3_watts():
    """A fit: 4.3 ± 0.5 W at 4.1 L/min is what the loss rows were closed with."""
    assert steady(heartmate3_rotor, 4.1, 5400)["power"] == pytest.approx(4.3, abs=0.15)


def test_usual_power_is_three_to_seven_watts():
    for speed in (5000, 5500, 6000):
        for flow in (3.0, 4.5, 6.0):
            assert 3.0 < steady(heartmate3_rotor, flow, speed)["power"] < 7.0


@pytest.mark.parametrize("make", MAKES)
def test_a_tenth_to_a_fifth_reaches_the_blood(make):
    rotor, speed, flow = MAKES[make]
    point = steady(rotor, flow, speed)
    assert 0.10 < point["hydraulic_power"] / point["power"] < 0.20
    assert point["d_rotor_speed"] == pytest.approx(0, abs=1e-6)
    # Blades cannot give the blood more than the shaft carries.
    assert point["hydraulic_power"] < point["torque"] * 1e-3 * speed * math.pi / 30


@pytest.mark.parametrize("make", MAKES)
def test_one_torque_can_mean_two_flows(make):
    rotor, speed, _ = MAKES[make]
    flows = np.arange(0, 16, 0.25)
    torques = np.array([steady(rotor, q, speed)["torque"] for q in flows])
    top = int(torques.argmax())
    assert 5 < flows[top] < 14
    assert np.all(np.diff(torques[: top + 1]) > 0)
    assert np.all(np.diff(torques[top + 1 :]) < 0)


def test_a_clot_costs_more_than_two_watts_and_flow():
    clean, clotted = (steady(heartmate3_rotor, 4.0, 5400, thrombus=t) for t in (0.0, 1.0))
    assert clotted["power"] - clean["power"] > 2.0
    assert clotted["head"] < clean["head"] - 20


def test_a_rotor_without_current_is_slowed_unless_a_stream_drives_it():
    for speed in (6000, 3000, 500, 50):
        for flow in (-3.0, 0.0):
            assert steady(heartmate3_rotor, flow, speed)["torque"] > 0
    assert steady(heartmate3_rotor, 6.0, 500)["torque"] < 0  # a turbine
    assert heartmate3_rotor.evaluate(p_in=0, p_out=70, current=0, transmural=10, flow=-2.4, rotor_speed=0)[
        "d_rotor_speed"
    ] == pytest.approx(0, abs=1)  # rpm/s
