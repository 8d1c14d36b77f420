"""Westcott 1951: what 13 % of oxygen does to the lungs' vessels."""

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.breathers import RESTED, WATCH, pulmonary_resistance
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "People at catheterisation who breathed 13 % of oxygen in nitrogen: the man who breathes, after ten minutes (assumed; the abstract does not tell how long)."


def experiment(lab: Lab):
    person = lab.person("breathing_man", watch=WATCH, settle=RESTED)
    before = person.measure(60 * s)
    after = person.breathe(0.13).wait(600 * s).measure(60 * s)

    return lambda: {
        "westcott-pressure": 100 * (after("pulmonary_mean") / before("pulmonary_mean") - 1),
        "westcott-resistance": 100 * (pulmonary_resistance(after) / pulmonary_resistance(before) - 1),
        "westcott-wedge": moved(before("wedge"), after("wedge"), "mmHg"),
        "westcott-output": moved(before("cardiac_output"), after("cardiac_output"), "L/min"),
    }


if __name__ == "__main__":
    tell(__file__)
