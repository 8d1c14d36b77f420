"""Sigmoid, hysteresis and memory come out of opening and closing pressures."""

import numpy as np
import pytest
from lungs_bench import Engine, ventilated
from lungs_of_sheets import isolated

from proband.units import *

WATCHED = ["airway.pressure", "chest_wall.lung_volume", "pleura.pressure"]


def slow_loop(body, top=45, seconds=90):
    """Airway pressure (cmH2O) and volume (mL) up and down, from rest at nought."""
    run = Engine(ventilated(body), observe=WATCHED).start(patients=1)
    run.advance(40 * s)
    run.record(every=200 * ms)
    for direction in (1, -1):
        run.command("pump.slope", direction * top / seconds * cmH2O / s)
        run.advance(seconds * s)
    assert not run.failures
    traces = run.traces()
    half = len(traces["time"]) // 2
    P, V = traces["airway.pressure"][0] * 1.35951, traces["chest_wall.lung_volume"][0]
    return (P[:half], V[:half]), (P[half:][::-1], V[half:][::-1])


def venegas(P, V):
    """R² and (a, b, c, d) of V = a + b / (1 + exp(−(P − c)/d))."""
    best = None
    for c in np.linspace(5, 35, 61):
        for d in np.linspace(2, 15, 53):
            shape = np.column_stack([np.ones_like(P), 1 / (1 + np.exp(-(P - c) / d))])
            (a, b), *_ = np.linalg.lstsq(shape, V, rcond=None)
            error = float(((V - shape @ np.array([a, b])) ** 2).sum())
            if best is None or error < best[0]:
                best = (error, a, b, c, d)
    error, *found = best
    return 1 - error / float(((V - V.mean()) ** 2).sum()), found


@pytest.fixture(scope="module", params=["ards_moderate", "ards_severe"])
def loop(request):
    return slow_loop(isolated(request.param))


def test_a_sigmoid_fits_the_whole(loop):
    (P, V), _ = loop
    R2, (_, b, c, d) = venegas(P, V)
    assert R2 >= 0.99  # Venegas 1998: 0.997 ± 0.02
    assert 12 < c < 30 and 3 < d < 12 and 800 < b < 2600  # ARDS: c 18-25, d 5-8 cmH2O, b 1.2-2.2 L are starting values


def test_deflation_lies_above_inflation(loop):
    (P, V), (P_down, V_down) = loop
    gap = np.interp(20, P_down, V_down) - np.interp(20, P, V)
    assert gap > 100  # mL at 20 cmH2O


def test_healthy_lungs_have_next_to_none_of_it():
    (P, V), (P_down, V_down) = slow_loop(isolated("apnoea"))
    gap = np.interp(20, P_down, V_down) - np.interp(20, P, V)
    assert abs(gap) < 0.02 * V.max()


def test_no_single_region_is_sigmoid():
    """Where nothing opens or closes the whole is exponential: compliance falls from the first step on."""
    body = isolated("apnoea")
    (P, V), _ = slow_loop(body, top=30, seconds=60)
    steps = np.interp([2, 8, 14, 20, 26], P, V)
    assert (np.diff(np.diff(steps)) < 0).all()


def test_what_was_opened_stays_open_at_a_pressure_that_would_not_open_it():
    run = Engine(ventilated(isolated("ards_moderate")), observe=[*WATCHED, "recruitment_1.aerated"]).start(patients=1)

    def held(pressure, seconds):
        run.command("pump.PEEP", pressure * cmH2O)
        run.advance(seconds * s)
        run.begin_window()
        run.advance(1 * s)
        return float(run.window().mean("recruitment_1.aerated")[0])

    held(0, 20)
    before = held(14, 20)
    held(45, 20)
    assert held(14, 20) > before + 0.25
    assert held(0, 20) < 0.3


def breathed(name, PEEP=5, volume=430, rate=20):
    """Compliance (mL/cmH2O) and share of the swing that reaches the pleura, by an end-inspiratory pause."""
    run = Engine(ventilated(isolated(name)), observe=[*WATCHED, "pump.by_flow"]).start(patients=1)
    settings = {"PEEP": PEEP * cmH2O, "volume": volume * mL, "rate": rate * per_min, "pause": 0.4}
    for row, value in settings.items():
        run.command(f"pump.{row}", value)
    run.advance(40 * s)
    run.record(every=10 * ms)
    run.advance(8 * s)
    t = run.traces()
    inspires = t["pump.by_flow"][0] > 0.5
    end = np.flatnonzero(inspires[:-1] & ~inspires[1:])[0] - 2
    begin = np.flatnonzero(~inspires[:-1] & inspires[1:])[0] - 2
    P, V, around = t["airway.pressure"][0] * 1.35951, t["chest_wall.lung_volume"][0], t["pleura.pressure"][0]
    swing = P[end] - P[begin]
    return (V[end] - V[begin]) / swing, (around[end] - around[begin]) / swing


@pytest.mark.parametrize(
    ("name", "compliance", "share"),
    # normal, awake: 0.1 L/cmH2O, half of it the wall's. ARDS at PEEP 5: 36 [25-50] (Crit Care 2022 s13054-022-04085-y).
    [("apnoea", (80, 110), (0.42, 0.56)), ("ards_mild", (42, 70), (0.25, 0.42)), ("ards_moderate", (25, 50), (0.22, 0.38)), ("ards_severe", (15, 30), (0.13, 0.30))],
)  # fmt: skip
def test_compliance_and_what_reaches_the_pleura(name, compliance, share):
    C, reached = breathed(name)
    assert compliance[0] < C < compliance[1]
    assert share[0] < reached < share[1]
    wall = isolated(name).value("chest_wall.C_cw").to(mL / cmH2O)
    assert reached == pytest.approx(C / wall, rel=0.06)  # ΔPpl = ΔPaw · Ecw/Ers
