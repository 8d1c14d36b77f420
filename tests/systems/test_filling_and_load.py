"""How flow answers to filling and to load: native heart and pumps, with silent nerves.

Salamonsen 2011, as remembered: some 210 mL/min for each mmHg of filling in a native heart, 105 in pumps. Slopes of the
pumps by themselves are tested in tests/devices/lvad/test_hydraulics.py."""

import numpy as np
import pytest

from proband import patients
from proband.engine import Engine
from proband.units import *

# Blood added to the veins (mL), and share of the resistance at rest: eight states in which filling and load part ways.
ADDED = np.array([0.0, -300, 300, 0, 0, -300, 300, 150])
RESISTANCE = np.array([1.0, 1, 1, 0.8, 1.25, 1.25, 0.8, 0.9])
ARTERIOLES = ("upper_body_arterioles", "gut_arterioles", "hepatic_artery", "lower_body_arterioles")
VEINS = ("splanchnic", "lower_body")


def slopes(body, flow, value_of):
    """mL/min per mmHg of left atrial and of arterial pressure."""
    values = {f"{v}.volume": value_of(body, f"{v}.volume") + ADDED / len(VEINS) for v in VEINS}
    values |= {f"{a}.R": value_of(body, f"{a}.R") * RESISTANCE for a in ARTERIOLES}
    run = Engine(body, observe=[flow, "monitor.wedge", "monitor.mean_arterial"]).start(patients=8, values=values)
    run.advance(120 * s)
    run.begin_window()
    run.advance(10 * s)
    assert not run.failures
    window = run.window()
    table = np.column_stack([np.ones(8), window.mean("monitor.wedge"), window.mean("monitor.mean_arterial")])
    (_, filling, load), *_ = np.linalg.lstsq(table, 1000 * window.mean(flow), rcond=None)
    return filling, load


@pytest.fixture(scope="module")
def native(silent, value_of):
    return slopes(patients.load("healthy_man").with_values(silent), "monitor.native_flow", value_of)


@pytest.fixture(scope="module")
def pumps(silent, value_of, supported):
    """At speeds at which the aortic valve stays shut."""
    speeds = {"heartmate3": 6000.0, "hvad": 3000.0, "heartmate2": 10000.0}
    bodies = {
        make: supported(make=make, speed=n * rpm, low_speed_limit=n * rpm).with_values(silent)
        for make, n in speeds.items()
    }
    return {make: slopes(body, "lvad.flow", value_of) for make, body in bodies.items()}


def test_a_native_heart_loses_10_to_30_millilitres_a_minute_for_each_mmhg_of_load(native):
    _, load = native
    assert -30 < load < -10


def test_a_native_heart_answers_to_filling_more_than_any_pump(native, pumps):
    filling, _ = native
    assert all(0 < of_pump < filling for of_pump, _ in pumps.values())
    assert np.mean([of_pump for of_pump, _ in pumps.values()]) < 0.75 * filling


def test_a_pump_answers_to_load_more_than_a_native_heart(native, pumps):
    _, load = native
    assert all(of_pump < load for _, of_pump in pumps.values())


def test_flatter_pumps_answer_more(pumps):
    assert pumps["hvad"][1] < pumps["heartmate3"][1]
    assert pumps["heartmate2"][1] < pumps["heartmate3"][1]
