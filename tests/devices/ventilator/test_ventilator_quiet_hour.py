"""One patient, one hour, no fault: the ventilator calls nothing."""

import pytest

from proband import patients
from proband.devices import load
from proband.engine import Engine
from proband.units import *


@pytest.fixture(scope="module")
def own_breaths():
    """An hour of a man who breathes by himself through the tube: his inspirations are so long that he often triggers twice in one effort."""
    body = patients.load("breathing_man")
    machine = load("ventilator")(body.trachea, body.room, mode="CPAP", effort="respiratory_muscles.pressure")
    values = {"mouth.open": 0.0, "respiratory_drive.share_I": 0.5}
    engine = Engine(body.attach(ventilator=machine).with_values(values), observe=["ventilator.double"])
    run = engine.start()
    run.advance(1 * h)
    return run


def test_an_hour_of_one_patients_own_breaths_calls_nothing(own_breaths):
    assert own_breaths.events(alarms=True) == [] and own_breaths.failures == []


def test_breaths_that_come_back_with_the_next_are_no_open_circuit(own_breaths):
    """Nothing is breathed out between the two breaths of a double trigger: the quiet of this hour is worth something only
    where there were some."""
    assert own_breaths.now("ventilator.double")[0] > 20
