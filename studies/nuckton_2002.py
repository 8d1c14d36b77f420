"""Nuckton 2002: dead space early in acute respiratory distress."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import RESTED, WATCH, expired, production, ventilated
from proband.evidence.scoring.study import tell

COHORT = "179 patients on the first day: the man with moderate distress, 500 mL 22 times a minute at PEEP 5. His sheet was matched to them."
SETTINGS = {
    "ventilator.tidal_volume": 500.0,
    "ventilator.set_rate": 22.0,
    "ventilator.inspiratory_time": 1.1,
    "ventilator.oxygen": 0.6,
}


def experiment(lab: Lab):
    w = lab.person("ards_moderate", SETTINGS, changed=ventilated, watch=WATCH, settle=RESTED).measure()
    mixed = expired(production(lab.body("ards_moderate")), 22 * 0.5)
    return lambda: {"nuckton-dead-space": 100 * (1 - mixed / w("gas_aorta.PCO2"))}


if __name__ == "__main__":
    tell(__file__)
