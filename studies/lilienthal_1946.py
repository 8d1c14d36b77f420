"""Lilienthal 1946: the oxygen gradient from alveolar air to arterial blood."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, alveolar
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = (
    "Healthy people at rest in air at sea level: the man who breathes, and the mean of his regions for alveolar air."
)


def experiment(lab: Lab):
    w = lab.person("breathing_man", watch=WATCH, settle=300 * s).measure(60 * s)
    return lambda: {"lilienthal-difference": alveolar(w, "PO2") - w("gas_aorta.PO2")}


if __name__ == "__main__":
    tell(__file__)
