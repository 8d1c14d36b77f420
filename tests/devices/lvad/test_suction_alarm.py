"""Suction as the console sees it: from its own estimate of the flow, never from the wall."""

import numpy as np
import pytest

from proband import patients
from proband.devices import load
from proband.engine import Engine
from proband.units import *

TOLD = ("suction_alarm", "pulsatility_event", "low_flow_alarm")


def supported(make="heartmate3", name="hfref_severe", share=1.0, **settings):
    """A patient with so much of the blood left."""
    body = patients.load(name)
    body = patients.with_blood_volume(body, share * patients.blood_volume(body))
    return body.attach(lvad=load(make)("left_ventricle", "aorta", **settings))


def at_speeds(body, speeds):
    """Each speed in a lane of its own: the share that the wall covers, and whether the console calls."""
    engine = Engine(body, observe=["lvad.suction", "lvad.firmware.suction_seen"])
    run = engine.start(patients=len(speeds))
    run.command("lvad.speed", speeds)
    run.command("lvad.low_speed_limit", speeds)
    run.advance(80 * s)
    run.begin_window()
    run.advance(10 * s)
    return run.window().max("lvad.suction"), run.window().mean("lvad.firmware.suction_seen") > 0.5


@pytest.mark.parametrize(
    ("make", "speeds"),
    [
        ("heartmate3", [4800.0, 5400, 6000, 6600, 7600]),
        ("heartmate2", [8000.0, 9000, 10000, 11000, 12800]),
        ("hvad", [2300.0, 2700, 3100, 3500, 3700]),
    ],
)
@pytest.mark.parametrize("share", [1.0, 0.8])
def test_nothing_is_called_without_suction_and_deep_suction_always_is(make, speeds, share):
    """Partial support, where the flow's trough falls to nothing in every diastole, is no suction."""
    covered, called = at_speeds(supported(make, share=share, mode=0.0), np.array(speeds))
    assert not called[covered < 0.05].any()
    assert (covered > 0.2).any()
    assert called[covered > 0.2].all()


def test_a_pump_turned_up_after_a_bleed_calls_within_seconds_and_gives_way():
    """The wrong answer to a bleed, with the artificial pulse on: 5400 to 6600 rpm."""
    engine = Engine(supported(share=0.8), observe=["lvad.target_speed", "lvad.suction"])
    run = engine.start()
    run.advance(90 * s)
    assert not [e for e in run.events() if e.event in TOLD]
    run.command("lvad.speed", 6600 * rpm)
    run.record(every=100 * ms)
    run.advance(60 * s)
    first = {e.event: e.time_s - 90 for e in reversed(run.events()) if e.event in TOLD and e.active}
    assert first["suction_alarm"] < 8
    assert first["pulsatility_event"] < 30  # the ventricle takes some beats to empty
    assert "low_flow_alarm" not in first  # a pump in suction still shows more than 2.5 L/min
    target, time = run.traces()["lvad.target_speed"][0], run.traces()["time"] - 90
    after = (
        (time > first["pulsatility_event"]) & (time < first["pulsatility_event"] + 1) & (np.abs(target - 6600) > 1500)
    )
    assert after.any()
    run.command("lvad.speed", 5000 * rpm)
    run.advance(40 * s)
    assert [e for e in run.events() if e.event == "suction_alarm"][-1].active is False


def test_a_pump_turned_up_without_suction_calls_nothing():
    """A higher speed lowers the index by itself, a lower one raises it: neither is an event."""
    run = Engine(supported(mode=0.0), observe=["lvad.flow"]).start()
    run.advance(60 * s)
    for speed in (6200, 4800, 5400):
        run.command("lvad.speed", speed * rpm)
        run.advance(40 * s)
    assert not [e for e in run.events() if e.event in TOLD]
