"""Giessen and Karlsruhe 2023: recirculation and cardiac output of patients on veno-venous support."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.breathers import from_groin_to_neck, recirculating, recirculation
from proband.evidence.scoring.study import tell

COHORT = "19 patients with distress: the ventilated patient with distress at 4 L/min, with a heart of half the strength or as it is."
WEAK = {"left_ventricle.E_max": 1.5, "right_ventricle.E_max": 0.3}


def experiment(lab: Lab):
    weak, usual = (recirculating(lab, from_groin_to_neck, 4.0, heart).measure() for heart in (WEAK, {}))
    return lambda: {"giessen-output": direction(recirculation(usual) - recirculation(weak))}


if __name__ == "__main__":
    tell(__file__)
