"""Motley 1947: fifteen to twenty minutes of 10 % oxygen at cardiac catheterisation."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.breathers import RESTED, WATCH, pulmonary_resistance
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "People at catheterisation who breathed 10 % of oxygen in nitrogen for 15 to 20 minutes, as the abstract says: the man who breathes, after 17 to 18."


def experiment(lab: Lab):
    person = lab.person("breathing_man", watch=WATCH, settle=RESTED)
    before = person.measure(60 * s)
    after = person.breathe(0.10).wait(1020 * s).measure(60 * s)

    return lambda: {
        "motley-pressure": direction(after("pulmonary_mean") - before("pulmonary_mean")),
        "motley-resistance": pulmonary_resistance(after) / pulmonary_resistance(before),
        "motley-co2": direction(after("gas_aorta.PCO2") - before("gas_aorta.PCO2")),
        "motley-ph": direction(after("gas_aorta.pH") - before("gas_aorta.pH")),
    }


if __name__ == "__main__":
    tell(__file__)
