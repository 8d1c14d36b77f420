"""Gases and blood with a ventilator attached: what it gives, what leaks and what organs use add up."""

import pytest

from proband.devices.ventilator import ventilator
from proband.engine import Engine, cpu
from proband.patients import load
from proband.patients.gases import ORGANS
from proband.units import *

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
GASES = ("oxygen", "carbon_dioxide", "nitrogen")
SMALL = {"room.volume": 3e4, "ventilator.air.volume": 4e4, "ventilator.wall.volume": 3e4}  # mL, where a leak would show


@pytest.fixture(scope="module")
def balance():
    """Amounts of each gas before and after 5 s, and what organs made of it, mmol; besides, volumes before and after."""
    unit = ventilator("trachea", "room", pleura="pleura.pressure", oxygen=0.5, hole=3 * L_min)
    body = load("breathing_man").attach(ventilator=unit)
    places = [n for n, p in body.parts.items() if p.component.kind == "compartment"]
    used = [f"{organ}_respiration.rate" for organ in ORGANS]
    made = [f"{organ}_production.rate" for organ in ORGANS]
    amounts = [f"{place}.{gas}" for place in places for gas in GASES]
    engine = Engine(body, observe=[*used, *made, *amounts, *(f"{p}.volume" for p in places), "ventilator.oxygen_line.flow", "ventilator.leak.flow"], lanes=1)  # fmt: skip
    run = engine.start(1, values={**SMALL, "respiratory_muscles.strength": 0.0})
    run.record(every=1 * ms, names=["ventilator.oxygen_line.flow", "ventilator.leak.flow"])

    def totals():
        run.look()
        return {gas: sum(float(run.column(f"{place}.{gas}")[0]) for place in places) for gas in GASES}

    before = totals()
    gained = dict.fromkeys(GASES, 0.0)
    for _ in range(500):  # rates hold for 10 ms, and act with the tick that follows
        run.advance(10 * ms)
        run.look()
        gained["oxygen"] += 0.010 * sum(float(run.column(n)[0]) for n in used)
        gained["carbon_dioxide"] += 0.010 * sum(float(run.column(n)[0]) for n in made)
    assert not run.failures
    return before, totals(), gained, run.traces()


@pytest.mark.parametrize("gas", GASES)
def test_each_gas_is_conserved(balance, gas):
    before, after, gained, _ = balance
    assert after[gas] == pytest.approx(before[gas] + gained[gas], rel=1e-10)


def test_the_balance_was_put_to_the_test(balance):
    """Wall oxygen was given, gas leaked, and organs took and made more than rounding would hide."""
    before, _, gained, traces = balance
    for path in ("oxygen_line", "leak"):
        assert traces[f"ventilator.{path}.flow"].mean() > 0.1  # L/min
    assert -gained["oxygen"] > 1e-5 * before["oxygen"] and gained["carbon_dioxide"] > 1e-5 * before["carbon_dioxide"]
