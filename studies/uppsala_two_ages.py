"""Arterial oxygen of young and of middle-aged men who lie, in air and in oxygen."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, ideal_alveolar, lungs_of
from proband.evidence.scoring.study import tell
from proband.laws.gas import AIR
from proband.units import s

COHORT = "Men of 50 years, lying: the man who breathes, whose small airways close where those of 50 years do."
AGE = 50
R = 0.8  # gas exchange ratio, as one assumes it


def experiment(lab: Lab):
    lungs = lungs_of(lab.body("breathing_man"), AGE)
    air = lab.person("breathing_man", lungs, watch=WATCH, settle=300 * s).measure(60 * s)
    rich = (
        lab.person("breathing_man", lungs, watch=WATCH, settle=200 * s).breathe(1.0, 0.0).wait(600 * s).measure(60 * s)
    )

    def difference(w, oxygen):
        return ideal_alveolar(w, oxygen, R) - w("gas_aorta.PO2")

    return lambda: {
        "uppsala-air": air("gas_aorta.PO2"),
        "uppsala-air-difference": difference(air, AIR["oxygen"]),
        "uppsala-oxygen": rich("gas_aorta.PO2"),
        "uppsala-oxygen-difference": difference(rich, 1.0),
    }


if __name__ == "__main__":
    tell(__file__)
