"""Machlin 1993: how long it takes until expired gas holds 90 % of oxygen."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import OXYGEN_AT_THE_MOUTH, before_the_mouth, seconds_to_nine_tenths
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "177 of 200 surgical patients who breathed oxygen through a mask that fitted: the man who breathes with 100 mL more before his mouth (an adult's mask holds 100 to 150 mL)."
MASK = before_the_mouth(100)


def experiment(lab: Lab):
    person = lab.person("breathing_man", MASK, watch=(OXYGEN_AT_THE_MOUTH,), settle=180 * s)
    reached = seconds_to_nine_tenths(person)
    return lambda: {"machlin-time": reached()}


if __name__ == "__main__":
    tell(__file__)
