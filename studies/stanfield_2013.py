"""Stanfield 2013: how much HeartMate II's flow pulsates on a mock loop.

A mock loop: nothing answers the pump, so that the body here has no reflexes."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import PUMP, heartmate2_without_nerves_paced
from proband.evidence.scoring.study import tell

COHORT = "A mock loop set to heart failure, normotensive, 100/min: severe heart failure without reflexes, with a pacemaker at 100/min; 9,000 rpm."


def experiment(lab: Lab):
    w = lab.person(
        "hfref_severe", {"lvad.speed": 9000, "heart.set_rate": 100}, changed=heartmate2_without_nerves_paced, watch=PUMP
    ).measure()
    return lambda: {
        "stanfield-flow": w("lvad.flow"),
        "stanfield-head": w("lvad.head"),
        "stanfield-pi": (w.most("lvad.flow") - w.least("lvad.flow")) / w("lvad.flow"),
    }


if __name__ == "__main__":
    tell(__file__)
