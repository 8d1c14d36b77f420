"""A heart whose atria are paced: the node that conducts, and when it lets a beat drop."""

import itertools

import numpy as np
import pytest

from proband.engine import Engine
from proband.model import Body
from proband.organs.heart import atrially_paced
from proband.units import *


def paced_at(rate, seconds=30):
    """Times of the ventricles' beats in s, once the node has found its balance, and the last way through the node in ms."""
    run = Engine(Body(heart=atrially_paced(set_rate=rate / min_)), observe=["heart.conduction"]).start()
    run.advance(10 * s)
    run.begin_window()
    run.advance(seconds * s)
    times = [e.time_s for e in run.events() if e.active and e.event == "beat" and e.time_s > 10]
    return times, 1000 * run.now("heart.conduction")[0]


def test_every_atrial_beat_reaches_the_ventricles_up_to_150_a_minute():
    for rate in (60, 100, 148):
        times, _ = paced_at(rate)
        assert np.diff(times) == pytest.approx(60 / rate, abs=0.0015)


def test_the_node_conducts_the_slower_the_faster_it_is_driven():
    """15 to 30 ms more at 100 and 120/min than at the heart's own rate (Runge 1973)."""
    slow, fast, faster = (paced_at(rate)[1] for rate in (70, 120, 148))
    assert 15 < fast - slow < 30
    assert faster > fast + 10


def test_beats_drop_between_150_and_200_a_minute():
    """Where Wenckebach's periods began in normal people: 176 ± 14 a minute (Alboni 1985)."""
    dropped = [rate for rate in range(140, 221, 4) if len(paced_at(rate)[0]) < 29.5 * rate / 60]
    assert 150 < dropped[0] < 200


def test_a_dropped_beat_follows_one_that_took_long_and_lets_the_node_recover():
    """Wenckebach's period: after the pause the way is short again."""
    times, _ = paced_at(184)
    gaps = np.diff(times)
    pauses = np.flatnonzero(gaps > 1.4 * 60 / 184)
    assert len(pauses) > 3
    assert all(b - a > 1 for a, b in itertools.pairwise(pauses))
    # The beat after the pause was on its way for the shortest time.
    assert all(gaps[p + 1] > 60 / 184 for p in pauses[:-1])
