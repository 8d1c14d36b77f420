"""The heart's own vessels, and its work under a pump. Work at rest: tests/patients/test_at_rest.py."""

import numpy as np
import pytest

from proband import patients
from proband.engine import Engine
from proband.units import *


def beats(body, names, seconds=10):
    run = Engine(body, observe=names).start()
    run.advance(90 * s)
    run.begin_window()
    run.record(every=2 * ms)
    run.advance(seconds * s)
    assert not run.failures
    return {n: v.squeeze() for n, v in run.traces().items()}, run.window()


def test_systole_squeezes_the_heart_muscles_vessels():
    """Inflow falls in systole although aortic pressure is higher then; what was in them leaves."""
    names = ["coronary_arteries.flow", "coronary_veins.flow", "aorta.pressure", "left_ventricle.pressure"]
    traces, _ = beats(patients.load("healthy_man"), names)
    systole = traces["left_ventricle.pressure"] > traces["aorta.pressure"]
    inflow, outflow, pressure = (traces[n] for n in names[:3])
    assert pressure[systole].mean() > pressure[~systole].mean()
    assert inflow[systole].mean() < inflow[~systole].mean()
    assert outflow[systole].mean() > outflow[~systole].mean()


def test_an_unloaded_ventricle_squeezes_them_less(supported):
    names = ["coronary_arteries.flow", "heart_muscle.pressure"]
    _, window = beats(supported(speed=6400 * rpm, low_speed_limit=6400 * rpm), names)
    _, before = beats(patients.load("hfref_severe"), names)
    for name in names:
        assert window.range(name)[0] < 0.95 * before.range(name)[0]


def test_stroke_work_is_the_area_of_the_loop_and_the_area_holds_it():
    names = [
        "left_ventricle.transmural",
        "left_ventricle.volume",
        "heart.count",
        "monitor.stroke_work",
        "monitor.pressure_volume_area",
    ]
    traces, window = beats(patients.load("healthy_man"), names)
    turns = np.flatnonzero(np.diff(traces["heart.count"]) > 0)
    beat = slice(turns[2], turns[3] + 1)
    pressure, volume = traces["left_ventricle.transmural"][beat], traces["left_ventricle.volume"][beat]
    area = -np.sum(0.5 * (pressure[1:] + pressure[:-1]) * np.diff(volume))
    assert window.mean("monitor.stroke_work")[0] == pytest.approx(area, rel=0.01)
    assert window.mean("monitor.pressure_volume_area")[0] > area


def test_the_pump_takes_work_and_oxygen_off_the_ventricle(supported, at_speeds):
    names = ["monitor.stroke_work", "monitor.pressure_volume_area", "monitor.oxygen_use"]
    window = at_speeds(supported(), np.arange(4400.0, 6401.0, 400.0), names)
    for name in names:
        assert np.all(np.diff(window.mean(name)) < 0)
