"""Cerveri 1995: arterial gases of healthy non-smokers of 40 years and more."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, lungs_of
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "194 healthy people of 40 to 90 years: the man who breathes, with lungs of 45 years and a body mass index of 25 (assumed: 77 kg, 1.75 m)."


def experiment(lab: Lab):
    lungs = lungs_of(lab.body("breathing_man"), 45)
    w = lab.person("breathing_man", lungs, watch=WATCH, settle=300 * s).measure(60 * s)
    return lambda: {"cerveri-oxygen": w("gas_aorta.PO2"), "cerveri-co2": w("gas_aorta.PCO2")}


if __name__ == "__main__":
    tell(__file__)
