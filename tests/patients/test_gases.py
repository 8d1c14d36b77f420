"""A man at rest breathes air: his gases are what any textbook says, and nothing of them is lost."""

import numpy as np
import pytest

from proband.engine import Engine, cpu
from proband.engine.settling import hastened
from proband.patients import load
from proband.patients.breathing import breathing
from proband.patients.gases import ORGANS, capillaries, with_gases
from proband.units import *

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")

BLOOD = ("aorta", "pulmonary_artery", "upper_arteries")
SEEN = [
    *(f"gas_{place}.{x}" for place in BLOOD for x in ("PO2", "PCO2", "pH", "SO2")),
    *(f"{place}.{x}_concentration" for place in BLOOD for x in ("oxygen", "carbon_dioxide")),
    *(f"gas_alveoli_{i}.{x}" for i in range(1, 7) for x in ("PO2", "PCO2")),
    *(f"{organ}_respiration.rate" for organ in ORGANS),
    "capnograph.end_tidal", "capnograph.respiratory_rate", "oximeter.SpO2", "monitor.cardiac_output",
    "monitor.mean_arterial", "shunt.flow", "aortic_valve.flow", "aorta.lactate_concentration",
]  # fmt: skip


@pytest.fixture(scope="module")
def body():
    return with_gases(breathing(load("healthy_man")))


@pytest.fixture(scope="module")
def resting(body):
    run = Engine(body, observe=SEEN).start(1)
    with hastened(run):
        run.advance(240 * s)
    run.begin_window()
    run.advance(120 * s)
    assert not run.failures
    window = run.window()
    return {name: float(window.mean(name)[0]) for name in SEEN}


@pytest.mark.parametrize(
    ("signal", "usual", "within"),
    [
        ("gas_aorta.PO2", 95, 8),
        ("gas_aorta.PCO2", 40, 3),
        ("gas_aorta.pH", 7.40, 0.02),
        ("gas_aorta.SO2", 97.5, 1),
        ("gas_pulmonary_artery.SO2", 75, 4),
        ("gas_pulmonary_artery.PO2", 40, 3),
        ("gas_pulmonary_artery.PCO2", 45, 3),
        ("capnograph.end_tidal", 38, 3),
        ("capnograph.respiratory_rate", 14, 3),
        ("oximeter.SpO2", 97.5, 2),
        ("aorta.lactate_concentration", 1.1e-3, 0.3e-3),  # mmol/mL
    ],
)
def test_at_rest(resting, signal, usual, within):
    assert resting[signal] == pytest.approx(usual, abs=within)


def test_fick(resting):
    """Output times the difference in content is what the organs use."""
    used = -sum(resting[f"{organ}_respiration.rate"] for organ in ORGANS)  # mmol/s
    gained = resting["aorta.oxygen_concentration"] - resting["pulmonary_artery.oxygen_concentration"]  # mmol/mL
    flow = resting["aortic_valve.flow"] * 1000 / 60  # mL/s
    assert flow * gained == pytest.approx(used, rel=0.01)
    assert used * 22.4 * 60 == pytest.approx(250, rel=0.03)  # mL/min


def test_end_tidal_lies_below_arterial_carbon_dioxide(resting):
    """Healthy: 2-5 mmHg (textbook); less in a lung without alveolar dead space."""
    assert 0.3 < resting["gas_aorta.PCO2"] - resting["capnograph.end_tidal"] < 5


def totals(run, substance):
    places = [n for n, p in run.engine.body.parts.items() if p.component.kind == "compartment"]
    return sum(run.now(f"{place}.{substance}") for place in places)


def test_gases_are_conserved(body):
    """What is there in the end is what was there at the start and what organs made of it; nothing else."""
    uptakes = [f"{organ}_respiration.rate" for organ in ORGANS]
    makers = [f"{organ}_production.rate" for organ in ORGANS]
    places = [n for n, p in body.parts.items() if p.component.kind == "compartment"]
    gases = ("oxygen", "carbon_dioxide", "nitrogen")
    engine = Engine(body, observe=[*uptakes, *makers, *(f"{p}.{x}" for p in places for x in gases)])
    run = engine.start(2, values={"room.volume": np.array([2e4, 4e4])})  # a small room, where a leak would show
    before = {x: totals(run, x) for x in gases}
    made = {"oxygen": 0.0, "carbon_dioxide": 0.0, "nitrogen": 0.0}
    for _ in range(300):  # rates hold for 10 ms, and act with the tick that follows
        run.advance(10 * ms)
        made["oxygen"] = made["oxygen"] + 0.010 * sum(run.now(u) for u in uptakes)
        made["carbon_dioxide"] = made["carbon_dioxide"] + 0.010 * sum(run.now(m) for m in makers)
    for x in gases:
        np.testing.assert_allclose(totals(run, x), before[x] + made[x], rtol=1e-10)


def test_there_is_a_wall_in_every_region(body):
    assert len(capillaries(body)) == 6
    assert {f"oxygen_crossing_{i}" for i in range(1, 7)} <= set(body.parts)
