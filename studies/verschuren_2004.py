"""Verschuren 2004: end-tidal carbon dioxide where an embolism is suspected."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "45 outpatients, 18 of whom had a pulmonary embolism: the man with an embolism, and the man who breathes."
BODIES = {"verschuren-embolism": "pulmonary_embolism", "verschuren-none": "breathing_man"}


def experiment(lab: Lab):
    seen = {row: lab.person(body, watch=WATCH, settle=300 * s).measure(60 * s) for row, body in BODIES.items()}
    return lambda: {row: w("gas_aorta.PCO2") - w("capnograph.end_tidal") for row, w in seen.items()}


if __name__ == "__main__":
    tell(__file__)
