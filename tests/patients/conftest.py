"""Patients that have come to rest, shared by the tests of this room."""

import functools

import pytest

from proband import patients
from proband.engine import Engine
from proband.laws.line import blood_bag, line
from proband.units import *

PANEL = [
    "heart_rate",
    "systolic",
    "diastolic",
    "mean_arterial",
    "pulse_pressure",
    "central_venous",
    "pulmonary_systolic",
    "pulmonary_diastolic",
    "pulmonary_mean",
    "wedge",
    "left_systolic",
    "right_systolic",
    "left_end_diastolic",
    "cardiac_output",
    "native_flow",
    "right_output",
    "stroke_volume",
    "ejection_fraction",
    "left_end_diastolic_volume",
    "left_end_systolic_volume",
    "right_end_diastolic_volume",
    "valve_open",
    "stroke_work",
    "pressure_volume_area",
    "oxygen_use",
]


class Rested:
    """A patient at rest, to whom things can be done again and again."""

    def __init__(self, body, observe=(), settle=240):
        self.body = body.attach(bag=blood_bag(), line=line("vena_cava_superior", "bag"))
        self.engine = Engine(self.body, observe=[*(f"monitor.{m}" for m in PANEL), *observe])
        self.run = self.engine.start(patients=1)
        self.run.advance(settle * s)
        self.rest = self.read()
        self.start = self.run.snapshot()

    def read(self, seconds=10):
        self.run.begin_window()
        self.run.advance(seconds * s)
        window = self.run.window()
        return {name.removeprefix("monitor."): float(window.mean(name)[0]) for name in self.engine.outputs}

    def after(self, seconds, **commands):
        """The panel `seconds` after these commands, from rest: `after(60, posture__angle=30 * degree)`."""
        self.run.restore(self.start)
        for name, value in commands.items():
            self.run.command(name.replace("__", "."), value)
        self.run.advance((seconds - 10) * s)
        return self.read()

    def change(self, seconds, **commands):
        now = self.after(seconds, **commands)
        return {k: now[k] - self.rest[k] for k in now}

    def bled(self, amount, seconds, wait=30):
        """The panel after `amount` mL were drawn in so many seconds."""
        self.run.restore(self.start)
        self.run.command("line.rate", amount / seconds * mL / s)
        self.run.advance(seconds * s)
        self.run.command("line.rate", 0 * mL / s)
        self.run.advance((wait - 10) * s)
        return self.read()


@functools.cache
def rested(name):
    return Rested(patients.load(name))


@pytest.fixture
def patient():
    return rested
