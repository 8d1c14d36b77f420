"""What want of oxygen, plenty of it and carbon dioxide do to a man's heart, vessels and lungs: one body, four rooms."""

import numpy as np
import pytest

from proband.engine import Engine, cpu
from proband.engine.settling import hastened
from proband.laws.gas import MOLAR_VOLUME
from proband.patients import load
from proband.units import *

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")

AIR, THIN, PLENTY, SOUR = range(4)  # the rooms
ROOMS = {"oxygen": (0.2095, 0.12, 0.9996, 0.2095), "carbon_dioxide": (0.0004, 0.0004, 0.0004, 0.05)}
SEEN = [
    "monitor.heart_rate", "monitor.cardiac_output", "monitor.mean_arterial", "monitor.pulmonary_mean", "monitor.wedge",
    "monitor.central_venous", "gas_aorta.PO2", "gas_aorta.PCO2", "gas_aorta.SO2", "brain_arterioles.flow", "lower_body_arterioles.flow",
    "kidney_arterioles.flow", "gut_arterioles.flow", "capnograph.respiratory_rate", "chemical_drives.tidal",
]  # fmt: skip


@pytest.fixture(scope="module")
def rooms():
    body = load("breathing_man")
    run = Engine(body, observe=SEEN).start(4)
    with hastened(run):
        run.advance(150 * s)
    held = body.value("room.volume").si / MOLAR_VOLUME.si
    shares = {gas: np.array(told) for gas, told in ROOMS.items()}
    shares["nitrogen"] = 1 - shares["oxygen"] - shares["carbon_dioxide"]
    for gas, share in shares.items():
        run.cells.put(run.engine.slots()[f"room.{gas}"][0], share * held)
    run.advance(240 * s)
    run.begin_window()
    run.advance(20 * s)
    assert not run.failures
    window = run.window()
    return {name: np.array(window.mean(name)) for name in SEEN}


def against_air(rooms, name, room):
    return rooms[name][room] / rooms[name][AIR]


def test_thin_air_raises_rate_and_output(rooms):
    assert rooms["gas_aorta.SO2"][THIN] < 87
    assert rooms["monitor.heart_rate"][THIN] - rooms["monitor.heart_rate"][AIR] > 8
    assert 1.1 < against_air(rooms, "monitor.cardiac_output", THIN) < 1.5
    assert against_air(rooms, "monitor.mean_arterial", THIN) == pytest.approx(1, abs=0.12)


def test_thin_air_shuts_the_lungs_vessels_and_opens_muscle_and_brain(rooms):
    resistance = (rooms["monitor.pulmonary_mean"] - rooms["monitor.wedge"]) / rooms["monitor.cardiac_output"]
    assert 1.2 < resistance[THIN] / resistance[AIR] < 2.2
    assert resistance[PLENTY] < resistance[AIR]
    assert against_air(rooms, "lower_body_arterioles.flow", THIN) > 1.15
    assert against_air(rooms, "brain_arterioles.flow", THIN) > 1.05
    assert against_air(rooms, "kidney_arterioles.flow", THIN) < 1.1  # nothing opens there


def test_thin_air_makes_one_breathe_more(rooms):
    minute = rooms["capnograph.respiratory_rate"] * rooms["chemical_drives.tidal"]
    assert minute[THIN] > 1.05 * minute[AIR]
    assert rooms["gas_aorta.PCO2"][THIN] < rooms["gas_aorta.PCO2"][AIR] - 1


def test_plenty_of_oxygen_slows_the_heart_and_tightens_vessels(rooms):
    """PMC5016570: 65 to 61 beats a minute, the arterial pressure as it was; Smit 2018: a tenth of the output (8 % here)."""
    assert -8 < rooms["monitor.heart_rate"][PLENTY] - rooms["monitor.heart_rate"][AIR] < -2
    assert against_air(rooms, "monitor.cardiac_output", PLENTY) < 0.94
    assert against_air(rooms, "monitor.mean_arterial", PLENTY) == pytest.approx(1, abs=0.03)
    assert against_air(rooms, "brain_arterioles.flow", PLENTY) < 0.95
    assert against_air(rooms, "gut_arterioles.flow", PLENTY) < 0.92  # Bergofsky & Bertun 1966, dogs


def test_carbon_dioxide_opens_the_brain_and_raises_the_output(rooms):
    assert rooms["gas_aorta.PCO2"][SOUR] > rooms["gas_aorta.PCO2"][AIR] + 3
    assert against_air(rooms, "brain_arterioles.flow", SOUR) > 1.08
    assert against_air(rooms, "monitor.cardiac_output", SOUR) > 1.02
