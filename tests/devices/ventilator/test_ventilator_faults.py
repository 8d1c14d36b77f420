"""Faults bring the right alarm with the right priority within its time; quiet running brings none."""

import pytest

from proband.benches.test_lung import test_lung
from proband.devices.ventilator import MODES, ventilator
from proband.engine import Engine
from proband.units import *

AT = "ventilator."

# fault, value, alarm, priority, seconds within which it must come in VC-CMV, PC-CMV and PSV
FAULTS = {
    "disconnection": ("connected", 0.0, "disconnection_alarm", "high", 12),
    "blocked tube, volume control": ("occlusion", 1.0, "high_pressure_alarm", "high", 5),
    "blocked tube": ("occlusion", 1.0, "obstruction_alarm", "high", 13),
    "blocked expiration": ("blockage", 1.0, "continuing_pressure_alarm", "high", 10),
    "leak": ("hole", 40.0, "leak_alarm", "medium", 20),
    "pressure sensor stuck": ("stuck", 1.0, "sensor_alarm", "high", 1),
    "flow sensor stuck": ("stuck_flow", 1.0, "sensor_alarm", "high", 1),
    "pressure sensor off by 8 cmH2O": ("offset", 8.0, "sensor_alarm", "high", 2),
    "oxygen supply": ("oxygen_supply", 0.0, "oxygen_supply_alarm", "high", 1),
    "oxygen, as measured": ("oxygen_supply", 0.0, "low_oxygen_alarm", "high", 30),
    "mains": ("mains", 0.0, "mains_alarm", "low", 2),
}
NAMES = list(FAULTS)
ONLY = {"blocked tube, volume control": ("VC-CMV",), "blocked tube": ("VC-CMV", "PC-CMV")}


@pytest.fixture(scope="module")
def bench():
    return Engine(
        test_lung(ventilator, tube=True, active=True),
        observe=[AT + "pressure", AT + "head", AT + "flow", AT + "oxygen_measured"],
        lanes=8,
    )


@pytest.fixture(scope="module", params=["VC-CMV", "PC-CMV", "PSV"])
def broken(bench, request):
    """All faults side by side, each after a quiet minute, in one mode."""
    values = {AT + "mode": MODES[request.param][0], "muscles.rate": 16.0}
    if request.param == "PSV":
        values["muscles.strength"] = 8.0
    run = bench.start(len(NAMES), values=values)
    run.advance(60 * s)
    quiet = run.events(alarms=True)
    for command in {FAULTS[n][0] for n in NAMES}:
        now = run.value(AT + command)
        run.command(AT + command, [FAULTS[n][1] if FAULTS[n][0] == command else now[i] for i, n in enumerate(NAMES)])
    run.advance(45 * s)
    return request.param, run, quiet


def test_nothing_is_called_before(broken):
    assert broken[2] == []


def test_each_fault_is_called_with_its_priority_in_its_time(broken):
    mode, run, _ = broken
    for i, name in enumerate(NAMES):
        _, _, alarm, priority, within = FAULTS[name]
        if mode not in ONLY.get(name, (mode,)):
            continue
        calls = [e for e in run.events(alarms=True) if e.patient == i and e.event == alarm and e.active]
        assert calls, f"{name} in {mode}: no {alarm}"
        assert calls[0].priority == priority
        assert calls[0].time_s - 60 <= within, f"{name} in {mode}: {alarm} after {calls[0].time_s - 60:.1f} s"


def test_pressure_is_cut_at_its_limit_within_half_a_second(bench):
    """A blocked airway in volume control: PVP1 (LaChance 2022) took about 500 ms."""
    run = bench.start(1)
    run.advance(30 * s)
    run.command(AT + "occlusion", 1.0)
    run.record(every=2 * ms, names=[AT + "pressure"])
    run.advance(10 * s)
    over = run.traces()[AT + "pressure"][0] > 40
    assert 0 < over.sum() * 0.002 / 3 < 0.5


def test_apnoea_is_called_when_efforts_cease(bench):
    run = bench.start(1, values={AT + "mode": MODES["PSV"][0], "muscles.strength": 8.0})
    run.advance(40 * s)
    run.command("muscles.strength", 0 * cmH2O)
    run.advance(30 * s)
    called = [e for e in run.events(alarms=True) if e.event == "apnoea_alarm"]
    assert called[0].priority == "high" and 59 < called[0].time_s < 64


def test_fast_breathing_and_low_volume_are_called(bench):
    run = bench.start(
        1,
        values={
            AT + "mode": MODES["PSV"][0],
            AT + "support": 0.0,
            "muscles.strength": 4.0,
            "muscles.rate": 48.0,
            "muscles.neural_time": 0.4,
        },
    )
    run.advance(90 * s)
    called = {e.event: e.priority for e in run.events(alarms=True)}
    assert called["high_rate_alarm"] == "medium" and called["low_volume_alarm"] == "medium"


def test_volume_beyond_its_limits_lost_peep_and_a_wrong_oxygen_cell_are_called(bench):
    """Beside a patient with whom all is well: limits that are passed, PEEP that a hole lets go, a cell that reads 10 % more."""
    values = {
        AT + "peep": [5.0, 5.0, 12.0, 5.0, 5.0],
        AT + "inspiratory_pressure": [20.0, 20.0, 28.0, 20.0, 20.0],
        AT + "mixer.error": [0.0, 0.0, 0.0, 0.1, 0.0],
    }
    run = bench.start(5, values=values)
    run.advance(30 * s)
    run.command(AT + "low_minute_volume", [8.0, 3.0, 3.0, 3.0, 3.0])
    run.command(AT + "high_minute_volume", [16.0, 5.0, 16.0, 16.0, 16.0])
    run.command(AT + "hole", [0.0, 0.0, 60.0, 0.0, 0.0])
    run.advance(30 * s)
    first = {(e.patient, e.event): (e.priority, e.time_s) for e in reversed(run.events(alarms=True)) if e.active}
    for patient, event, latest in (
        (0, "low_minute_volume_alarm", 41),
        (1, "high_minute_volume_alarm", 41),
        (2, "low_peep_alarm", 45),
        (3, "high_oxygen_alarm", 45),
    ):
        priority, time = first[patient, event]
        assert priority == "medium" and time < latest
    assert not [patient for patient, _ in first if patient == 4]


def test_a_new_setting_of_oxygen_is_on_its_way_for_a_while_and_not_called(bench):
    run = bench.start(2, values={AT + "oxygen": [0.21, 1.0], AT + "set_rate": 8.0})
    run.advance(60 * s)
    run.command(AT + "oxygen", [1.0, 0.21])
    run.advance(90 * s)
    assert run.now(AT + "oxygen_measured") == pytest.approx([1.0, 0.21], abs=0.02)
    assert run.events(alarms=True) == []


def test_without_power_the_battery_carries_on_then_the_turbine_stops_and_calls(bench):
    run = bench.start(1, values={AT + "power.charge": 0.4})
    run.command(AT + "mains", 0.0)
    run.advance(60 * s)
    called = {e.event: e.priority for e in run.events(alarms=True) if e.active}
    assert called["mains_alarm"] == "low" and called["battery_alarm"] == "medium" and called["power_alarm"] == "high"
    assert run.now(AT + "head")[0] < 1


def test_a_mask_with_a_leak_is_made_good_and_not_called(bench):
    values = {
        AT + "mode": MODES["PSV"][0],
        "muscles.strength": 8.0,
        AT + "monitor.niv": [0.0, 1.0],
        AT + "hole": [30.0, 30.0],
    }
    run = bench.start(2, values=values)
    run.advance(90 * s)
    called = {(e.patient, e.event) for e in run.events(alarms=True) if e.active}
    assert (0, "leak_alarm") in called
    assert not [c for c in called if c[0] == 1]
    assert run.value(AT + "monitor.rate")[1] == pytest.approx(20, abs=1)


def test_an_hour_of_quiet_running_brings_no_alarm(bench):
    """Eight patients side by side: three passive, five who breathe."""
    passive, breathing = ("VC-CMV", "PRVC", "APRV"), ("PC-CMV", "VC-SIMV", "PSV", "CPAP", "ASV")
    values = {
        AT + "mode": [MODES[m][0] for m in (*passive, *breathing)],
        "muscles.strength": [0.0] * len(passive) + [6.0] * len(breathing),
        "muscles.rate": 16.0,
    }
    run = bench.start(len(passive) + len(breathing), values=values)
    run.advance(1 * h)
    assert run.events(alarms=True) == [] and run.failures == []
