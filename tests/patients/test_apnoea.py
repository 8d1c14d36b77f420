"""Apnoea after breathing oxygen: the stores of carbon dioxide fill at the rate that anaesthetists know."""

import numpy as np
import pytest

from proband.engine import Engine, cpu
from proband.engine.settling import hastened
from proband.evidence.scoring.breathers import needing
from proband.patients import load
from proband.units import *

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
SEEN = ["gas_aorta.PCO2", "gas_aorta.PO2", "gas_pulmonary_artery.PCO2", "chest_wall.lung_volume"]
MINUTES = 4


def with_oxygen_around(run):
    """Make the room's nitrogen oxygen: the patient breathes through a mask from a bag of it."""
    slots = run.engine.slots()
    for tail in ("", "_concentration"):
        oxygen, nitrogen = slots[f"room.oxygen{tail}"][0], slots[f"room.nitrogen{tail}"][0]
        run.cells.put(oxygen, run.cells.column(oxygen) + run.cells.column(nitrogen))
        run.cells.put(nitrogen, 0.0)


@pytest.fixture(scope="module")
def apnoea():
    """Arterial PCO2 and PO2 (mmHg), gas in the lungs (mL) and mixed venous PCO2 at 0, 1, 2, … minutes of apnoea."""
    man = load("breathing_man")
    anaesthetised = {row: need * mL_min for row, need in needing(man, 0.85).items()}  # as Kobayashi's patients were
    run = Engine(man.with_values(anaesthetised), observe=SEEN, lanes=1).start(1)
    with hastened(run):
        run.advance(150 * s)
    with_oxygen_around(run)
    run.advance(180 * s)
    run.command("respiratory_drive.depression", 1.0)
    run.command("respiratory_muscles.strength", 0.0)
    rows = [[float(run.now(n)[0]) for n in SEEN]]
    for _ in range(MINUTES):
        run.advance(60 * s)
        rows.append([float(run.now(n)[0]) for n in SEEN])
    assert not run.failures
    return np.array(rows)


def test_the_first_minute_brings_arterial_up_to_venous_blood_and_more(apnoea):
    """Kobayashi 1994: 9.8 ± 1.9 mmHg in the first minute of apnoea."""
    PCO2 = apnoea[:, 0]
    assert PCO2[1] - PCO2[0] == pytest.approx(9.8, abs=1.9)
    assert abs(PCO2[1] - apnoea[1, 2]) < 1.5  # before: 5 mmHg apart


def test_later_minutes_fill_the_stores(apnoea):
    """Kobayashi 1994: then 3.4 to 4.4 mmHg a minute."""
    rises = np.diff(apnoea[1:, 0])
    assert 3.4 < rises.mean() < 4.4
    assert np.all(np.diff(rises) < 0)  # deeper stores take their share later, not sooner


def test_oxygen_flows_in_by_itself(apnoea):
    """Apnoeic oxygenation: what the blood takes is drawn in through the open airway, and saturation stays whole for long.

    Arterial PO2 falls by no more than the alveolar PCO2 rises and a little nitrogen comes out (Frumin 1959)."""
    PCO2, PO2, volume = apnoea[:, 0], apnoea[:, 1], apnoea[:, 3]
    assert PO2[0] > 550
    assert PO2[0] - PO2[-1] < PCO2[-1] - PCO2[0] + 25
    assert np.ptp(volume[1:]) < 20
