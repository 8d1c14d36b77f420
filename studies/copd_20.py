"""Blood gases and residual capacity of 20 people with chronic obstructive lung disease, forced volume 45 % of normal."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "20 patients of 66 years: the man with COPD, whose obstruction is somewhat worse; the man who breathes stands for the predicted residual capacity."


def experiment(lab: Lab):
    w = lab.person("copd", watch=WATCH, settle=220 * s).measure()
    healthy = lab.person("breathing_man", watch=WATCH, settle=200 * s).measure()
    return lambda: {
        "copd-20-o2": w("gas_aorta.PO2"),
        "copd-20-co2": w("gas_aorta.PCO2"),
        "copd-20-frc": 100 * w.least("chest_wall.lung_volume") / healthy.least("chest_wall.lung_volume"),
    }


if __name__ == "__main__":
    tell(__file__)
