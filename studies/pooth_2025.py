"""Pooth 2025: recirculation in three kinds of veno-venous support."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import (
    from_groin_to_groin,
    from_groin_to_neck,
    recirculating,
    recirculation,
    through_one_cannula,
)
from proband.evidence.scoring.study import tell

COHORT = "47 patients, 215 measurements: ventilated patients with distress and its high output (8 L/min); flow is not told in the abstract, 4 L/min. From groin to groin both cannulae lie in the lower cava (Parker 2022 Sci Rep, doi 10.1038/s41598-022-20690-x), the one that returns above, where the liver's veins join."


def experiment(lab: Lab):
    neck, groin, one = (
        recirculating(lab, change, 4.0).measure()
        for change in (from_groin_to_neck, from_groin_to_groin, through_one_cannula)
    )
    return lambda: {
        "pooth-recirculation": recirculation(neck),
        "pooth-bifemoral": recirculation(groin),
        "pooth-dual-lumen": recirculation(one),
    }


if __name__ == "__main__":
    tell(__file__)
