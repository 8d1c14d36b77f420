"""Nimmagadda 2000: what oxygen from a circle leaves at the end of an expiration after two minutes and a half."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import (
    ASIDE,
    DRY,
    OXYGEN_AT_THE_MOUTH,
    at_a_circle,
    before_the_mouth,
    joined_to_the_circle,
)
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "20 healthy volunteers who lay, quiet breaths through a mask (100 mL) from a circle full of oxygen: the man who breathes; 10 L/min of fresh oxygen (assumed, as elsewhere in such studies: the abstract does not tell)."


def experiment(lab: Lab):
    told = {**before_the_mouth(100), **ASIDE, "circle.oxygen_flow": 10.0}
    person = lab.person("breathing_man", told, changed=at_a_circle, watch=(OXYGEN_AT_THE_MOUTH,), settle=180 * s)
    after = joined_to_the_circle(person).wait(147.5 * s).measure(5 * s)
    return lambda: {"nimmagadda-circle": 100 * after.least(OXYGEN_AT_THE_MOUTH) / DRY}


if __name__ == "__main__":
    tell(__file__)
