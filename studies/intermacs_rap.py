"""INTERMACS: right atrial pressure before support. Calibration: the sheet of severe heart failure names these cohorts."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "18,733 patients before support: severe heart failure."


def experiment(lab: Lab):
    w = lab.person("hfref_severe").measure()
    return lambda: {"intermacs-rap": w("central_venous")}


if __name__ == "__main__":
    tell(__file__)
