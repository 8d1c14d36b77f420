"""The atria of a resting man paced ever faster: time to fill runs out, and the output does not rise. As measured: studies/ross_1965.py."""

import numpy as np
import pytest

from proband.engine import Engine
from proband.evidence.scoring.bodies import with_paced_atria
from proband.patients import load
from proband.units import *

RATES = np.array([66.0, 80.0, 100.0, 121.0, 140.0, 148.0])  # per minute
WATCHED = ["aortic_valve.flow", "left_ventricle.volume", "heart.ventricular_clock"]
PANEL = [f"monitor.{q}" for q in ("cardiac_output", "stroke_volume", "wedge", "central_venous")]


@pytest.fixture(scope="module")
def hearts():
    """One man for each rate: the means of the panel, and the beginning and length of ejection in ms."""
    run = Engine(with_paced_atria(load("healthy_man")), observe=WATCHED + PANEL).start(
        len(RATES), values={"heart.set_rate": RATES}
    )
    run.advance(120 * s)
    run.begin_window()
    run.record(every=1 * ms)
    run.advance(5 * s)
    assert not run.failures
    traces, window = run.traces(), run.window()
    times = []
    for clock, flow in zip(traces["heart.ventricular_clock"], traces["aortic_valve.flow"], strict=True):
        first, second = (np.flatnonzero(np.diff(clock) < 0) + 1)[:2]
        beat = flow[first:second]
        begins = int(np.argmax(beat > 0.6))  # L/min
        lasts = int(np.argmax(beat[begins:] <= 0))
        times.append((begins, lasts))
    return {name: window.mean(name) for name in PANEL}, np.array(times)


def test_ejection_lasts_as_long_as_weissler_found(hearts):
    """413 ms less 1.7 ms for each beat a minute, in men: within 15 ms to 121/min; beyond, √RR falls less than the straight line."""
    off = np.abs(hearts[1][:, 1] - (413 - 1.7 * RATES))
    assert off[RATES < 125].max() < 15
    assert off.max() < 25


def test_the_time_before_ejection_does_not_change_with_the_paced_rate(hearts):
    """Mertens 1981: exercise shortens it, pacing does not."""
    assert np.ptp(hearts[1][:, 0]) < 12


def test_each_stroke_shrinks_and_the_output_stays(hearts):
    panel, _ = hearts
    assert (np.diff(panel["monitor.stroke_volume"]) < 0).all()
    output = panel["monitor.cardiac_output"]
    assert abs(output[3] / output[1] - 1) < 0.1
    assert output[5] < 0.95 * output[1]


def test_beyond_120_a_minute_blood_waits_before_the_left_ventricle(hearts):
    """There is no time to fill: the wedge pressure falls no more, but rises."""
    wedge = hearts[0]["monitor.wedge"]
    assert wedge[1] < wedge[0]
    assert (np.diff(wedge[3:]) > 1).all()
