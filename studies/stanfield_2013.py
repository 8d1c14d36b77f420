"""Stanfield 2013: how much HeartMate II's flow pulsates on a mock loop.

A mock loop: nothing answers the pump, so that the body here has no reflexes, and the resistance of its arterioles is that of a
normotensive loop: two thirds, as for Sunagawa's (96 mmHg with the pump; 109 otherwise). The head is taken from ventricle to aorta, cannula
and graft between: the printed one lies 15 mmHg below Boes' pump alone at that flow, and where his pump with its conduits does."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import PUMP, heartmate2_without_nerves_paced, relaxed
from proband.evidence.scoring.study import tell

COHORT = "A mock loop set to heart failure, normotensive, 100/min: severe heart failure without reflexes, with a pacemaker at 100/min; 9,000 rpm."


def experiment(lab: Lab):
    w = lab.person(
        "hfref_severe",
        {**relaxed(lab.body("hfref_severe")), "lvad.speed": 9000, "heart.set_rate": 100},
        changed=heartmate2_without_nerves_paced,
        watch=(*PUMP, "aorta.pressure", "left_ventricle.pressure"),
    ).measure()
    return lambda: {
        "stanfield-flow": w("lvad.flow"),
        "stanfield-head": w("aorta.pressure") - w("left_ventricle.pressure"),
        "stanfield-pi": (w.most("lvad.flow") - w.least("lvad.flow")) / w("lvad.flow"),
    }


if __name__ == "__main__":
    tell(__file__)
