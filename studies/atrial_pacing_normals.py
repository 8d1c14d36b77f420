"""Normal adults paced at rising rates: the output stays, each stroke shrinks (Circulation)."""

from proband.evidence.scoring import Lab, direction, moved
from proband.evidence.scoring.bodies import with_paced_atria
from proband.evidence.scoring.study import tell

COHORT = "Ten normal adults at rest: the resting man with paced atria at 80 and 120/min. No change: output within 10 %."


def experiment(lab: Lab):
    slow, fast = (
        lab.person("healthy_man", {"heart.set_rate": rate}, changed=with_paced_atria).measure() for rate in (80, 120)
    )
    return lambda: {
        "pacing-sv": direction(fast("stroke_volume") - slow("stroke_volume")),
        "pacing-ci": moved(slow("cardiac_output"), fast("cardiac_output"), "L/min"),
    }


if __name__ == "__main__":
    tell(__file__)
