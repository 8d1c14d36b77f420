"""Gavelli 2020: from an end-expiratory pressure of 14 to one of 5 cmH2O in acute respiratory distress."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import RESTED, WATCH, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "60 patients with acute respiratory distress: the man with moderate distress, 22 times a minute with 60 % of oxygen (assumed; the abstract tells neither), a quarter of an hour at PEEP 5. The breaths of 500 mL give him the plateau of 30 cmH2O at which their PEEP of 14 was set."
SETTINGS = {"ventilator.tidal_volume": 500.0, "ventilator.set_rate": 22.0, "ventilator.oxygen": 0.6}


def experiment(lab: Lab):
    values = {**SETTINGS, "ventilator.peep": 14.0}
    person = lab.person("ards_moderate", values, changed=ventilated, watch=WATCH, settle=RESTED)
    high = person.measure(30 * s)
    low = person.set("ventilator.peep", 5.0).wait(870 * s).measure(30 * s)
    return lambda: {
        "gavelli-cvp": low("central_venous") - high("central_venous"),
        "gavelli-oxygen": 100 * (low("gas_aorta.PO2") / high("gas_aorta.PO2") - 1),
    }


if __name__ == "__main__":
    tell(__file__)
