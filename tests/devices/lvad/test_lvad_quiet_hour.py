"""One patient, one hour, no fault: the pump's console calls nothing."""

import pytest

from proband import patients
from proband.devices import load
from proband.engine import Engine
from proband.units import *


def test_an_hour_of_one_patient_calls_nothing():
    """The batteries are full, the artificial pulse is on."""
    body = patients.load("hfref_severe")
    run = Engine(body.attach(lvad=load("heartmate3")("left_ventricle", "aorta")), observe=["lvad.flow"]).start()
    run.advance(1 * h)
    assert run.events(alarms=True) == [] and run.failures == []
    run.begin_window()
    run.advance(10 * s)
    assert run.window().mean("lvad.flow")[0] == pytest.approx(4.7, abs=0.7)
