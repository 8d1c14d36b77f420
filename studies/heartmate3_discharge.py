"""HeartMate 3 after its approval: patients on the day they go home."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import with_heartmate3
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.supported import ABOUT, at_speeds, mean, people

PEOPLE = 40
COHORT = (
    f"92 patients, three weeks after implantation: {PEOPLE} {ABOUT}, though these are months after it; 5,300 ± 260 rpm as printed, whoever has which; "
    "the flow is the console's, as theirs was."
)


def experiment(lab: Lab):
    speeds = 5300 + 260 * np.random.default_rng(92).standard_normal(PEOPLE)
    seen = at_speeds(lab, people(lab, PEOPLE), speeds.tolist(), with_heartmate3)
    return lambda: {"discharge-flow": mean(seen, "lvad.estimated_flow")}


if __name__ == "__main__":
    tell(__file__)
