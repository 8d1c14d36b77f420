"""Messer 1962: what the heart takes from its blood at rest."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Control subjects among 110 catheterisations of the coronary sinus at rest: the man who breathes."


def experiment(lab: Lab):
    contents = ("aorta.oxygen_concentration", "heart_muscle.oxygen_concentration")
    w = lab.person("breathing_man", watch=(*WATCH, *contents), settle=200 * s).measure()
    return lambda: {"messer-extraction": 100 * (1 - w(contents[1]) / w(contents[0]))}


if __name__ == "__main__":
    tell(__file__)
