"""The respiratory rhythm: alone, reset by inflation, silenced, coughing."""

import numpy as np
import pytest
from lungs_bench import Engine, ventilated

from proband.patients.breathing import isolated_lungs
from proband.units import *


def against(machine, **rows):
    """A passive chest that a machine inflates at `machine` breaths a minute: neural breaths per inflation, how firmly they keep
    one place in its cycle (0 to 1), and that place (0 to 1, from the beginning of inflation)."""
    body = ventilated(isolated_lungs())
    observe = ["pump.phase", "pump.breaths", "respiratory_drive.inspiring"]
    usual = {"respiratory_drive.rest_rate": 12 * per_min, "respiratory_muscles.strength": 0.2}
    run = Engine(body, observe=observe).start(patients=1, values={**usual, **rows})
    for row, value in {"rate": machine * per_min, "PEEP": 5 * cmH2O}.items():
        run.command(f"pump.{row}", value)
    run.advance(120 * s)
    run.record(every=20 * ms)
    run.advance(180 * s)
    traces = run.traces()
    inspires = traces["respiratory_drive.inspiring"][0] > 0.5
    begins = np.flatnonzero(~inspires[:-1] & inspires[1:])
    places = np.exp(2j * np.pi * traces["pump.phase"][0][begins])
    inflations = traces["pump.breaths"][0][-1] - traces["pump.breaths"][0][0]
    return len(begins) / inflations, abs(places.mean()), float(np.angle(places.mean()) / (2 * np.pi) % 1)


def test_inflation_entrains_one_to_one():
    """Reverse triggering: efforts follow the machine's inflations, at the machine's rate and at one place in its cycle."""
    ratio, firm, place = against(13)
    assert ratio == pytest.approx(1, abs=0.03) and firm > 0.98
    assert 0 < place < 0.4  # after inflation has begun


def test_inflation_entrains_one_to_two():
    ratio, firm, _ = against(23)
    assert ratio == pytest.approx(0.5, abs=0.02) and firm > 0.95


def test_without_stretch_there_is_no_entrainment():
    for machine in (13, 23):
        ratio, firm, _ = against(machine, **{"respiratory_drive.G_s": 0.0})
        assert firm < 0.3
        assert ratio * machine == pytest.approx(12, rel=0.03)


def test_far_from_the_own_rate_it_is_lost():
    assert against(17)[1] < 0.7


def alone(seconds=60, start=30, commands=(), **rows):
    """Free breathing on a bench."""
    observe = [
        "respiratory_drive.breaths",
        "chest_wall.lung_volume",
        "pleura.pressure",
        "larynx.flow",
        "abdomen.pressure",
    ]
    run = Engine(isolated_lungs(), observe=observe).start(patients=1, values=rows)
    run.advance(start * s)
    for row, value in commands:
        run.command(row, value)
    run.record(every=10 * ms)
    run.advance(seconds * s)
    assert not run.failures
    return {name: trace if name == "time" else trace[0] for name, trace in run.traces().items()}


def test_inflation_holds_the_next_breath_back():
    """Hering–Breuer: after an inflation that is held the next inspiration is late, then the receptors have got used to it."""
    observe = ["respiratory_drive.breaths"]
    run = Engine(ventilated(isolated_lungs()), observe=observe).start(
        patients=1, values={"respiratory_muscles.strength": 0.0}
    )
    run.advance(20 * s)
    run.record(every=10 * ms)
    run.advance(20 * s)
    quiet = run.traces()["respiratory_drive.breaths"][0]
    while run.traces()["respiratory_drive.breaths"][0][-1] == quiet[-1]:
        run.advance(10 * ms)
    run.advance(1900 * ms)  # inspiration is over
    run.command("pump.PEEP", 12 * cmH2O)
    run.record(every=10 * ms)
    run.advance(60 * s)
    held = run.traces()["respiratory_drive.breaths"][0]
    usual = 20 / (quiet[-1] - quiet[0])
    wait = np.argmax(held > held[0]) * 0.01 + 1.9
    assert wait > 1.5 * usual
    later = (held[-1] - held[-2000]) / 20
    assert 1 / later == pytest.approx(usual, rel=0.25)


def test_the_diaphragm_lowers_the_chest_and_raises_the_abdomen():
    t = alone()
    moves = np.corrcoef(t["pleura.pressure"], t["abdomen.pressure"])[0, 1]
    assert moves < -0.8


def driven(PCO2):
    """By arterial blood, and by that of the brain."""
    known = {f"chemoreflex.{row}": PCO2 * mmHg for row in ("PCO2", "peripheral")}
    t = alone(**known, **{f"chemoreflex.{row}": (PCO2 + 7) * mmHg for row in ("brain", "central")})
    return np.ptp(t["respiratory_drive.breaths"]), np.ptp(t["chest_wall.lung_volume"])


def test_drive_acts_on_rate_and_depth():
    weak, strong = driven(36), driven(50)
    assert strong[0] > 1.3 * weak[0]
    assert strong[1] > 1.3 * weak[1]


def test_ventilation_is_in_proportion_to_the_drive():
    """Deep breaths do not stop the rhythm: up to four times the drive at rest."""
    found = [np.prod(driven(40 + (drive - 1) / 0.28)) / drive for drive in (1.0, 1.6, 2.3, 3.0, 4.0)]
    assert min(found) > 0.8 * max(found)


@pytest.mark.parametrize("row", ["respiratory_drive.depression", "respiratory_muscles.strength"])
def test_drug_and_paralysis_end_it(row):
    t = alone(commands=[(row, 1.0 if "depression" in row else 0.0)])
    still = t["chest_wall.lung_volume"][2000:]
    assert np.ptp(still) < 2
    assert (np.ptp(t["respiratory_drive.breaths"]) > 5) == ("strength" in row)  # a paralysed rhythm goes on


def test_cough():
    """Deep breath, closed glottis, blast: 5 to 12 L/s are textbook, against pleural pressures of 50 to 150 cmH2O."""
    t = alone(seconds=6, commands=[("respiratory_drive.cough", 1.0)])
    out = np.convolve(-t["larynx.flow"] / 60, np.ones(4) / 4, "same")  # as a pneumotachograph with 40 ms sees it
    assert 4 < out.max() < 14
    assert 50 < t["pleura.pressure"].max() < 200
    drawn = t["chest_wall.lung_volume"].max() - t["chest_wall.lung_volume"][0]
    assert drawn > 800
    shut = (t["time"] - t["time"][0] > 1.06) & (t["time"] - t["time"][0] < 1.18)
    assert np.abs(t["larynx.flow"][shut]).max() < 1


def test_occlusion_pressure():
    """P0.1: 0.5 to 1.5 cmH2O in a resting adult (Telias 2018, as remembered), a little less here; hardly a matter of resistance."""
    observe = ["airway.pressure", "respiratory_drive.inspiring"]
    stiff = {f"bronchi_{i}.R": 30 * cmH2O * s / L for i in range(1, 7)}
    found = []
    for rows in ({}, stiff):
        run = Engine(isolated_lungs(), observe=observe).start(patients=1, values=rows)
        run.advance(20 * s)
        run.begin_window()
        while run.window().last("respiratory_drive.inspiring")[0] < 0.5:
            run.advance(20 * ms)
        while run.window().last("respiratory_drive.inspiring")[0] > 0.5:
            run.advance(20 * ms)
        run.advance(1500 * ms)
        run.command("mouth.open", 0.0)
        run.record(every=10 * ms)
        run.advance(4 * s)
        t = run.traces()
        neural = np.argmax(t["respiratory_drive.inspiring"][0] > 0.5)
        assert neural > 10
        P = t["airway.pressure"][0] * 1.35951
        begin = neural + np.argmax(P[neural:] < P[neural] - 0.05)  # a monitor begins where the pressure begins to fall
        found.append(P[begin] - P[begin + 10])
    assert 0.3 < found[0] < 1.5
    assert found[1] == pytest.approx(found[0], rel=0.35)
