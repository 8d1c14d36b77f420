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
    """Both great arteries clamped for the beat: all the force is seen as pressure."""
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


def released(going_on_with, next_beat, value_of, valve, tight):
    """Share of the other ventricle's developed pressure, highest and mean over the rest of the ejection (%), that this one's gives: both beats begin against
    a constricted artery, which in one of them is let go after 150 ms. The gain, what the other ventricle's pressure falls by for each mmHg that this one's does, times the
    developed pressures of a free beat."""
    body = patients.load("healthy_man")
    run = Engine(body, observe=[LEFT, RIGHT, "heart.count"]).start(patients=3)
    run.advance(90 * s)
    next_beat(run)
    free = value_of(body, f"{valve}.R")
    run.record(every=1 * ms)
    going_on_with(run, **{f"{valve}__R": [free, tight, tight]})
    run.advance(150 * ms)
    going_on_with(run, **{f"{valve}__R": [free, tight, free]})
    run.advance(150 * ms)
    assert not run.failures
    traces = run.traces()
    own, other = (LEFT, RIGHT) if valve == "aortic_valve" else (RIGHT, LEFT)
    fall = {name: (traces[name][2] - traces[name][1])[155:] for name in (own, other)}
    developed = {name: np.ptp(traces[name][0]) for name in (own, other)}
    share = 100 * fall[other] / fall[own] * developed[own] / developed[other]
    return share.max(), share.mean()


@pytest.mark.xfail(
    strict=True,
    reason="8 to 18 % of the right and 1.6 to 1.9 % of the left pressure where dogs had 18 to 39 and 4 to 11: the septum (E_s 6 mmHg/mL) is too stiff. "
    "One of 3.5, with every body's walls fitted anew, gives 12 to 24 and 3.0 to 3.4 %; tried, and not kept (CALIBRATION.md)",
)
def test_the_share_as_it_was_measured_in_hearts_that_eject(going_on_with, next_beat, value_of):
    """Dogs, aortic or pulmonary constriction released within a beat (Comparative significance in systolic ventricular interaction, Cardiovasc Res): mean and highest
    17.8 and 39 % of the right, 3.9 and 11.1 % of the left developed pressure, told as about 20 to 40 and 4 to 10 %."""
    tools = going_on_with, next_beat, value_of
    highest, mean = released(*tools, "aortic_valve", 0.3)
    assert highest > 20 and mean > 0.5 * 17.8
    highest, mean = released(*tools, "pulmonary_valve", 0.1)
    assert highest > 4 and mean > 0.5 * 3.9


def test_each_ventricle_gives_the_other_pressure_while_they_eject(going_on_with, next_beat, value_of):
    """The same release: less than in the dogs, but of the same sign and order, and the left gives the larger share."""
    tools = going_on_with, next_beat, value_of
    to_right, to_left = released(*tools, "aortic_valve", 0.3), released(*tools, "pulmonary_valve", 0.1)
    assert 15 < to_right[0] < 60 and 5 < to_right[1] < 30
    assert 1 < to_left[1] <= to_left[0] < 18


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
