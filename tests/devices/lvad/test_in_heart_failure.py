"""What must emerge when a pump meets a failing circulation. Directions and published spreads; nothing here was fitted."""

import numpy as np
import pytest

from proband import patients
from proband.devices import load
from proband.engine import Engine
from proband.units import *

OBSERVED = [
    "lvad.flow", "lvad.suction", "lvad.pulsatility_index", "monitor.wedge", "monitor.central_venous", "monitor.pulmonary_mean",
    "monitor.cardiac_output", "monitor.valve_open", "monitor.right_end_diastolic_volume", "monitor.mean_arterial",
]  # fmt: skip


def at_speeds(body, speeds, seconds=90):
    """Each speed in a lane of its own, settled; the low-speed limit is moved out of the way."""
    run = Engine(body, observe=OBSERVED).start(patients=len(speeds))
    run.command("lvad.speed", speeds)
    run.command("lvad.low_speed_limit", speeds)
    run.advance(seconds * s)
    run.begin_window()
    run.advance(8 * s)
    assert not run.failures
    return run.window()


def supported(volume=1.0):
    body = patients.load("hfref_severe")
    body = patients.with_blood_volume(body, patients.blood_volume(body) * volume)
    return body.attach(lvad=load("heartmate3")("left_ventricle", "aorta", mode=0.0))


@pytest.fixture(scope="module")
def ramp():
    speeds = np.arange(4400.0, 6601.0, 200.0)
    return speeds, at_speeds(supported(), speeds)


def test_aortic_valve_opens_less_and_less_until_the_pump_is_the_heart(ramp):
    _, window = ramp
    open_ = window.mean("monitor.valve_open")
    assert np.all(np.diff(open_) <= 1e-9)
    assert open_[0] > 5 and open_[-1] == 0
    closed = open_ == 0
    assert window.mean("lvad.flow")[closed] == pytest.approx(window.mean("monitor.cardiac_output")[closed], rel=0.02)


def test_the_left_is_unloaded_and_the_right_is_not(ramp):
    _, window = ramp
    assert np.all(np.diff(window.mean("monitor.wedge")) < 0)
    assert np.all(np.diff(window.mean("monitor.pulmonary_mean")) < 0)
    assert np.ptp(window.mean("monitor.central_venous")) < 2.0
    assert np.all(np.diff(window.mean("monitor.right_end_diastolic_volume")) > 0)


def test_ramp_slopes_are_those_of_patients(ramp):
    """Uriel 2017, HeartMate 3, each 100 rpm: output +0.08 ± 0.08 L/min, wedge −0.48 ± 0.27 mmHg (unsure rows)."""
    speeds, window = ramp
    usual = (speeds >= 4800) & (speeds <= 6200)
    per_100 = {n: 100 * np.polyfit(speeds[usual], window.mean(n)[usual], 1)[0] for n in OBSERVED}
    assert 0.0 < per_100["monitor.cardiac_output"] < 0.16
    assert -0.75 < per_100["monitor.wedge"] < -0.21


def test_pulsatility_falls_with_speed_and_rises_with_strength(ramp):
    _, window = ramp
    clear = window.max("lvad.suction") < 0.01  # suction shakes the flow
    assert clear.sum() >= 9
    assert np.all(np.diff(window.mean("lvad.pulsatility_index")[clear][1:]) < 0)
    body = supported()
    weak = body.value("left_ventricle.E_max")
    strong = body.with_values({"left_ventricle.E_max": 1.3 * weak})
    speeds = np.array([5600.0, 6000.0])
    before, after = (at_speeds(b, speeds, 60).mean("lvad.pulsatility_index") for b in (body, strong))
    assert np.all(after > before)


def test_a_bleed_of_a_fifth_lowers_the_onset_of_suction():
    speeds = np.arange(5000.0, 8601.0, 200.0)

    def onset(volume):
        covered = at_speeds(supported(volume), speeds, 60).max("lvad.suction")
        return speeds[covered > 0.05][0]

    assert onset(0.8) <= onset(1.0) - 200


def test_stopped_pump_leaks_one_to_three_litres_in_a_patient():
    run = Engine(supported(), observe=OBSERVED).start()
    run.command("lvad.connected", 0.0)
    run.advance(60 * s)
    run.begin_window()
    run.advance(8 * s)
    assert 65 < run.window().mean("monitor.mean_arterial")[0] < 85
    assert -3.0 < run.window().mean("lvad.flow")[0] < -1.0


def test_too_much_right_support_floods_the_lungs():
    body = supported().attach(
        rvad=load("heartmate3")("right_atrium", "pulmonary_artery", mode=0.0, low_speed_limit=3000 * rpm)
    )
    run = Engine(body, observe=[*OBSERVED, "rvad.flow"]).start(patients=4)
    run.command("rvad.speed", [3000.0, 3800.0, 4600.0, 5400.0])
    run.advance(90 * s)
    run.begin_window()
    run.advance(8 * s)
    window = run.window()
    assert not run.failures
    assert np.all(np.diff(window.mean("rvad.flow")) > 0)
    assert np.all(np.diff(window.mean("monitor.wedge")) > 0)
    assert np.all(np.diff(window.mean("monitor.central_venous")) < 0)


@pytest.mark.parametrize("make", ["hvad", "heartmate2", "corheart6_band"])
def test_every_make_supports_and_is_stable_at_its_own_speed(make):
    body = patients.load("hfref_severe").attach(lvad=load(make)("left_ventricle", "descending_aorta"))
    run = Engine(body, observe=OBSERVED).start()
    run.advance(60 * s)
    run.begin_window()
    run.advance(8 * s)
    assert not run.failures
    assert 3.5 < run.window().mean("lvad.flow")[0] < 6.5
