"""Uriel 2016: ramp tests with a catheter in the right heart."""

import numpy as np

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.bodies import PUMP, with_heartmate2, with_hvad
from proband.evidence.scoring.study import tell

COHORT = (
    "21 HeartMate II and 14 HVAD, up to 9 speeds (and eight steps on average: 1.28 L/min in all, 0.16 a step): the supported patient with each pump, pooled 21 : 14. "
    "No change: within 10 % or 3 mmHg from the lowest speed to the highest without suction."
)
SUCTION = 0.05  # share of the inlet that the wall covers for a moment
SPEEDS = {
    "hm2": (with_heartmate2, range(8000, 11201, 400), 21),
    "hvad": (with_hvad, range(2300, 3101, 100), 14),
}


def experiment(lab: Lab):
    seen = {}
    for pump, (attach, speeds, _) in SPEEDS.items():
        seen[pump] = [
            lab.person(
                "hfref_supported", {"lvad.speed": n, "lvad.low_speed_limit": n}, changed=attach, watch=PUMP
            ).measure()
            for n in speeds
        ]

    def pooled(quantity, at):
        """At the lowest speed (0) or the highest (−1) that is free of suction."""
        free = {
            p: [w for w in windows if w.most("lvad.suction") < SUCTION] or windows[:1] for p, windows in seen.items()
        }
        return float(np.average([free[p][at](quantity) for p in SPEEDS], weights=[n for _, _, n in SPEEDS.values()]))

    def change(quantity):
        return pooled(quantity, -1) - pooled(quantity, 0)

    def over_all(quantity):
        return moved(pooled(quantity, 0), pooled(quantity, -1), "mmHg")

    return lambda: {
        "uriel-co": change("cardiac_output"),
        "uriel-wedge": change("wedge"),
        "uriel-cvp": over_all("central_venous"),
        "uriel-sbp": over_all("systolic"),
    }


if __name__ == "__main__":
    tell(__file__)
