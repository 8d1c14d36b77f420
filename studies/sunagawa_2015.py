"""Sunagawa 2015: HeartMate II turned down on a normal heart.

A mock loop: its heart and its resistance stay as they were set, whatever the pump does, so that the body here has no reflexes.
Its throttle is set as such loops are, to a mean pressure of 100 mmHg (the normotensive state in which valves are tested, ISO 5840), with the
pump in place at 6,000 rpm, where it moves next to nothing; and its ventricle ejects through an artificial valve, which
lets the ventricle's pressure rise above the aorta's and so drives more through the pump in systole."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import PUMP, as_mock_loop, heartmate2_without_nerves
from proband.evidence.scoring.study import tell

COHORT = (
    "A mock loop with a normal heart: the resting man without reflexes, since such a loop is built to his pressures; "
    "100 mmHg at 6,000 rpm, an aortic valve of 2 cm² (both assumed: the loop's own are not known)."
)
THROTTLE = 0.73  # of the arterioles' resistance: 100 mmHg


def experiment(lab: Lab):
    rows = as_mock_loop(lab.body("healthy_man"), THROTTLE)
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
