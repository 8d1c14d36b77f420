"""Reflex gains of heart failure have rows of their own, and are felt."""

import numpy as np
import pytest

from proband import patients
from proband.engine import Engine
from proband.units import *

GAINS = ("sinus_nerves.G_s", "sinus_nerves.G_v", "left_inotropy.G", "right_inotropy.G", "cardiopulmonary.G")


@pytest.mark.parametrize("name", ["hfref_moderate", "hfref_severe", "right_heart_failure"])
def test_each_failing_patient_names_its_own_gains_and_why(name):
    sheet, rest = patients.sheet(name), patients.circulation()
    for row in GAINS:
        assert sheet.why[row].strip()
        assert abs(sheet.rows[row].si) < abs(rest.value(row).si)


def test_a_failing_heart_answers_a_tilt_with_fewer_beats():
    gained = []
    for name in ("healthy_man", "hfref_severe"):
        run = Engine(patients.load(name), observe=["monitor.heart_rate"]).start(patients=2)
        run.command("posture.angle", np.array([0.0, 40.0]))
        run.advance(90 * s)
        run.begin_window()
        run.advance(10 * s)
        rate = run.window().mean("monitor.heart_rate")
        gained.append(rate[1] / rate[0] - 1)
    assert 0 <= gained[1] < gained[0]
