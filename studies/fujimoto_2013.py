"""Fujimoto 2013: wedge pressure of healthy people at rest."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "60 healthy adults of both sexes and all ages: the resting man."


def experiment(lab: Lab):
    w = lab.person("healthy_man").measure()
    return lambda: {"fujimoto-wedge": w("wedge")}


if __name__ == "__main__":
    tell(__file__)
