"""Holds and what is computed from them, against closed forms of a linear lung."""

import numpy as np
import pytest

from proband.benches.test_lung import test_lung
from proband.devices.ventilator import ventilator
from proband.engine import Engine
from proband.units import *

AT = "ventilator."
resistance = cmH2O * s / L
TOLD = ("auto_peep", "total_peep", "plateau", "static_compliance", "dynamic_compliance", "driving_pressure", "PIP", "RSBI", "VT_in", "VT_out", "measured_rate", "mechanical_power", "work_per_litre", "pressure", "P_01", "leak_share")  # fmt: skip


@pytest.fixture(scope="module")
def obstructed():
    """C 59, R 22 in all: what the expiratory valve resists (2, made linear here) is taken off the lung's."""
    body = test_lung(
        ventilator, C=59 * mL / cmH2O, R=20 * resistance, tidal_volume=500 * mL, trigger=0.0, pressure_limit=60 * cmH2O
    )
    body = body.with_values(
        {AT + "expiratory.R2": 0 * (cmH2O * s * s / L**2)}, why={AT + "expiratory.R2": "bench: a linear lung"}
    )
    rates = np.array([10.0, 15.0, 20.0, 30.0])
    run = Engine(body, observe=[AT + n for n in TOLD], lanes=4).start(
        4, values={AT + "set_rate": rates, AT + "inspiratory_time": 20 / rates}
    )
    run.advance(60 * s)
    run.command(AT + "expiratory_hold", 1.0)
    run.advance(10 * s)
    run.command(AT + "expiratory_hold", 0.0)
    run.advance(30 * s)
    run.command(AT + "inspiratory_hold", 1.0)
    run.advance(8 * s)
    run.command(AT + "inspiratory_hold", 0.0)
    run.advance(20 * s)
    run.look()
    return rates, run


def test_auto_peep_follows_the_closed_form_of_a_linear_lung(obstructed):
    """V_T/C / (exp(T_E/RC) − 1): 2.3 cmH2O at 20 and 4.7 at 30 a minute, I:E 1:2."""
    rates, run = obstructed
    T_E, RC = 40 / rates, 22 * 0.059
    wanted = 500 / 59 / (np.exp(T_E / RC) - 1)
    assert wanted[2:] == pytest.approx([2.3, 4.7], abs=0.05)
    assert run.column(AT + "auto_peep") == pytest.approx(wanted, abs=0.2)


def test_what_was_trapped_is_told_against_the_peep_of_its_hold(obstructed):
    _, run = obstructed
    before = run.column(AT + "auto_peep").copy()
    run.command(AT + "peep", 8 * cmH2O)
    run.advance(10 * s)
    run.look()
    assert run.column(AT + "auto_peep") == pytest.approx(before, abs=1e-9)
    run.command(AT + "peep", 5 * cmH2O)
    run.advance(20 * s)
    run.look()


def test_a_hold_finds_the_compliance(obstructed):
    """What is set is known to 7 %: the plateau is the lung's, less what the leak and the circuit take."""
    _, run = obstructed
    assert run.column(AT + "static_compliance") == pytest.approx(59, rel=0.07)
    assert (run.column(AT + "dynamic_compliance") < run.column(AT + "static_compliance")).all()
    assert run.column(AT + "driving_pressure") == pytest.approx(500 / 59, rel=0.11)


def test_after_a_hold_a_whole_expiration_follows(obstructed):
    _, run = obstructed
    assert not [e for e in run.events(alarms=True) if e.event == "high_pressure_alarm"]


def test_mechanical_power_is_gattinonis(obstructed):
    """0.098 × rate × volume × (peak − half of driving pressure), in J/min."""
    _, run = obstructed
    joules = (
        0.098
        * run.column(AT + "measured_rate")
        * run.column(AT + "VT_in")
        / 1000
        * (run.column(AT + "PIP") - run.column(AT + "driving_pressure") / 2)
    )
    assert run.column(AT + "mechanical_power") == pytest.approx(joules, rel=0.01)


def test_work_per_litre_is_the_mean_pressure_of_the_inspiration(obstructed):
    """Constant flow: W/V = PEEP_total + R Q + ΔP/2, with 1 cmH2O = 0.098 J/L."""
    rates, run = obstructed
    Q = 0.5 / (20 / rates)
    wanted = 5 + run.column(AT + "auto_peep") + 20 * Q + 500 / 59 / 2
    assert run.column(AT + "work_per_litre") == pytest.approx(0.0981 * wanted, rel=0.06)


@pytest.fixture(scope="module")
def efforts():
    body = test_lung(ventilator, tube=True, active=True, mode="PSV")
    run = Engine(body, observe=[AT + n for n in TOLD] + ["muscles.pressure", AT + "phase"], lanes=4).start(
        4,
        values={
            "muscles.strength": [3.0, 6.0, 12.0, 8.0],
            "muscles.rate": [16.0, 16.0, 16.0, 30.0],
            AT + "support": [8.0, 8, 8, 2],
        },
    )
    run.advance(90 * s)  # breaths are alike by then
    return run


def test_trigger_delay_is_that_of_intensive_care_ventilators(efforts):
    """Thille 2009: means of 42 to 88 ms over 13 ventilators; below 100 ms is good."""
    efforts.record(every=2 * ms, names=["muscles.pressure", AT + "phase"])
    efforts.advance(20 * s)
    traces = efforts.traces()
    for i in (1, 2):
        pull, phase = traces["muscles.pressure"][i], traces[AT + "phase"][i]
        efforts_at = np.flatnonzero((pull[1:] > 0.01) & (pull[:-1] <= 0.01))
        begun = np.flatnonzero((phase[1:] > 0.5) & (phase[:-1] < 0.5))
        delays = [2.0 * (b - efforts_at[efforts_at <= b][-1]) for b in begun if (efforts_at <= b).any()]
        assert 25 < np.mean(delays) < 100


def test_rapid_shallow_breathing_index_is_rate_over_volume(efforts):
    """Of breaths that are alike: to what one differs from the mean of the last ones."""
    efforts.look()
    wanted = efforts.column(AT + "measured_rate") / (efforts.column(AT + "VT_out") / 1000)
    assert efforts.column(AT + "RSBI") == pytest.approx(wanted, rel=0.01)
    assert efforts.column(AT + "RSBI")[3] > 1.5 * efforts.column(AT + "RSBI")[1]


def test_occlusion_pressure_grows_with_drive(efforts):
    efforts.command(AT + "expiratory_hold", 1.0)
    efforts.advance(6 * s)
    efforts.command(AT + "expiratory_hold", 0.0)
    efforts.advance(1 * s)
    efforts.look()
    low, middle, high, _ = efforts.column(AT + "P_01")
    assert 0.15 < low < middle < high
    quarter = np.pi / 2 * 0.15  # the effort's first 100 ms after a trigger that comes 50 ms into it
    assert high == pytest.approx(12 * (np.sin(quarter) - np.sin(quarter / 3)), rel=0.5)
