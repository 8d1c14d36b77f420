"""Krabatsch 2017: before a HeartMate 3. Calibration: the sheet of severe heart failure names it."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import surface
from proband.evidence.scoring.study import tell

COHORT = "50 patients with advanced heart failure: severe heart failure."


def experiment(lab: Lab):
    w = lab.person("hfref_severe").measure()
    return lambda: {"krabatsch-ci": w("cardiac_output") / surface("hfref_severe")}


if __name__ == "__main__":
    tell(__file__)
