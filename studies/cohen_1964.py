"""Cohen 1964: hydrogen ions by carbon dioxide, the titration of a whole body."""

from statistics import linear_regression

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import RESTED, WATCH
from proband.evidence.scoring.study import tell
from proband.units import min_

COHORT = "Dogs awake in a chamber: the man who breathes, in air and after half an hour each (theirs had some two hours; both have settled) of air with 6, 8 and 10 % of carbon dioxide."
STEPS = (0.0004, 0.06, 0.08, 0.10)


def experiment(lab: Lab):
    person = lab.person("breathing_man", watch=(*WATCH, "gas_aorta.pH"), settle=RESTED)
    seen = [person.breathe(0.2095, share).wait((2 if share < 0.01 else 30) * min_).measure(1 * min_) for share in STEPS]

    def slope():
        """Of the straight line through hydrogen ions (nmol/L) by PCO2."""
        return linear_regression(
            [w("gas_aorta.PCO2") for w in seen], [10 ** (9 - w("gas_aorta.pH")) for w in seen]
        ).slope

    return lambda: {"cohen-slope": slope()}


if __name__ == "__main__":
    tell(__file__)
