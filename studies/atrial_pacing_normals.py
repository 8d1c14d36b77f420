"""Normal adults paced at rising rates: the output stays, each stroke shrinks (Circulation)."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.bodies import surface, with_pacemaker
from proband.evidence.scoring.study import tell

COHORT = "Ten normal adults at rest: the resting man with a pacemaker at 80 and 120/min. No change: index by less than 0.3 L/min/m²."


def experiment(lab: Lab):
    slow, fast = (lab.person("healthy_man", {"heart.set_rate": rate}, changed=with_pacemaker).measure() for rate in (80, 120))
    area = surface("healthy_man")
    return lambda: {
        "pacing-sv": direction(fast("stroke_volume") - slow("stroke_volume")),
        "pacing-ci": direction((fast("cardiac_output") - slow("cardiac_output")) / area, least=0.3),
    }


if __name__ == "__main__":
    tell(__file__)
