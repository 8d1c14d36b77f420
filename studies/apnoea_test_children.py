"""Apnoea tests of children with brain death: the rise of carbon dioxide in ten minutes."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, stop
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "38 children of 2 months to 17 years without brain function, oxygen in the trachea: the child of six years and 20 kg, awake until then."


def experiment(lab: Lab):
    person = lab.person("child_20kg", watch=WATCH, settle=180 * s).breathe(1.0, 0.0).wait(120 * s)
    before = person.measure(10 * s)
    at5 = stop(person).wait(299 * s).measure(2 * s)
    at10 = person.wait(298 * s).measure(2 * s)

    def P(w):
        return w("gas_aorta.PCO2")

    return lambda: {
        "apnoea-children-first": (P(at5) - P(before)) / 5,
        "apnoea-children-next": (P(at10) - P(at5)) / 5,
    }


if __name__ == "__main__":
    tell(__file__)
