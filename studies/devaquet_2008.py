"""Devaquet 2008: a pause at the end of inspiration in acute lung injury."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "15 ventilated patients with acute lung injury and hypercapnia: the man with moderate distress, 6 mL/kg 18 times a minute (a pause of 0.7 s is a fifth of that), insufflated within 0.8 s."
SETTINGS = {
    "ventilator.tidal_volume": 430.0,
    "ventilator.set_rate": 18.0,
    "ventilator.oxygen": 0.6,
    "ventilator.peep": 10.0,
    "ventilator.inspiratory_time": 0.8,
    "ventilator.pause_time": 0.0,
}
PAUSE = 0.7


def experiment(lab: Lab):
    """Carbon dioxide needs longer than an hour to settle, so that the pause is held against the same time without one."""
    seen = []
    for pause in (0.0, PAUSE):
        person = lab.person("ards_moderate", SETTINGS, changed=ventilated, watch=WATCH, settle=600 * s)
        person.set("ventilator.pause_time", pause).set("ventilator.inspiratory_time", 0.8 + pause)
        seen.append(person.wait(1770 * s).measure(30 * s))
    without, held = seen
    return lambda: {"devaquet-pause": 100 * (held("gas_aorta.PCO2") / without("gas_aorta.PCO2") - 1)}


if __name__ == "__main__":
    tell(__file__)
