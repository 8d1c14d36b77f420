"""Variation of the pulse pressure in anaesthetised patients with enough blood (Anesthesiology 2017;126:249)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "1,791 patients at elective surgery, ventilated: the anaesthetised man, 8 mL/kg of ideal weight, PEEP 5."


def experiment(lab: Lab):
    settings = {"ventilator.tidal_volume": 580.0, "ventilator.set_rate": 12.0, "ventilator.peep": 5.0}
    w = lab.person("anaesthetised", settings, changed=ventilated, watch=WATCH, settle=220 * s).measure(30 * s)
    return lambda: {
        "mathis-variation": 100 * (w.most("pulse_pressure") - w.least("pulse_pressure")) / w("pulse_pressure")
    }


if __name__ == "__main__":
    tell(__file__)
