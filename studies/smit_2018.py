"""Smit 2018: what oxygen does to the output of healthy people (22 data sets, pooled)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import RESTED, WATCH
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Healthy volunteers with an arterial PO2 of 234 to 617 mmHg: the man who breathes, ten minutes in oxygen."


def experiment(lab: Lab):
    person = lab.person("breathing_man", watch=WATCH, settle=RESTED)
    before = person.measure()
    after = person.breathe(1.0, 0.0).wait(280 * s).measure()
    return lambda: {"smit-output": 100 * (after("cardiac_output") / before("cardiac_output") - 1)}


if __name__ == "__main__":
    tell(__file__)
