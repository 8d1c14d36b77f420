"""Machlin 1993: how long it takes until expired gas holds 90 % of oxygen."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import (
    ASIDE,
    OXYGEN_AT_THE_MOUTH,
    at_a_circle,
    before_the_mouth,
    joined_to_the_circle,
    seconds_to_nine_tenths,
)
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "177 of 200 surgical patients who breathed oxygen through a mask that fitted: the man who breathes with 100 mL more before his mouth (an adult's mask holds 100 to 150 mL), from a circle that is full of oxygen, with 10 L/min of it (both assumed: the abstract does not tell; as in Nimmagadda's volunteers)."
MASK = {**before_the_mouth(100), **ASIDE, "circle.oxygen_flow": 10.0}


def experiment(lab: Lab):
    person = lab.person("breathing_man", MASK, changed=at_a_circle, watch=(OXYGEN_AT_THE_MOUTH,), settle=180 * s)
    reached = seconds_to_nine_tenths(joined_to_the_circle(person))
    return lambda: {"machlin-time": reached()}


if __name__ == "__main__":
    tell(__file__)
