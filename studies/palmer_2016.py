"""Palmér 2016: recirculation with drainage from the right atrium and return through the groin."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import (
    from_neck_and_cava_to_groin,
    from_neck_to_groin,
    recirculating,
    recirculation,
)
from proband.evidence.scoring.study import tell

COHORT = "14 patients, 108 measurements: ventilated patients with distress and its high output (8 L/min), 3.8 L/min (assumed). A tip drains the atrium; holes along the cannula drain the superior cava too."


def experiment(lab: Lab):
    tip, holes = (
        recirculating(lab, change, 3.8).measure() for change in (from_neck_to_groin, from_neck_and_cava_to_groin)
    )
    return lambda: {"palmer-conventional": recirculation(tip), "palmer-multistage": recirculation(holes)}


if __name__ == "__main__":
    tell(__file__)
