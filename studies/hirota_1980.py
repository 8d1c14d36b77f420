"""Hirota 1980: how fast the left ventricle relaxes."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.waves import fastest_fall, mean, relaxation_constant

COHORT = "18 normal subjects: the resting man. 11 patients with congestive cardiomyopathy: moderate heart failure."


def experiment(lab: Lab):
    def read(of, sheet):
        return lab.bench(lambda: mean(of, sheet))

    rows = {
        "hirota-tau": read(relaxation_constant, "healthy_man"),
        "hirota-fall": read(fastest_fall, "healthy_man"),
        "hirota-dcm-tau": read(relaxation_constant, "hfref_moderate"),
        "hirota-dcm-fall": read(fastest_fall, "hfref_moderate"),
    }
    return lambda: {row: of() for row, of in rows.items()}


if __name__ == "__main__":
    tell(__file__)
