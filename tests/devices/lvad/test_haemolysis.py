"""Power laws, their ratios and what is refused."""

import math

import pytest

from proband.devices.lvad.haemolysis import LAWS, Haemolysis, Work, power_law
from proband.devices.lvad.heartmate2 import heartmate2_rotor
from proband.devices.lvad.heartmate3 import heartmate3_rotor
from proband.model import ModelError
from proband.units import *


def work(rotor, flow, head=100.0):
    """The working point that gives this flow against this head (the mock loop of ASTM F1841 has 100 mmHg)."""
    low, high = 1000.0, 20000.0
    for _ in range(50):
        speed = (low + high) / 2
        told = rotor.evaluate(
            p_in=0, p_out=0, current=0, transmural=10, flow=flow, rotor_speed=speed, L=1e-9, haematocrit=0.3
        )
        low, high = (speed, high) if told["head"] < head else (low, speed)
    loss = told["torque"] * 1e-3 * speed * math.pi / 30 - told["hydraulic_power"]
    return Work(flow * L_min, loss * W, told["viscosity"] * (ms * Pa))


def test_absolute_index_is_refused_without_a_measurement():
    with pytest.raises(ModelError, match="calibrate it with one measured index") as caught:
        Haemolysis("giersiepen_1990", 20 * mL).index(work(heartmate3_rotor, 5))
    assert "\n" not in str(caught.value)


def test_unknown_law_is_refused():
    with pytest.raises(ModelError, match="did you mean zhang_2011"):
        power_law("zhang2011")


def test_a_law_reads_as_printed():
    assert power_law("giersiepen_1990").percent(100 * Pa, 0.1 * s) == pytest.approx(3.62e-5 * 100**2.416 * 0.1**0.785)
    assert len(LAWS) == 7


@pytest.mark.parametrize("law", LAWS)
def test_ratio_of_the_heartmates_at_2_litres_from_one_measurement_at_5(law):
    """Bourque 2016: HM3/HMII 0.36 at 5 L/min (calibrates), 0.29 at 2 L/min (judges)."""
    three = Haemolysis(law, 20 * mL).calibrated(0.36, work(heartmate3_rotor, 5))
    two = Haemolysis(law, 7 * mL).calibrated(1.0, work(heartmate2_rotor, 5))
    ratio = three.index(work(heartmate3_rotor, 2)) / two.index(work(heartmate2_rotor, 2))
    assert ratio == pytest.approx(0.29, rel=0.15)


def test_more_speed_at_the_same_flow_hurts_more():
    pump = Haemolysis("ding_2015_human", 20 * mL)
    assert pump.ratio(work(heartmate3_rotor, 5, 140.0), work(heartmate3_rotor, 5, 80.0)) > 1.2
