"""Ebmeier 2018: how far a pulse oximeter's display lies from arterial blood in intensive care."""

from statistics import NormalDist, stdev

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "404 adults in intensive care, one pair each: eight men who breathe and eight with pneumonia, whose sensors and fingers err as makers' volunteers do (1.9 points, as in the trial of the oximeter's accuracy)."
ERROR = NormalDist(0.0, 1.9)  # percent, the part that stays with a sensor on a finger


def experiment(lab: Lab):
    watch = (*WATCH, "gas_upper_arteries.SO2")
    offsets = [ERROR.inv_cdf((i + 0.5) / 8) for i in range(8)]
    pairs = [
        lab.person(body, {"oximeter.offset": offset}, watch=watch, settle=180 * s).wait(60 * s).measure(2 * s)
        for body in ("breathing_man", "pneumonia_right")
        for offset in offsets
    ]
    return lambda: {"ebmeier-limits": 1.96 * stdev(w("oximeter.SpO2") - w("gas_upper_arteries.SO2") for w in pairs)}


if __name__ == "__main__":
    tell(__file__)
