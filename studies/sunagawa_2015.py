"""Sunagawa 2015: HeartMate II turned down on a normal heart."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import PUMP, with_heartmate2
from proband.evidence.scoring.study import tell

COHORT = "A mock loop with a normal heart: the resting man, since such a loop is built to his pressures."


def experiment(lab: Lab):
    seen = {
        n: lab.person("healthy_man", {"lvad.speed": n}, changed=with_heartmate2, watch=PUMP).measure()
        for n in (6000, 8000, 10000)
    }
    return lambda: {
        "sunagawa-8000-back": seen[8000].least("lvad.flow"),
        "sunagawa-6000-min": seen[6000].least("lvad.flow"),
        "sunagawa-6000-max": seen[6000].most("lvad.flow"),
        "sunagawa-10000-back": min(seen[10000].least("lvad.flow"), 0.0),
    }


if __name__ == "__main__":
    tell(__file__)
