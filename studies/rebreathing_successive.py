"""The ventilatory response to carbon dioxide by rebreathing, three times in succession."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, alveolar, ventilation
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "12 healthy men, rebreathing in oxygen: the man who breathes, steady states in oxygen with 4 and 6 % of carbon dioxide."


def experiment(lab: Lab):
    seen = []
    for share in (0.04, 0.06):
        person = lab.person("breathing_man", watch=WATCH, settle=180 * s)
        seen.append(person.breathe(1 - share, share).wait(300 * s).measure(120 * s))
    low, high = seen
    return lambda: {
        "rebreathing-slope": (ventilation(high) - ventilation(low)) / (alveolar(high, "PCO2") - alveolar(low, "PCO2"))
    }


if __name__ == "__main__":
    tell(__file__)
