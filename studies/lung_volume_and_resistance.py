"""The resistance of the lungs' vessels at three lung volumes: least near the residual capacity."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.breathers import MACHINE, WATCH, pulmonary_resistance, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Lungs of animals that were inflated and emptied (Whittenberger, as a review tells): the anaesthetised man at an end-expiratory pressure of 5 and of 15 cmH2O, and at 0 with his chest squeezed by 10 mmHg."
SETTINGS = {"ventilator.tidal_volume": 350.0, "ventilator.set_rate": 16.0, "ventilator.oxygen": 0.5}
SQUEEZED = 10.0  # mmHg


def experiment(lab: Lab):
    def person(peep):
        told = {**SETTINGS, "ventilator.peep": peep}
        return lab.person("anaesthetised", told, changed=ventilated, watch=(*WATCH, *MACHINE), settle=240 * s)

    usual, blown_up = (person(peep).measure(60 * s) for peep in (5.0, 15.0))
    empty = person(0.0)
    empty = empty.set("chest.level", empty.rest_of_chest + SQUEEZED).wait(180 * s).measure(60 * s)

    return lambda: {
        "volume-inflated": direction(pulmonary_resistance(blown_up) - pulmonary_resistance(usual)),
        "volume-emptied": direction(pulmonary_resistance(empty) - pulmonary_resistance(usual)),
    }


if __name__ == "__main__":
    tell(__file__)
