"""Blood gases of a cohort with chronic obstructive lung disease, forced volume 36 % of normal."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "556 patients (415 men) of 65 years: the man with COPD, whose sheet was matched to their oxygen."


def experiment(lab: Lab):
    w = lab.person("copd", watch=WATCH, settle=220 * s).measure()
    return lambda: {"copd-556-o2": w("gas_aorta.PO2") / 7.50062, "copd-556-co2": w("gas_aorta.PCO2") / 7.50062}


if __name__ == "__main__":
    tell(__file__)
