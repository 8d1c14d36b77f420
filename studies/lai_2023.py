"""Lai 2023: a minute with less end-expiratory pressure tells who answers to volume."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import legs_alone
from proband.evidence.scoring.breathers import RESTED, ventilated
from proband.evidence.scoring.study import tell
from proband.model import Body
from proband.units import mL, s

COHORT = "64 ventilated patients at PEEP 12: the man with moderate distress with 500 mL more and 500, 1000, 1500 mL less of blood, each parted as theirs by what raised legs (45°) bring to his index."
SETTINGS = {
    "ventilator.tidal_volume": 430.0,
    "ventilator.set_rate": 22.0,
    "ventilator.oxygen": 0.6,
    "ventilator.peep": 12.0,
}
LOST = (-500, 0, 500, 1000, 1500)  # mL
RESPONSIVE = 10.0  # % that raised legs bring


def lying(body: Body) -> Body:
    """Ventilated, and so that tilting raises the legs."""
    return ventilated(legs_alone(body))


def experiment(lab: Lab):
    seen = []
    for lost in LOST:
        person = lab.person("ards_moderate", SETTINGS, changed=lying, settle=RESTED)
        rest = person.bleed(lost * mL, over=120 * s).wait(180 * s).measure(30 * s)
        raised = person.tilt(-45).wait(30 * s).measure(30 * s)
        back = person.tilt(0).wait(120 * s).measure(30 * s)
        less = person.set("ventilator.peep", 5.0).wait(30 * s).measure(30 * s)
        seen.append((rest, raised, back, less))

    def change(after, before):
        return 100 * (after("native_flow") / before("native_flow") - 1)

    def group(responsive: bool):
        found = [
            change(less, back)
            for rest, raised, back, less in seen
            if (change(raised, rest) >= RESPONSIVE) is responsive
        ]
        return float(np.median(found)) if found else float("nan")

    return lambda: {"lai-responsive": group(True), "lai-unresponsive": group(False)}


if __name__ == "__main__":
    tell(__file__)
