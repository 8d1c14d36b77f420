"""Johnson 2014: a litre of bleeding and 45 mmHg of suction, three stages each, in the same men."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.units import mL, mmHg, s

COHORT = "12 young men lying, 5 min a stage: the young adult."


def slope(stages, y, x):
    return float(np.polyfit([w(x) for w in stages], [w(y) for w in stages], 1)[0])


def experiment(lab: Lab):
    bled, sucked = lab.person("healthy_young"), lab.person("healthy_young")
    bleed, suction = [bled.measure()], [sucked.measure()]
    for stage in (1, 2, 3):
        bleed.append(bled.bleed(1000 / 3 * mL, over=240 * s).wait(30 * s).measure(30 * s))
        suction.append(sucked.suck(15 * stage * mmHg).wait(270 * s).measure(30 * s))
    return lambda: {
        "johnson14-bleed-map-cvp": slope(bleed, "mean_arterial", "central_venous"),
        "johnson14-suction-map-cvp": slope(suction, "mean_arterial", "central_venous"),
        "johnson14-bleed-hr-pp": slope(bleed, "heart_rate", "pulse_pressure"),
        "johnson14-suction-hr-pp": slope(suction, "heart_rate", "pulse_pressure"),
    }


if __name__ == "__main__":
    tell(__file__)
