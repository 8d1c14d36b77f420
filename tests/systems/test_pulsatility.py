"""10 (Qmax − Qmin) / Qmean in a patient. Speed and strength of the heart: tests/devices/lvad/test_in_heart_failure.py."""

import numpy as np
import pytest

from proband.engine import Engine
from proband.laws.line import blood_bag, line
from proband.units import *

SHARES = (1.0, 0.95, 0.90)  # of the blood; with less the wall begins to cover the inlet


def indices(at_speeds, bodies, speed):
    """Of the flow, and as displayed, of each body at one speed."""
    names = ["lvad.flow", "lvad.pulsatility_index", "lvad.suction"]
    windows = [at_speeds(body, [speed], names) for body in bodies]
    assert all(w.max("lvad.suction")[0] == 0 for w in windows)
    flow = [10 * (w.range("lvad.flow") / w.mean("lvad.flow"))[0] for w in windows]
    return np.array(flow), np.array([w.mean("lvad.pulsatility_index")[0] for w in windows])


@pytest.fixture(scope="module")
def bled(supported, at_speeds):
    """HeartMate 3 at full support, with less and less blood."""
    return indices(at_speeds, [supported(volume=v) for v in SHARES], 6000.0)


def test_the_flows_index_falls_with_bleeding(bled):
    flow, _ = bled
    assert np.all(np.diff(flow) < 0)


def test_the_displayed_index_falls_with_bleeding_where_one_torque_means_one_flow(supported, at_speeds):
    """HeartMate II, whose torque turns over far beyond the highest flow (at 14 L/min at this speed)."""
    flow, displayed = indices(at_speeds, [supported(make="heartmate2", volume=v) for v in (1.0, 0.95, 0.935)], 10500.0)
    assert np.all(np.diff(flow) < 0)
    assert np.all(np.diff(displayed) < 0)


def test_heartmate3s_console_loses_sight_of_systole_at_full_support(bled):
    """Abart 2025: at high flow its current falls in systole, which hides the beat from what is taken from the current. So its index is
    less than half the flow's, and bleeding, which lowers the flow's, brings the beat back into sight."""
    flow, displayed = bled
    seen = displayed / flow
    assert np.all(seen < 0.6)
    assert seen[0] < 0.5
    assert np.all(np.diff(seen) > 0)


def test_a_sudden_bleed_makes_events_and_the_speed_steps_back_and_climbs(supported):
    """Suction shakes the flow: ± 45 % of the 15-s mean, then the low-speed limit, then 100 rpm for each second."""
    body = supported(volume=0.9, speed=6200 * rpm, low_speed_limit=4800 * rpm).attach(
        bag=blood_bag(), bleed=line("vena_cava_inferior", "bag")
    )
    run = Engine(body, observe=["lvad.target_speed", "lvad.suction"]).start()
    run.advance(60 * s)
    assert not [e for e in run.events() if e.event == "pulsatility_event"]
    run.command("bleed.rate", 20 * mL / s)
    run.record(every=100 * ms)
    run.advance(40 * s)
    assert not run.failures
    events = [e.time_s for e in run.events() if e.event == "pulsatility_event"]
    assert events
    target, time = run.traces()["lvad.target_speed"][0], run.traces()["time"]
    low = int((target < 5000).argmax())
    assert time[low] == pytest.approx(events[0], abs=0.2)
    assert target[low] == pytest.approx(4800, abs=12)
    assert target[low + 20] - target[low] == pytest.approx(200, abs=15)
