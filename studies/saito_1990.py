"""Saito 1990: oxygen of volunteers in air and after three minutes of oxygen."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Healthy volunteers of 22 to 33 years in air and in oxygen: the man who breathes (45 years)."


def experiment(lab: Lab):
    person = lab.person("breathing_man", watch=WATCH, settle=180 * s)
    air = person.measure()
    oxygen = person.breathe(1.0, 0.0).wait(180 * s).measure()
    return lambda: {
        "saito-air": air("gas_aorta.PO2"),
        "saito-saturation-air": air("oximeter.SpO2"),
        "saito-saturation-oxygen": oxygen("oximeter.SpO2"),
    }


if __name__ == "__main__":
    tell(__file__)
