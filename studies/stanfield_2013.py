"""Stanfield 2013: how much HeartMate II's flow pulsates on a mock loop.

A mock loop: nothing answers the pump, so that the body here has no reflexes. What is printed after the mean of head and flow is
how they pulsate: 1.6 L/min is the standard deviation of a wave whose swing is 0.96 of 4.8 L/min. So the loop's two settings, its throttle and the
strength of its ventricle, are taken from mean and pulsation of the head, and what the pump makes of it is the experiment.
The head is taken from ventricle to aorta, cannula and graft between: the printed one lies 15 mmHg below Boes' pump alone at
that flow, and where his pump with its conduits does."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import PUMP, as_mock_loop, heartmate2_without_nerves_paced
from proband.evidence.scoring.study import tell
from proband.units import ms

COHORT = (
    "A mock loop set to heart failure, 100/min: severe heart failure without reflexes, with a pacemaker at 100/min; 9,000 rpm; throttle and "
    "ventricle set to the printed head, 55 ± 24 mmHg."
)
THROTTLE = 0.82  # of the arterioles' resistance: a mean head of 55 mmHg
STRENGTH = 0.345  # mmHg/mL, of the left ventricle: 24 mmHg of pulsation
ENDS = ("aorta.pressure", "left_ventricle.pressure")


def experiment(lab: Lab):
    rows = as_mock_loop(lab.body("hfref_severe"), THROTTLE) | {"left_ventricle.E_max": STRENGTH}
    loop = lab.person(
        "hfref_severe",
        {**rows, "lvad.speed": 9000, "heart.set_rate": 100},
        changed=heartmate2_without_nerves_paced,
        watch=(*PUMP, *ENDS),
    )
    w = loop.measure()
    beat = [loop.measure(20 * ms) for _ in range(30)]

    def head(w):
        return w("aorta.pressure") - w("left_ventricle.pressure")

    return lambda: {
        "stanfield-flow": w("lvad.flow"),
        "stanfield-head": head(w),
        "stanfield-head-sd": float(np.std([head(w) for w in beat])),
        "stanfield-pi": (w.most("lvad.flow") - w.least("lvad.flow")) / w("lvad.flow"),
    }


if __name__ == "__main__":
    tell(__file__)
