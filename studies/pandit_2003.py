"""Pandit 2003: three minutes of breathing oxygen."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import DRY, WATCH, alveolar
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "5 healthy people who breathed oxygen through a mouthpiece for three minutes: the man who breathes."


def experiment(lab: Lab):
    w = lab.person("breathing_man", watch=WATCH, settle=180 * s).breathe(1.0, 0.0).wait(170 * s).measure(10 * s)
    return lambda: {"pandit-end-tidal": 100 * alveolar(w, "PO2") / DRY}


if __name__ == "__main__":
    tell(__file__)
