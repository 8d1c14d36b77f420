"""Sunagawa 2015: HeartMate II turned down on a normal heart.

A mock loop: its heart and its resistance stay as they were set, whatever the pump does, so that the body here has no reflexes.
Without them the resistance of his arterioles is two thirds of itself, so that without the pump his mean pressure is the resting man's 96 mmHg (125 otherwise)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import PUMP, heartmate2_without_nerves, relaxed
from proband.evidence.scoring.study import tell

COHORT = (
    "A mock loop with a normal heart: the resting man without reflexes, since such a loop is built to his pressures."
)


def experiment(lab: Lab):
    rows = relaxed(lab.body("healthy_man"))
    seen = {
        n: lab.person("healthy_man", {**rows, "lvad.speed": n}, changed=heartmate2_without_nerves, watch=PUMP).measure()
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
