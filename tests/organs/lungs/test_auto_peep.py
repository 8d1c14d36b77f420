"""Gas that stays behind: by the time constant in a linear lung, by the choke in an obstructed one."""

import math

import numpy as np
import pytest
from lungs_bench import Engine, linear_lung, ventilated
from lungs_of_sheets import isolated

from proband.model import Body
from proband.units import *

REGIONS = range(1, 7)


def end_expiration(body, observe, **settings):
    """Every observed signal just before an inspiration, after the lung has found its place."""
    run = Engine(ventilated(body, **settings.pop("where", {})), observe=[*observe, "pump.by_flow"]).start(
        patients=1, values={"respiratory_muscles.strength": 0} if "respiratory_muscles" in body.parts else None
    )
    for row, value in settings.items():
        run.command(f"pump.{row}", value)
    run.advance(90 * s)
    run.record(every=4 * ms)
    run.advance(6 * s)
    traces = run.traces()
    inspires = traces["pump.by_flow"][0] > 0.5
    begin = np.flatnonzero(~inspires[:-1] & inspires[1:])[0]
    return {name: float(traces[name][0][begin]) for name in observe}


@pytest.mark.parametrize(("rate", "published"), [(20, 2.3), (30, 4.7)])
def test_linear_lung(rate, published):
    """R 22, C 59, 500 mL, I:E 1:2: what is left behind is VT e/(1−e)/C with e = exp(−T_E/RC)."""
    body = Body(lung=linear_lung())
    settings = {"rate": rate * per_min, "volume": 500 * mL}
    told = end_expiration(body, ["lung.pressure"], where={"place": "lung", "R": 22 * cmH2O * s / L}, **settings)
    pressure = told["lung.pressure"] * 1.35951
    left = math.exp(-(60 / rate * 2 / 3) / (22 * 0.059))
    assert pressure == pytest.approx(500 / 59 * left / (1 - left), rel=0.02)
    assert pressure == pytest.approx(published, abs=0.2)


def trapped(body, rate=20, PEEP=0.0):
    """Mean alveolar pressure (cmH2O) and lung volume (mL) at the end of expiration."""
    observe = [f"alveoli_{i}.{x}" for i in REGIONS for x in ("pressure", "volume")]
    told = end_expiration(body, observe, rate=rate * per_min, PEEP=PEEP * cmH2O)
    P = np.array([told[f"alveoli_{i}.pressure"] for i in REGIONS]) * 1.35951
    V = np.array([told[f"alveoli_{i}.volume"] for i in REGIONS])
    return float((P * V).sum() / V.sum()), float(V.sum())


@pytest.fixture(scope="module")
def obstructed():
    return isolated("copd")


@pytest.fixture(scope="module")
def unchoked(obstructed):
    return obstructed.with_values({f"bronchi_{i}.P_tm": -80 * cmH2O for i in REGIONS})


def test_flow_limitation_adds_to_it_and_rate_too(obstructed, unchoked):
    limited, free = trapped(obstructed)[0], trapped(unchoked)[0]
    assert limited > free + 2
    assert trapped(obstructed, rate=12)[0] < limited - 0.8
    assert 4 < limited < 12  # Ranieri 1993 and others: some 5 to 12 cmH2O in ventilated obstruction


def test_external_peep_below_the_choke_changes_nothing(obstructed):
    """Ranieri 1993 (as remembered): up to 85 % of the intrinsic PEEP neither volume nor pressure follows."""
    intrinsic, volume = trapped(obstructed)
    total, later = trapped(obstructed, PEEP=0.7 * intrinsic)
    assert later < volume * 1.015
    assert total < intrinsic + 0.06 * intrinsic + 0.2
    assert trapped(obstructed, PEEP=1.6 * intrinsic)[1] > volume * 1.08  # above it the lung follows


def test_without_a_choke_volume_follows_at_once(unchoked):
    intrinsic, volume = trapped(unchoked)
    assert trapped(unchoked, PEEP=4.0)[1] > volume * 1.08
    assert intrinsic < 3
