"""Kobayashi 1994: carbon dioxide in four minutes of apnoea."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, needing, stop
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "15 adults under anaesthesia, oxygen beforehand: the man who breathes, then neither drive nor strength; under anaesthesia they need 0.85 of the oxygen (Nunn)."


def experiment(lab: Lab):
    person = (
        lab.person("breathing_man", needing(lab.body("breathing_man"), 0.85), watch=WATCH, settle=180 * s)
        .breathe(1.0, 0.0)
        .wait(120 * s)
    )
    before = person.measure(10 * s)
    first = stop(person).wait(59 * s).measure(2 * s)
    last = person.wait(178 * s).measure(2 * s)

    def P(w):
        return w("gas_aorta.PCO2")

    return lambda: {"kobayashi-first": P(first) - P(before), "kobayashi-rate": (P(last) - P(first)) / 3}


if __name__ == "__main__":
    tell(__file__)
