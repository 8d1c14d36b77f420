"""Johnson 2014: a litre of bleeding and 45 mmHg of suction, three stages each, in the same men; pressures by a catheter in an artery of the arm."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import ARM, arm
from proband.evidence.scoring.study import tell
from proband.units import mL, mmHg, s

COHORT = "12 young men lying, 5 min a stage: the young adult."


def pulse(window) -> float:
    return arm(window, "systolic") - arm(window, "diastolic")


def mean(window) -> float:
    return arm(window, "mean")


def venous(window) -> float:
    return window("central_venous")


def rate(window) -> float:
    return window("heart_rate")


def slope(stages, y, x) -> float:
    return float(np.polyfit([x(w) for w in stages], [y(w) for w in stages], 1)[0])


def experiment(lab: Lab):
    bled, sucked = lab.person("healthy_young", watch=[ARM]), lab.person("healthy_young", watch=[ARM])
    bleed, suction = [bled.measure_pulses()], [sucked.measure_pulses()]
    for stage in (1, 2, 3):
        bleed.append(bled.bleed(1000 / 3 * mL, over=240 * s).wait(30 * s).measure_pulses(30 * s))
        suction.append(sucked.suck(15 * stage * mmHg).wait(270 * s).measure_pulses(30 * s))
    return lambda: {
        "johnson14-bleed-map-cvp": slope(bleed, mean, venous),
        "johnson14-suction-map-cvp": slope(suction, mean, venous),
        "johnson14-bleed-hr-pp": slope(bleed, rate, pulse),
        "johnson14-suction-hr-pp": slope(suction, rate, pulse),
    }


if __name__ == "__main__":
    tell(__file__)
