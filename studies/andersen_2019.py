"""Andersen 2019: 10 mL/kg of saline within 5 min."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.patients import sheet
from proband.units import kg, mL, s

COHORT = "16 healthy adults below 40 years: the young adult. All of the saline is taken to stay in the vessels for these 5 min."


def experiment(lab: Lab):
    person = lab.person("healthy_young")
    before = person.measure()
    dose = 10 * sheet("healthy_young").weight.to(kg)
    after = person.bleed(-dose * mL, over=dose / 2.5 * s).measure()
    return lambda: {"andersen-wedge": after("wedge") - before("wedge")}


if __name__ == "__main__":
    tell(__file__)
