"""Saito 1990: arterial oxygen of volunteers before oxygen is given."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Healthy volunteers of 22 to 33 years breathing air: the man who breathes (45 years)."


def experiment(lab: Lab):
    w = lab.person("breathing_man", watch=WATCH, settle=200 * s).measure()
    return lambda: {"saito-air": w("gas_aorta.PO2")}


if __name__ == "__main__":
    tell(__file__)
