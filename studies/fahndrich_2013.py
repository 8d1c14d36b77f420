"""Fähndrich: the lung clearance index of people with obstructive lung disease and of healthy ones."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import before_the_mouth
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.washing_out import wash_out

COHORT = "18 patients with a forced volume of 40 % of normal, 30 young volunteers, multiple-breath washout: the man with COPD and the man who breathes, each with 60 mL of mouthpiece and sensor (assumed)."
MOUTHPIECE = before_the_mouth(60)


def experiment(lab: Lab):
    seen = {name: lab.bench(lambda name=name: wash_out(name, MOUTHPIECE)) for name in ("breathing_man", "copd")}
    return lambda: {
        "clearance-healthy": seen["breathing_man"]().clearance_index,
        "clearance-copd": seen["copd"]().clearance_index,
        "washout-capacity": 100 * seen["breathing_man"]().capacity / seen["breathing_man"]().known,
    }


if __name__ == "__main__":
    tell(__file__)
