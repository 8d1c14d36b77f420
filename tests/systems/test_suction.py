"""When the wall comes to lie on the inlet, and when it does not. In the smallest patient: tests/devices/lvad/test_in_a_patient.py."""

import numpy as np
import pytest

from proband.devices.lvad.heartmate2 import heartmate2_rotor
from proband.devices.lvad.heartmate3 import heartmate3_rotor
from proband.devices.lvad.hvad import hvad_rotor
from proband.engine import Engine
from proband.units import *

CHAMBER = ["left_ventricle.pressure", "left_ventricle.transmural", "left_ventricle.volume", "septum.bulge"]
PUMP = ["lvad.suction", "lvad.flow", "monitor.mean_arterial"]


def inhaling(body, step=1.0):
    """30 mmHg below the atmosphere in the chest, all at once: a run that has recorded what the pump did."""
    engine = Engine(body, observe=CHAMBER + PUMP, step=step * ms)
    assert engine.decide() == "RK4"
    run = engine.start()
    run.advance(60 * s)
    run.command("chest.level", -30 * mmHg)
    run.begin_window()
    run.record(every=10 * ms)
    run.advance(10 * s)
    assert not run.failures
    assert run.window().min("left_ventricle.pressure")[0] < -15
    return run


def test_30_mmhg_below_in_the_chest_cause_no_suction_and_shake_no_step(supported):
    """The ventricle's pressure is far below zero then, but so is what surrounds it."""
    body = supported(speed=5800 * rpm, low_speed_limit=5800 * rpm, septum=False)
    seen = []
    for step in (1.0, 0.5):
        run = inhaling(body, step)
        assert run.window().min("left_ventricle.transmural")[0] > 3
        assert run.window().max("lvad.suction")[0] == 0
        assert run.window().min("lvad.flow")[0] > 2
        seen.append(run.traces()["lvad.flow"][0])
    assert np.abs(seen[0] - seen[1]).max() < 1e-3  # L/min, for half the step


def test_where_the_inlet_lies_beside_the_septum_it_is_covered_for_some_beats_alone(supported):
    """The right heart fills first, and pushes the septum to the left for the first beats of a sucking chest (Brinker 1980 Circulation
    61:626, in normal men). What lies on the inlet is that septum; once the left heart has filled it lets go, though the chest, and
    with it the ventricle's own pressure, stay where they were."""
    run = inhaling(supported(speed=5800 * rpm, low_speed_limit=5800 * rpm))
    first = run.window()
    leftmost = first.min("septum.bulge")[0]
    assert leftmost < -15
    assert first.max("lvad.suction")[0] > 0.1
    assert first.min("left_ventricle.transmural")[0] > 5  # no slack wall
    assert first.min("lvad.flow")[0] > 0
    run.advance(10 * s)
    run.begin_window()
    run.advance(5 * s)
    late = run.window()
    assert late.min("left_ventricle.pressure")[0] < -3
    assert late.min("septum.bulge")[0] > leftmost + 10
    assert late.max("lvad.suction")[0] == 0


@pytest.fixture(scope="module")
def starved(supported, going_on_with):
    """The inflow into the left atrium is cut off while the pump runs on."""
    run = Engine(supported(), observe=CHAMBER + PUMP).start()
    run.advance(60 * s)
    going_on_with(run, pulmonary_inflow__R=[50.0])
    run.advance(20 * s)
    run.begin_window()
    run.advance(5 * s)
    assert not run.failures
    return run


def test_an_emptied_passive_ventricle_pulls_its_pressure_below_zero(starved, value_of):
    """Recoil below the rest volume: nothing is clipped."""
    window = starved.window()
    assert window.min("left_ventricle.volume")[0] < value_of(starved.engine.body, "left_ventricle.V_0")
    assert window.min("left_ventricle.transmural")[0] < -2
    assert window.min("left_ventricle.volume")[0] > 0


def test_suction_is_bounded_and_lets_go(starved, going_on_with):
    window = starved.window()
    assert window.max("lvad.suction")[0] > 0.3
    assert 0 < window.mean("lvad.flow")[0] < 2.0
    going_on_with(starved, pulmonary_inflow__R=[0.006])
    starved.advance(40 * s)
    starved.begin_window()
    starved.advance(5 * s)
    assert not starved.failures
    assert starved.window().max("lvad.suction")[0] == 0
    assert starved.window().mean("lvad.flow")[0] > 4.5


@pytest.mark.parametrize("rotor", [heartmate3_rotor, hvad_rotor, heartmate2_rotor])
def test_the_column_of_blood_has_the_published_inertance(rotor):
    """0.03 to 0.05 mmHg s²/mL for pump, cannula and graft."""
    unit = mmHg * s * s / mL
    assert 0.03 < sum(unit.of(rotor.rows[row].value) for row in ("L", "L_per")) < 0.05


def test_a_stopped_pump_leaks_one_to_three_litres_at_70_to_80_mmhg(supported):
    run = Engine(supported(), observe=PUMP).start()
    run.command("lvad.connected", 0.0)
    run.advance(60 * s)
    run.begin_window()
    run.advance(10 * s)
    assert 70 < run.window().mean("monitor.mean_arterial")[0] < 80
    assert -3 < run.window().mean("lvad.flow")[0] < -1


def test_a_weak_right_ventricle_brings_suction_at_a_lower_speed(supported, at_speeds):
    """Less comes through the lungs, and the septum comes over."""
    speeds = np.arange(5600.0, 7801.0, 200.0)

    def onset(name):
        covered = at_speeds(supported(name), speeds, ["lvad.suction"], seconds=120).max("lvad.suction")
        return speeds[covered > 0.05][0]

    assert onset("right_heart_failure") <= onset("hfref_severe") - 200


def test_a_septum_that_comes_over_covers_the_inlet_before_the_chamber_is_slack(supported, at_speeds):
    """The same failing right ventricle, with an inlet beside the septum and with one far from it."""
    speeds = np.arange(5600.0, 7001.0, 200.0)
    beside = supported("right_heart_failure")
    far = beside.with_values({"lvad.rotor.S_open": -200 * mL, "lvad.rotor.S_shut": -300 * mL})
    names = ["lvad.suction", "left_ventricle.transmural", "septum.bulge"]
    near, away = (at_speeds(body, speeds, names, seconds=120) for body in (beside, far))
    begins = int((near.max("lvad.suction") > 0.05).argmax())
    assert near.max("lvad.suction")[begins] > 0.05 > away.max("lvad.suction")[begins]
    assert near.min("left_ventricle.transmural")[begins] > 3  # the free wall is still tense
    assert near.min("septum.bulge")[begins] < -8
