"""Blood gases and residual capacity of 20 people with chronic obstructive lung disease, forced volume 45 % of normal."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "20 patients of 66 years: the man with COPD, whose obstruction is somewhat worse. Predicted is the residual capacity of a man of his age, 1.75 m tall, who sits."
PREDICTED = 1000 * (2.34 * 1.75 + 0.009 * 66 - 1.09)  # mL (Quanjer 1993 Eur Respir J 6 suppl 16:5, men)
DEAD_SPACE = 170.0  # mL of the airways, which a plethysmograph sees too


def experiment(lab: Lab):
    w = lab.person("copd", watch=WATCH, settle=220 * s).measure()
    return lambda: {
        "copd-20-o2": w("gas_aorta.PO2"),
        "copd-20-co2": w("gas_aorta.PCO2"),
        "copd-20-frc": 100 * (w.least("chest_wall.lung_volume") + DEAD_SPACE) / PREDICTED,
    }


if __name__ == "__main__":
    tell(__file__)
