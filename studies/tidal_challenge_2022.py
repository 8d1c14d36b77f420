"""Variation of the pulse pressure at 6 and 8 mL/kg in stiff lungs, patients who need no fluid (BMC Anesthesiol 2022, s12871-022-01676-8)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "45 of 76 critically ill patients with a compliance of 26 mL/cmH2O who did not respond to fluid: the man with severe distress, 430 and 580 mL at PEEP 8."


def experiment(lab: Lab):
    seen = {}
    for dose, volume in ((6, 430.0), (8, 580.0)):
        settings = {
            "ventilator.tidal_volume": volume,
            "ventilator.set_rate": 20.0,
            "ventilator.peep": 8.0,
            "ventilator.oxygen": 0.8,
        }
        person = lab.person("ards_severe", settings, changed=ventilated, watch=WATCH, settle=220 * s)
        seen[dose] = person.measure(30 * s)
    return lambda: {
        f"challenge-{dose}": 100 * (w.most("pulse_pressure") - w.least("pulse_pressure")) / w("pulse_pressure")
        for dose, w in seen.items()
    }


if __name__ == "__main__":
    tell(__file__)
