"""A fast ascent to a simulated 3,842 m."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import DRY, RESTED, WATCH
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "17 healthy people in a chamber at 475 mmHg: the man who breathes 12.6 % of oxygen at 760 mmHg, which is the same inspired pressure."


def experiment(lab: Lab):
    person = lab.person("breathing_man", watch=WATCH, settle=RESTED)
    before = person.measure()
    after = person.breathe(0.2095 * (475 - 47) / DRY).wait(300 * s).measure()
    return lambda: {
        "ascent-saturation": 100 * after("oximeter.SpO2") / before("oximeter.SpO2"),
        "ascent-output": 100 * after("cardiac_output") / before("cardiac_output"),
    }


if __name__ == "__main__":
    tell(__file__)
