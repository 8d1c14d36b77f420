"""Marczak 2004: the first minute of pure oxygen."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import RESTED, WATCH, before_the_mouth, ventilation
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "26 healthy people of 26 years through a mouthpiece and a two-way valve: the man who breathes with 100 mL more before his mouth (assumed, as in other studies with one)."
VALVE = before_the_mouth(100)


def experiment(lab: Lab):
    person = lab.person("breathing_man", VALVE, watch=WATCH, settle=RESTED)
    before = person.measure(30 * s)  # as long as the other: the longer one looks, the larger the largest breath
    after = person.breathe(1.0, 0.0).wait(45 * s).measure(30 * s)

    return lambda: {"marczak-decline": 100 * (ventilation(after) / ventilation(before) - 1)}


if __name__ == "__main__":
    tell(__file__)
