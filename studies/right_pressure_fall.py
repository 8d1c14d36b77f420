"""Fastest fall of pressure in a right ventricle without pulmonary hypertension."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.waves import fastest_fall, mean

COHORT = "Eight patients with a normal pulmonary artery pressure: the resting man."


def experiment(lab: Lab):
    fall = lab.bench(lambda: mean(lambda beat: fastest_fall(beat, "right"), "healthy_man"))
    return lambda: {"right-fall": fall()}


if __name__ == "__main__":
    tell(__file__)
