"""Asynchronies arise from effort, lung and settings, and are counted for what they are."""

import pytest

from proband.benches.test_lung import test_lung
from proband.devices.ventilator import MODES, ventilator
from proband.engine import Engine
from proband.units import *

AT = "ventilator."
KINDS = ("ineffective", "double", "auto", "reverse", "early", "late")
TOLD = (*KINDS, "asynchrony.cycles", "asynchrony_index", "measured_rate")

USUAL = {
    "mode": "PSV",
    "strength": 6.0,
    "rate": 18.0,
    "neural_time": 1.0,
    "C": 50.0,
    "R": 5.0,
    "support": 10.0,
    "cycling": 0.25,
}
USUAL |= {
    "longest": 2.0,
    "inspiratory_time": 1.0,
    "tidal_volume": 450.0,
    "set_rate": 15.0,
    "hole": 0.0,
    "trigger_flow": 2.0,
    "entrained": 0.0,
}
PATIENTS = {
    "quiet": {},
    "obstructed, much support": {"strength": 4.0, "rate": 28.0, "C": 70.0, "R": 20.0, "support": 20.0, "neural_time": 0.8, "cycling": 0.1, "longest": 3.0},
    "obstructed, little support": {"rate": 22.0, "C": 70.0, "R": 20.0, "support": 8.0, "neural_time": 0.8, "cycling": 0.4},
    "short breath, long effort": {"mode": "VC-CMV", "strength": 14.0, "rate": 20.0, "neural_time": 1.4, "inspiratory_time": 0.6, "tidal_volume": 350.0, "C": 30.0, "set_rate": 12.0},
    "leak, nervous trigger": {"mode": "VC-CMV", "strength": 0.0, "hole": 15.0, "trigger_flow": 1.0},
    "passive, entrained": {"mode": "VC-CMV", "strength": 4.0, "rate": 16.0, "entrained": 1.0, "neural_time": 0.8, "set_rate": 18.0, "trigger_flow": 5.0},
    "stiff, cut early": {"strength": 8.0, "rate": 20.0, "cycling": 0.7, "neural_time": 1.3, "C": 25.0, "support": 8.0},
    "obstructed, cut late": {"strength": 8.0, "rate": 14.0, "cycling": 0.05, "neural_time": 0.6, "C": 80.0, "R": 15.0, "support": 15.0, "longest": 3.0},
    "short effort in a long breath, released": {"mode": "APRV"},
}  # fmt: skip


@pytest.fixture(scope="module")
def counted():
    """Each patient's counts over the second minute."""
    engine = Engine(test_lung(ventilator, tube=True, active=True), observe=[AT + n for n in TOLD], lanes=8)
    everyone = [{**USUAL, **p} for p in PATIENTS.values()]
    rows = (
        {n: AT + n for n in USUAL}
        | {n: f"muscles.{n}" for n in ("strength", "rate", "neural_time", "entrained")}
        | {"C": "lung.C"}
    )
    values = {rows[n]: [MODES[p[n]][0] if n == "mode" else p[n] for p in everyone] for n in USUAL if n != "R"}
    values[AT + "tube.R1"] = [1.39 + p["R"] for p in everyone]
    values["lung.volume"] = [750 + 5 * p["C"] for p in everyone]
    run = engine.start(len(everyone), values=values)
    run.advance(60 * s)
    run.look()
    before = {n: run.column(AT + n).copy() for n in TOLD}
    run.advance(60 * s)
    run.look()
    names = (*KINDS, "asynchrony.cycles")
    return {p: {n: run.column(AT + n)[i] - before[n][i] for n in names} for i, p in enumerate(PATIENTS)}


def kinds(counts):
    return {n for n in KINDS if counts[n] > 1}


def test_a_kind_lung_has_none(counted):
    assert kinds(counted["quiet"]) == set()
    assert counted["quiet"]["asynchrony.cycles"] == pytest.approx(18, abs=1)


def test_support_that_outlasts_the_effort_traps_gas_and_efforts_are_wasted(counted):
    bad, good = counted["obstructed, much support"], counted["obstructed, little support"]
    assert bad["ineffective"] > 5 and bad["late"] > 3
    assert bad["asynchrony.cycles"] + bad["ineffective"] == pytest.approx(28, abs=8)
    assert kinds(good) == set()


def test_a_long_effort_in_a_short_breath_triggers_twice(counted):
    found = counted["short breath, long effort"]
    assert found["double"] >= 5 and found["early"] > 5 and found["auto"] == 0


def test_a_leak_passes_for_a_patient(counted):
    found = counted["leak, nervous trigger"]
    assert found["auto"] > 3 and found["ineffective"] == 0


def test_a_rhythm_that_falls_into_step_is_a_reverse_trigger(counted):
    found = counted["passive, entrained"]
    assert found["reverse"] == pytest.approx(18, abs=1) == found["asynchrony.cycles"]  # 1:1
    assert kinds(found) == {"reverse"}


def test_cycling_too_early_and_too_late(counted):
    assert counted["stiff, cut early"]["early"] > 10 and counted["stiff, cut early"]["late"] == 0
    assert counted["obstructed, cut late"]["late"] > 5 and counted["obstructed, cut late"]["early"] == 0


def test_where_the_patient_may_breathe_as_he_likes_nothing_is_counted(counted):
    assert kinds(counted["short effort in a long breath, released"]) == set()


def test_the_index_is_events_over_breaths_and_wasted_efforts():
    body = test_lung(ventilator, tube=True, active=True, mode="PSV")
    run = Engine(body, observe=[AT + n for n in TOLD], lanes=1).start(
        1,
        values={
            "muscles.strength": 3.0,
            "lung.C": 70.0,
            AT + "tube.R1": 22.0,
            AT + "cycling": 0.1,
            AT + "longest": 3.0,
            "muscles.rate": 26.0,
        },
    )
    run.advance(90 * s)
    run.look()
    told = {n: run.column(AT + n)[0] for n in TOLD}
    events = sum(told[n] for n in KINDS)
    assert told["asynchrony_index"] == pytest.approx(100 * events / (told["asynchrony.cycles"] + told["ineffective"]))
    assert told["asynchrony_index"] > 10
