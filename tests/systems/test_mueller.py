"""A Mueller manoeuvre with a diaphragm that presses on the abdomen, and with one that does not. As measured: studies/somers_1993.py, wright_2023.py."""

import numpy as np
import pytest

from proband.engine import Engine
from proband.evidence.scoring.bodies import with_closed_airway
from proband.patients import load
from proband.units import *

SEEN = ["monitor.mean_arterial", "lower_body.volume", "left_atrium.volume", "right_atrium.pressure"]


@pytest.fixture(scope="module")
def manoeuvre():
    """Means of rest, of the last 5 of 15 s with 16 mmHg less in the chest, and the highest after the release: by presses, presses not."""
    run = Engine(with_closed_airway(load("healthy_young")), observe=SEEN).start(patients=2)
    run.advance(120 * s)

    def window(time, told):
        run.begin_window()
        run.advance(time)
        seen = run.window()
        return {name: np.array(getattr(seen, told)(name)) for name in SEEN}

    rest = window(20 * s, "mean")
    run.command("chest.level", -19 * mmHg)
    run.command("chest.abdomen", np.array([32 / 3, 0.0]))
    run.advance(10 * s)
    late = window(5 * s, "mean")
    run.command("chest.level", -3 * mmHg)
    run.command("chest.abdomen", 0 * mmHg)
    after = window(15 * s, "max")
    assert not run.failures
    return rest, late, after


def test_the_legs_blood_waits_outside_a_pressed_abdomen(manoeuvre):
    rest, late, _ = manoeuvre
    waits = late["lower_body.volume"] - rest["lower_body.volume"]
    assert waits[0] > 150  # mL; up to 650 mL were seen to move between trunk and limbs (Aliverti 2009)
    assert waits[1] < 0


def test_the_left_atrium_does_not_fill_where_the_diaphragm_presses(manoeuvre):
    rest, late, _ = manoeuvre
    fills = late["left_atrium.volume"] - rest["left_atrium.volume"]
    assert fills[0] < 2 < 8 < fills[1]


def test_arterial_pressure_falls_and_surges_after_the_release(manoeuvre):
    """Somers 1993: 95 to 81 mmHg, and 104 after the release."""
    rest, late, after = (w["monitor.mean_arterial"] for w in manoeuvre)
    assert -20 < late[0] - rest[0] < -7
    assert 5 < after[0] - rest[0] < 15
    assert after[1] < rest[1] + 4


def test_the_right_atriums_pressure_falls_by_more_than_the_chests_where_the_abdomen_is_pressed(manoeuvre):
    rest, late, _ = (w["right_atrium.pressure"] for w in manoeuvre)
    change = late - rest
    assert -21 < change[0] < -15  # Somers 1993: − 18 mmHg
    assert change[1] > -14
