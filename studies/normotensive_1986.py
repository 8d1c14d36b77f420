"""Healthy volunteers lying down (Jpn Heart J 1986)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "15 healthy men: the resting man."


def experiment(lab: Lab):
    w = lab.person("healthy_man").measure()
    return lambda: {"normotensive-sbp": w("systolic"), "normotensive-dbp": w("diastolic")}


if __name__ == "__main__":
    tell(__file__)
