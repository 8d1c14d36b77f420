"""Yousuf 2017: end-tidal carbon dioxide in mild, moderate and severe acute respiratory distress."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import RESTED, WATCH, ventilated_by_mask
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "35 patients by the classes of the Berlin definition: the men with mild, moderate and severe distress, 430 mL (6 mL/kg), end-expiratory pressure and oxygen by the network's table, as often a minute as brings arterial PCO2 to the 50 mmHg that they had in the mean; 35 at most, by which the moderate man comes to 56."
SEEN_AT = {"mild": (5.0, 0.4, 24.0), "moderate": (10.0, 0.6, 35.0), "severe": (14.0, 0.9, 35.0)}  # cmH2O, 1, 1/min


def experiment(lab: Lab):
    seen = {}
    for severity, (peep, oxygen, rate) in SEEN_AT.items():
        settings = {
            "ventilator.tidal_volume": 430.0,
            "ventilator.set_rate": rate,
            "ventilator.inspiratory_time": 0.9,
            "ventilator.peep": peep,
            "ventilator.oxygen": oxygen,
        }
        person = lab.person(f"ards_{severity}", settings, changed=ventilated_by_mask, watch=WATCH, settle=RESTED)
        seen[severity] = person.measure(60 * s)
    return lambda: {f"yousuf-{x}": w("gas_aorta.PCO2") - w("capnograph.end_tidal") for x, w in seen.items()}


if __name__ == "__main__":
    tell(__file__)
