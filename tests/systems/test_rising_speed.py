"""What else moves as a pump speeds up. Filling, pulmonary pressure and the valve: tests/devices/lvad/test_in_heart_failure.py."""

import numpy as np
import pytest

from proband.engine import Engine
from proband.units import *

SPEEDS = np.arange(4600.0, 6601.0, 400.0)


@pytest.fixture(scope="module")
def ramp(supported, at_speeds):
    names = ["septum.bulge", "monitor.left_systolic", "monitor.diastolic", "monitor.valve_open", "monitor.native_flow", "lvad.flow",
             "monitor.cardiac_output", "lvad.power", "lvad.hydraulic_power"]  # fmt: skip
    return at_speeds(supported(), SPEEDS, names)


def test_the_septum_moves_to_the_left(ramp):
    assert np.all(np.diff(ramp.mean("septum.bulge")) < 0)
    assert ramp.mean("septum.bulge")[0] > 0 > ramp.min("septum.bulge")[-1]


def test_the_aortic_valve_rests_where_the_ventricles_peak_stays_below_the_aorta(ramp):
    below = ramp.mean("monitor.left_systolic") < ramp.mean("monitor.diastolic")
    assert below[-1] and not below[0]
    assert np.all(ramp.mean("monitor.valve_open")[below] == 0)
    assert np.all(np.abs(ramp.mean("monitor.native_flow")[below]) < 0.02)
    assert ramp.mean("lvad.flow")[below] == pytest.approx(ramp.mean("monitor.cardiac_output")[below], rel=0.02)


def test_a_tenth_to_a_fifth_of_the_power_reaches_the_blood_in_a_beating_heart(ramp):
    usual = (SPEEDS >= 5000) & (SPEEDS <= 6200)
    share = (ramp.mean("lvad.hydraulic_power") / ramp.mean("lvad.power"))[usual]
    assert np.all((share > 0.10) & (share < 0.20))


def test_in_right_heart_failure_venous_pressure_is_above_0_63_of_the_wedge_and_the_pump_makes_it_worse(
    supported, at_speeds
):
    names = ["monitor.central_venous", "monitor.wedge", "monitor.right_end_diastolic_volume"]
    window = at_speeds(supported("right_heart_failure"), SPEEDS, names, seconds=120)
    ratio = window.mean(names[0]) / window.mean(names[1])
    assert np.all(ratio > 0.63)
    assert np.all(np.diff(ratio) > 0)
    assert np.all(np.diff(window.mean(names[2])) > 0)
    assert window.mean(names[0])[-1] > window.mean(names[0])[0] - 1.0  # flat or up


def test_right_support_relieves_the_veins_and_loads_the_lungs(supported):
    """The failing right ventricle's pump, at more and more speed beside a left one that stays as it is."""
    from proband.devices import load

    right = load("heartmate3")("right_atrium", "pulmonary_artery", mode=0.0, low_speed_limit=3000 * rpm)
    names = ["monitor.wedge", "monitor.central_venous", "monitor.cardiac_output"]
    run = Engine(supported("right_heart_failure").attach(rvad=right), observe=names).start(patients=4)
    run.command("rvad.speed", [3400.0, 4000.0, 4600.0, 5200.0])
    run.advance(90 * s)
    run.begin_window()
    run.advance(8 * s)
    assert not run.failures
    wedge, venous, _ = (run.window().mean(n) for n in names)
    assert np.all(np.diff(wedge) > 0) and wedge[-1] > 18  # beyond an optimised patient's limit
    assert np.all(np.diff(venous) < 0)
