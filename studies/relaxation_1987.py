"""Time constant of the left ventricular pressure fall in normal people (J Cardiol 1987)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.waves import mean, relaxation_constant

COHORT = "Eight normal subjects: the resting man."


def experiment(lab: Lab):
    tau = lab.bench(lambda: mean(relaxation_constant, "healthy_man"))
    return lambda: {"relaxation-1987-tau": tau()}


if __name__ == "__main__":
    tell(__file__)
