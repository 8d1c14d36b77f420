"""What one ventricle adds to the other's pressure, in a whole heart and within one beat. By component: tests/organs/test_heart.py.

One lane's ventricle loses its force as a beat begins; nerves and filling have no time to answer."""

import numpy as np
import pytest

from proband import patients
from proband.engine import Engine
from proband.units import *

FEEBLE = 0.03  # mmHg/mL: a free wall that hardly contracts
LEFT, RIGHT = "left_ventricle.pressure", "right_ventricle.pressure"


def one_beat(going_on_with, next_beat, value_of, **rows):
    """Peak pressures (left, right) and what the right one puts out, for three lanes: as it is, left feeble, right feeble."""
    body = patients.load("healthy_man")
    run = Engine(body, observe=[LEFT, RIGHT, "pulmonary_valve.flow", "heart.count"]).start(patients=3)
    run.advance(90 * s)
    next_beat(run)
    left, right = (value_of(body, f"{side}_ventricle.E_max") for side in ("left", "right"))
    changed = {"left_ventricle__E_max": [left, FEEBLE, left], "right_ventricle__E_max": [right, right, FEEBLE]}
    going_on_with(run, **changed, **rows)
    run.begin_window()
    run.advance(450 * ms)  # the systole
    assert not run.failures
    window = run.window()
    return window.max(LEFT), window.max(RIGHT), window.mean("pulmonary_valve.flow")


@pytest.fixture(scope="module")
def clamped(going_on_with, next_beat, value_of):
    """Both great arteries clamped for the beat, as where it was measured: all the force is seen as pressure."""
    shut = {f"{v}_valve__R": [50.0] * 3 for v in ("aortic", "pulmonary")}
    shut |= {f"{v}_valve__L": [0.5] * 3 for v in ("aortic", "pulmonary")}
    return one_beat(going_on_with, next_beat, value_of, **shut)


@pytest.fixture(scope="module")
def ejecting(going_on_with, next_beat, value_of):
    return one_beat(going_on_with, next_beat, value_of)


def test_the_left_ventricle_gives_20_to_40_percent_of_the_right_ones_systolic_pressure(clamped):
    _, right, _ = clamped
    assert 0.20 < 1 - right[1] / right[0] < 0.40


def test_the_right_ventricle_gives_4_to_10_percent_of_the_left_ones_systolic_pressure(clamped):
    left, _, _ = clamped
    assert 0.04 < 1 - left[2] / left[0] < 0.10


@pytest.mark.xfail(
    strict=True,
    reason="5 % of the right and 1.6 % of the left systolic pressure: what the septum adds goes into output (14 %), since the "
    "ventricle's load hardly rises with it",
)
def test_the_same_share_in_a_heart_that_ejects(ejecting):
    left, right, _ = ejecting
    assert 0.20 < 1 - right[1] / right[0] < 0.40
    assert 0.04 < 1 - left[2] / left[0] < 0.10


def test_what_one_ventricle_makes_in_the_other_when_it_contracts_alone(ejecting, next_beat):
    """In a heart that ejects, as where the free wall of one side was stilled: pressure above that at the beat's beginning."""
    left, right, _ = ejecting
    rest = Engine(patients.load("healthy_man"), observe=[LEFT, RIGHT, "heart.count"]).start()
    rest.advance(90 * s)
    next_beat(rest)
    begin = {name: rest.now(name)[0] for name in (LEFT, RIGHT)}
    in_right = (right[2] - begin[RIGHT]) / (right[0] - begin[RIGHT])
    in_left = (left[1] - begin[LEFT]) / (left[0] - begin[LEFT])
    assert 0.20 < in_right < 0.40
    assert 0.04 < in_left < 0.10


def test_a_feeble_left_ventricle_costs_the_right_one_output_in_the_same_beat(ejecting):
    _, _, output = ejecting
    assert output[1] < 0.95 * output[0]


def test_opening_the_pericardium_lets_both_ventricles_fill_more():
    names = ["monitor.left_end_diastolic_volume", "monitor.right_end_diastolic_volume", "pericardium.squeeze"]
    run = Engine(patients.load("hfref_severe"), observe=names).start(
        patients=2, values={"pericardium.closed": np.array([1.0, 0.0])}
    )
    run.advance(90 * s)
    run.begin_window()
    run.advance(10 * s)
    window = run.window()
    for name in names[:2]:
        assert window.mean(name)[1] > window.mean(name)[0] + 1
    assert window.mean(names[2])[1] == 0
