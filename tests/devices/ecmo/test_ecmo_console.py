"""The console against faults: the right alarm, in time, and none without cause. Every lane has a fault of its own."""

import numpy as np
import pytest

from proband import patients
from proband.devices.ecmo import ecmo
from proband.engine import Engine
from proband.units import *

SEEN = ["ecmo.flow", "ecmo.rotor_speed", "ecmo.head", "ecmo.target_speed"]
# fault: commands, and the alarms that it must call with priority and time (s)
FAULTS = {
    "drainage clamped": ({"ecmo.drain_clamp": 1}, {("drainage_alarm", "high"): 5, ("low_flow_alarm", "high"): 6}),
    "drainage kinked": ({"ecmo.drain_kink": 0.9}, {("drainage_alarm", "high"): 5, ("low_flow_alarm", "high"): 8}),
    "return clamped": ({"ecmo.return_clamp": 1}, {("low_flow_alarm", "high"): 6, ("pressure_warning", "medium"): 10}),
    "return kinked": ({"ecmo.return_kink": 0.9}, {("low_flow_alarm", "high"): 8}),
    "air in the pump": ({"ecmo.air": 0.2}, {("bubble_alarm", "high"): 0.5}),
    "pump deprimed": ({"ecmo.air": 0.6}, {("bubble_alarm", "high"): 0.5, ("backflow_alarm", "high"): 5}),
    "pump failed": ({"ecmo.power_on": 0}, {("pump_stopped_alarm", "high"): 8, ("backflow_alarm", "high"): 6}),
    "gas failed": ({"ecmo.blender_oxygen.supply": 0}, {("low_gas_alarm", "high"): 8}),
    "oxygenator clotted": ({"ecmo.clot": 0.6}, {("oxygenator_alarm", "medium"): 20}),
    "speed too low": ({"ecmo.mode": 0, "ecmo.speed": 1200, "ecmo.backflow_prevention": 0}, {("backflow_alarm", "high"): 8}),
    "speed too low, prevented": ({"ecmo.mode": 0, "ecmo.speed": 1200}, {("low_flow_alarm", "high"): 8}),
    "bubble stops the pump": ({"ecmo.air": 0.05, "ecmo.bubble_stop": 1}, {("bubble_alarm", "high"): 0.5}),
}  # fmt: skip
QUIET = {"mode": 1.0, "returning": "hls 19", "set_flow": 4 * L_min, "oxygenator": "quadrox_i_small_adult"}


@pytest.fixture(scope="module")
def faulty():
    body = patients.load("hfref_severe").attach(ecmo=ecmo("right_atrium", "leg_arteries", **QUIET))
    run = Engine(body, observe=SEEN).start(patients=len(FAULTS))
    run.advance(60 * s)
    before = mine(run.events())
    for name in sorted({name for commands, _ in FAULTS.values() for name in commands}):
        part, row = body.row(name)
        usual = row.unit.of(body.parts[part].value(row.name))
        run.command(name, [float(commands.get(name, usual)) for commands, _ in FAULTS.values()])
    run.advance(30 * s)
    run.begin_window()
    run.advance(2 * s)
    assert not run.failures
    return before, [e for e in mine(run.events()) if e.active and e.time_s > 60], run.window()


def mine(events):
    return [e for e in events if e.part.startswith("ecmo")]


def test_nothing_calls_before_anything_happens(faulty):
    assert faulty[0] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_calls_its_alarms_in_time(faulty, fault):
    i, wanted = list(FAULTS).index(fault), FAULTS[fault][1]
    called = {}
    for e in faulty[1]:
        if e.patient == i:
            called.setdefault((e.event, e.priority), e.time_s - 60)
    for alarm, within in wanted.items():
        assert alarm in called, f"{alarm} did not come; {called} did."
        assert called[alarm] <= within


def test_a_pump_that_can_press_or_pull_too_hard_is_told_so():
    """A DP3 at 9,000 rpm: against a clamp behind it, and before a vein that gives no more."""
    body = patients.load("hfref_severe").attach(
        ecmo=ecmo("right_atrium", "leg_arteries", pump="dp3", drainage="hls 21", returning="hls 19", speed=5000 * rpm, venous_intervention=0.0)
    )  # fmt: skip
    run = Engine(body, observe=SEEN).start(patients=2)
    run.advance(40 * s)
    assert mine(run.events()) == []
    run.command("ecmo.speed", 9000.0)
    run.command("ecmo.return_clamp", [1.0, 0.0])
    run.advance(15 * s)
    assert not run.failures
    called = {(e.patient, e.event, e.priority): e.time_s - 40 for e in mine(run.events()) if e.active}
    assert called[0, "pressure_warning", "medium"] < 6 and called[0, "pressure_alarm", "high"] < 6
    assert called[1, "drainage_warning", "medium"] < 8 and called[1, "drainage_alarm", "high"] < 8


def test_a_drainage_that_chatters_is_told_and_met_with_less_speed():
    """A patient who lacks 500 mL of blood; in the second lane the console may lower the speed."""
    body = patients.load("healthy_man")
    body = patients.with_blood_volume(body, patients.blood_volume(body) - 500 * mL)
    body = body.attach(
        ecmo=ecmo("right_atrium", "leg_arteries", returning="hls 21", speed=2200 * rpm, low_flow=0.5 * L_min)
    )
    run = Engine(body, observe=[*SEEN, "ecmo.inlet_pressure"]).start(patients=2)
    run.command("ecmo.venous_intervention", [0.0, 1.0])
    run.advance(30 * s)
    assert mine(run.events()) == []
    run.command("ecmo.speed", 3800.0)
    run.advance(25 * s)
    called = {(e.patient, e.event, e.priority): e.time_s - 30 for e in mine(run.events()) if e.active}
    assert called[0, "chatter_alarm", "medium"] < 6 and called[0, "drainage_warning", "medium"] < 6
    assert run.now("ecmo.rotor_speed")[1] < 3500 < run.now("ecmo.rotor_speed")[0]


def test_backflow_is_prevented_where_that_is_on(faulty):
    flow = dict(zip(FAULTS, faulty[2].mean("ecmo.flow"), strict=True))
    assert flow["speed too low"] < -0.3
    assert flow["speed too low, prevented"] == pytest.approx(0.1, abs=0.1)
    assert flow["bubble stops the pump"] < 0.1


def test_flow_control_holds_flow_within_the_probes_error(faulty):
    flow = dict(zip(FAULTS, faulty[2].mean("ecmo.flow"), strict=True))
    for fault in ("gas failed", "oxygenator clotted", "air in the pump"):
        assert flow[fault] == pytest.approx(4 / 1.02, abs=0.05)


def quiet(lanes, seconds):
    """Patients with hearts of several strengths at several flows."""
    body = patients.load("hfref_severe").attach(ecmo=ecmo("right_atrium", "leg_arteries", **QUIET))
    run = Engine(body, observe=SEEN).start(
        patients=lanes, values={"left_ventricle.E_max": list(np.linspace(0.3, 1.2, lanes))}
    )
    run.command("ecmo.set_flow", list(np.linspace(2.5, 4.2, lanes)))
    run.advance(seconds * s)
    assert not run.failures
    return run


def test_an_hour_of_each_of_eight_patients_calls_nothing():
    run = quiet(8, 3600)
    assert mine(run.events()) == []
    assert run.now("ecmo.flow")[0] == pytest.approx(2.5 / 1.02, abs=0.1)


def test_weaning_goes_down_step_by_step_and_back_where_pressure_falls():
    body = patients.load("hfref_severe").attach(
        ecmo=ecmo("right_atrium", "leg_arteries", **QUIET, firmware_arterial="aorta.pressure", wean_every=15 * s, low_flow=0.5 * L_min)
    )  # fmt: skip
    run = Engine(body, observe=SEEN).start(patients=2, values={"left_ventricle.E_max": [0.55, 0.12]})
    run.advance(60 * s)
    run.command("ecmo.mode", 2.0)
    run.advance(22 * s)
    assert run.now("ecmo.flow")[0] == pytest.approx(3.5 / 1.02, abs=0.15)
    run.advance(65 * s)
    run.begin_window()
    run.advance(10 * s)
    bears, fails = run.window().mean("ecmo.flow")
    assert bears == pytest.approx(1.5 / 1.02, abs=0.15)
    assert fails > bears + 0.8  # at full flow again, as far as the chattering drainage gives it
    assert {e.patient for e in run.events() if e.event == "weaning_refused"} == {1}
