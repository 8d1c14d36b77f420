"""Åström 2000: physiological dead space of healthy people awake."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, dead_space, production, tidal
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Healthy men among 38 people of 20 to 61 years, awake: the man who breathes."


def experiment(lab: Lab):
    w = lab.person("breathing_man", watch=WATCH, settle=200 * s).measure()
    made = production(lab.body("breathing_man"))
    return lambda: {"astrom-dead-space": dead_space(w, made) * tidal(w)}


if __name__ == "__main__":
    tell(__file__)
