"""Whole systems: a pump in a whole patient, many patients or speeds side by side as lanes of one run."""

from dataclasses import replace

import numpy as np
import pytest

from proband import patients
from proband.devices import load
from proband.engine import Engine
from proband.units import *

# The nerves of the body fall silent: what is left is what the heart and the pump do by themselves.
SILENT = {
    "muscle_vasomotor.G": 0.0, "splanchnic_vasomotor.G": 0.0, "left_inotropy.G": 0.0, "right_inotropy.G": 0.0,
    "sinus_nerves.G_s": 0 * s, "sinus_nerves.G_v": 0 * s**2,
    **{f"venomotor.{v}": 0 * mL for v in ("splanchnic", "liver", "upper", "lower")},
}  # fmt: skip


def supported_patient(name="hfref_severe", make="heartmate3", *, volume=1.0, parts=None, septum=True, **settings):
    """A patient with a pump at constant speed; `volume` is the share of the blood that is left, and the inlet lies beside
    the septum or far from it."""
    body = patients.load(name, **(parts or {}))
    body = patients.with_blood_volume(body, patients.blood_volume(body) * volume)
    far = {} if septum else {"bulge": None}
    return body.attach(lvad=load(make)("left_ventricle", "aorta", **{"mode": 0.0, **far, **settings}))


def settled_at_speeds(body, speeds, observe, seconds=90, measured=8, values=None):
    """Each speed in a lane of its own; the low-speed limit is moved out of the way. The window after it has settled."""
    speeds = np.asarray(speeds, float)
    run = Engine(body, observe=observe).start(patients=len(speeds), values=values)
    run.command("lvad.speed", speeds)
    run.command("lvad.low_speed_limit", speeds)
    run.advance(seconds * s)
    run.begin_window()
    run.advance(measured * s)
    assert not run.failures
    return run.window()


def gone_on_with(run, **rows):
    """Go back to this moment with other values of rows, one per patient and in the row's unit: a change within one beat."""
    snapshot, slots = run.snapshot(), run.engine.slots()
    numbers = dict(snapshot.numbers)
    for name, values in rows.items():
        row = name.replace("__", ".")
        unit = slots[row][1].unit
        assert f"param {row}" in numbers
        numbers[f"param {row}"] = np.array([unit.si(v) for v in values])
    run.restore(replace(snapshot, numbers=numbers))


def until_a_beat_begins(run):
    """Forward to the sample at which the ventricles are excited."""
    before = run.now("heart.count")[0]
    while run.now("heart.count")[0] == before:
        run.advance(1 * ms)


def own(body, row):
    """A row's value in its own unit."""
    return body.value(row).to(body.row(row)[1].unit)


@pytest.fixture(scope="session")
def supported():
    return supported_patient


@pytest.fixture(scope="session")
def at_speeds():
    return settled_at_speeds


@pytest.fixture(scope="session")
def going_on_with():
    return gone_on_with


@pytest.fixture(scope="session")
def next_beat():
    return until_a_beat_begins


@pytest.fixture(scope="session")
def value_of():
    return own


@pytest.fixture(scope="session")
def silent():
    return dict(SILENT)
