"""How the fall of left ventricular pressure slows down: an exponential of 50 ms would give 2.2 from 20 to 60 ms after the fastest."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.waves import mean

COHORT = "Nine normal subjects: the resting man."


def upstroke(beat) -> float:
    rate = beat.rate("left_ventricle.pressure")
    fastest = int(np.argmin(rate))
    return float(rate[fastest + 20] / rate[fastest + 60])


def experiment(lab: Lab):
    ratio = lab.bench(lambda: mean(upstroke, "healthy_man"))
    return lambda: {"upstroke-ratio": ratio()}


if __name__ == "__main__":
    tell(__file__)
