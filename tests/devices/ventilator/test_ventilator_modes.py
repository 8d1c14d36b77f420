"""Every mode on a test lung: what it promises a passive and a breathing patient."""

import numpy as np
import pytest

from proband.benches.test_lung import test_lung
from proband.devices.ventilator import MODES, ventilator
from proband.engine import Engine
from proband.units import *

NAMES = list(MODES)
AT = "ventilator."
TOLD = ("VT_in", "VT_out", "PIP", "end_pressure", "measured_rate", "t_in", "breath.own", "breath.backup", "adaptive.pressure", "adaptive.rate", "adaptive.volume", "monitor.RC_out", "pressure", "breath.breaths", "oxygen_fraction")  # fmt: skip
SIGNALS = [AT + name for name in TOLD] + ["lung.volume"]


@pytest.fixture(scope="module")
def bench():
    """C 50 mL/cmH2O, R 5 cmH2O s/L behind an 8 mm tube."""
    return Engine(test_lung(ventilator, tube=True, active=True), observe=SIGNALS, lanes=8)


def told(run, name):
    return run.column(AT + name)


@pytest.fixture(scope="module")
def passive(bench):
    """Nine lanes, one per mode, two minutes without any effort."""
    run = bench.start(len(NAMES), values={AT + "mode": [MODES[m][0] for m in NAMES]})
    run.advance(120 * s)
    run.look()
    return run


@pytest.fixture(scope="module")
def breathing(bench):
    """The same with efforts of 6 cmH2O, 20 a minute."""
    values = {AT + "mode": [MODES[m][0] for m in NAMES], "muscles.strength": [6.0] * 9, "muscles.rate": [20.0] * 9}
    run = bench.start(len(NAMES), values=values)
    run.advance(120 * s)
    run.look()
    return run


@pytest.mark.parametrize("mode", ["VC-CMV", "PRVC", "VC-SIMV"])
def test_a_volume_that_is_set_is_given(passive, mode):
    assert told(passive, "VT_in")[NAMES.index(mode)] == pytest.approx(450, rel=0.03)


@pytest.mark.parametrize("mode", ["PC-CMV", "PC-SIMV"])
def test_a_pressure_that_is_set_is_reached_and_not_passed(passive, mode):
    assert 19.5 < told(passive, "PIP")[NAMES.index(mode)] < 22


def test_pressure_control_gives_what_the_lung_takes_in_that_time(passive):
    """C ΔP (1 − exp(−Ti/RC)), RC with a tube that resists about 6 to 9 cmH2O s/L at these flows."""
    given = told(passive, "VT_in")[NAMES.index("PC-CMV")]
    low, high = (50 * 15 * (1 - np.exp(-1.0 / (r * 0.05))) for r in (14.0, 7.0))
    assert low < given < high


def test_peep_is_kept_in_every_mode_with_a_full_expiration(passive):
    kept = [told(passive, "end_pressure")[NAMES.index(m)] for m in NAMES if m != "APRV"]
    assert kept == pytest.approx([5.0] * 8, abs=0.15)


def test_peep_is_found_again_after_a_minute_without(bench):
    run = bench.start(2, values={"muscles.strength": 0.0, AT + "peep": [0.0, 2.0]})
    run.advance(60 * s)
    run.command(AT + "peep", 10 * cmH2O)
    run.advance(30 * s)
    assert told(run, "end_pressure") == pytest.approx([10.0] * 2, abs=0.15)


def test_airway_pressure_release_is_long_high_and_short_low(passive):
    i = NAMES.index("APRV")
    assert told(passive, "t_in")[i] == pytest.approx(4.0, abs=0.02)
    assert told(passive, "measured_rate")[i] == pytest.approx(60 / 4.7, rel=0.01)
    assert told(passive, "PIP")[i] == pytest.approx(25, abs=1)
    assert told(passive, "end_pressure")[i] > 5.5  # released too briefly to empty: that is its auto-PEEP


@pytest.mark.parametrize("mode", ["PSV", "CPAP"])
def test_apnoea_begins_the_backup_and_calls(passive, mode):
    i = NAMES.index(mode)
    assert told(passive, "measured_rate")[i] == pytest.approx(12, abs=0.2)
    called = [e for e in passive.events(alarms=True) if e.patient == i and e.event == "apnoea_alarm"]
    assert called[0].priority == "high" and called[0].time_s == pytest.approx(20, abs=0.1)


@pytest.mark.parametrize("mode", ["PSV", "CPAP"])
def test_the_backup_gives_way_to_the_patient(bench, mode):
    run = bench.start(1, values={AT + "mode": MODES[mode][0], "muscles.rate": 20.0})
    run.advance(40 * s)
    assert run.value(AT + "breath.backup")[0] == 1
    run.command("muscles.strength", 8 * cmH2O)
    run.advance(20 * s)
    assert run.value(AT + "breath.backup")[0] == 0
    assert run.events(alarms=True)[-1].event == "apnoea_alarm" and not run.events(alarms=True)[-1].active


def test_the_backup_gives_way_to_a_mode_that_is_chosen(bench):
    """A patient whom the backup over-ventilates never breathes again by himself: someone has to end it."""
    run = bench.start(1, values={AT + "mode": MODES["PSV"][0], "muscles.strength": 0.0})
    run.advance(40 * s)
    assert run.value(AT + "breath.backup")[0] == 1
    run.command(AT + "mode", MODES["CPAP"][0])
    run.advance(10 * s)
    assert run.value(AT + "breath.backup")[0] == 0
    run.advance(20 * s)
    assert run.value(AT + "breath.backup")[0] == 1  # still no breath: it begins anew


def test_adaptive_support_finds_the_rate_of_least_work(passive):
    """Otis' rate for 7 L/min, 154 mL dead space and the time constant that was measured, by an independent fixed point."""
    i = NAMES.index("ASV")
    RC, dead, wanted = told(passive, "monitor.RC_out")[i], 2.2 * 70, 7000.0
    rate = 15.0
    for _ in range(200):
        a = 2 * np.pi**2 * RC / 60
        rate += 0.2 * ((np.sqrt(1 + 2 * a * (wanted - rate * dead) / dead) - 1) / a - rate)
    assert told(passive, "adaptive.rate")[i] == pytest.approx(rate, rel=0.05)
    assert told(passive, "VT_in")[i] * told(passive, "measured_rate")[i] == pytest.approx(wanted, rel=0.05)


def test_every_effort_is_answered_where_lung_and_settings_are_kind(breathing):
    rates = told(breathing, "measured_rate")
    for mode in ("VC-CMV", "PC-CMV", "PRVC", "VC-SIMV", "PC-SIMV", "PSV", "CPAP", "ASV"):
        assert rates[NAMES.index(mode)] == pytest.approx(20, abs=0.5), mode


def test_effort_lowers_pressure_in_volume_and_raises_volume_in_pressure_control(passive, breathing):
    vc, pc = NAMES.index("VC-CMV"), NAMES.index("PC-CMV")
    assert told(breathing, "PIP")[vc] < told(passive, "PIP")[vc] - 3
    assert told(breathing, "VT_in")[pc] > told(passive, "VT_in")[pc] + 100
    assert told(breathing, "VT_in")[vc] == pytest.approx(told(passive, "VT_in")[vc], rel=0.03)


def test_adaptive_pressure_withdraws_when_the_patient_works(passive, breathing):
    i = NAMES.index("PRVC")
    assert told(breathing, "adaptive.pressure")[i] < told(passive, "adaptive.pressure")[i] - 2
    assert told(breathing, "VT_in")[i] == pytest.approx(450, rel=0.05)


def test_simv_mixes_mandatory_and_supported_breaths(bench):
    values = {
        AT + "mode": MODES["VC-SIMV"][0],
        AT + "set_rate": 6.0,
        "muscles.strength": 6.0,
        "muscles.rate": 24.0,
        AT + "support": 5.0,
    }
    run = bench.start(1, values=values)
    run.advance(30 * s)
    kinds, last = [], -1.0
    for _ in range(600):
        run.advance(100 * ms)
        count = run.value(AT + "breath.breaths")[0]
        if count != last:
            kinds.append(run.value(AT + "breath.kind")[0])
            last = count
    minute = kinds[1:]
    assert minute.count(0.0) == pytest.approx(6, abs=2) and minute.count(2.0) == pytest.approx(18, abs=3)


def test_a_descending_flow_gives_the_same_volume(bench):
    run = bench.start(
        2, values={AT + "descending": [0.0, 1.0], AT + "inspiratory_time": [1.3, 1.3], AT + "pause_time": [0.2, 0.2]}
    )
    run.advance(30 * s)
    run.record(every=10 * ms, names=["ventilator.pressure", "lung.volume"])
    run.advance(8 * s)
    run.look()
    volumes = np.ptp(run.traces()["lung.volume"], axis=1)
    assert volumes[0] == pytest.approx(volumes[1], rel=0.02)
    assert told(run, "PIP")[1] < told(run, "PIP")[0]  # the end of the flow is slow


def test_rise_time_and_cycling_shape_a_supported_breath(bench):
    values = {
        AT + "mode": [5.0] * 3,
        "muscles.strength": [6.0] * 3,
        "muscles.neural_time": [0.5] * 3,
        AT + "tube.R1": [15.0] * 3,
        AT + "cycling": [0.1, 0.25, 0.6],
        AT + "longest": [3.0] * 3,
    }
    run = bench.start(3, values=values)
    run.advance(40 * s)
    run.look()
    long, usual, short = told(run, "t_in")
    assert long > usual + 0.1 and usual > short + 0.1


def test_recruitment_holds_40_for_30_s_once(bench):
    run = bench.start(1, values={AT + "mode": 1.0})
    run.advance(20 * s)
    run.command(AT + "recruit", 1.0)
    run.record(every=100 * ms, names=[AT + "pressure"])
    run.advance(60 * s)
    pressure = run.traces()[AT + "pressure"][0]
    assert (pressure > 38).sum() * 0.1 == pytest.approx(28, abs=2.5)
    assert pressure[-150:].max() < 22


def test_oxygen_reaches_what_is_set_within_40_s(bench):
    """Makers promise 21 to 90 % within 40 s at 500 mL, 10 a minute."""
    run = bench.start(1, values={AT + "oxygen": 0.21, AT + "tidal_volume": 500.0, AT + "set_rate": 10.0})
    run.advance(60 * s)
    assert run.now(AT + "oxygen_fraction")[0] < 0.25
    run.command(AT + "oxygen", 0.9)
    run.advance(40 * s)
    assert run.now(AT + "oxygen_fraction")[0] == pytest.approx(0.9, abs=0.03)


def test_two_runs_with_one_seed_are_the_same_and_noise_differs_between_patients(bench):
    first, second = (bench.start(2, seed=7) for _ in range(2))
    for run in (first, second):
        run.advance(10 * s)
    assert (first.value(AT + "sensors.pressure") == second.value(AT + "sensors.pressure")).all()
    assert first.value(AT + "sensors.pressure")[0] != first.value(AT + "sensors.pressure")[1]
