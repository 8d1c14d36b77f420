"""Ugander 2009: how far, and until when, the lungs fill with blood within a beat."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.waves import lungs_blood, lungs_swing, mean

COHORT = "Ten volunteers of 21 to 32 years: the young adult. The R wave is the excitation of the ventricles."


def fullest(beat) -> float:
    """When the lungs hold most blood, in ms."""
    return float(np.argmax(lungs_blood(beat)))


def experiment(lab: Lab):
    swing, time = (lab.bench(lambda of=of: mean(of, "healthy_young")) for of in (lungs_swing, fullest))
    return lambda: {"ugander-swing": swing(), "ugander-time": time()}


if __name__ == "__main__":
    tell(__file__)
