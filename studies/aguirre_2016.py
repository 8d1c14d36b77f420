"""Aguirre-Bermeo 2016: a longer pause at the end of inspiration in acute respiratory distress, and the smaller breaths that it allows."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import MACHINE, RESTED, WATCH, expired, production, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "13 passively ventilated patients: the man with moderate distress, whose predicted weight is 72 kg, at PEEP 10 (their plateau less their driving pressure), 22 breaths a minute insufflated within 0.8 s (both assumed)."
WEIGHT, RATE, INSUFFLATION = 72.0, 22.0, 0.8
VOLUMES = (6.3, 5.6)  # mL/kg, with the pause and after it
PAUSES = (0.12, 0.7)  # s
SETTINGS = {
    "ventilator.tidal_volume": WEIGHT * VOLUMES[0],
    "ventilator.set_rate": RATE,
    "ventilator.oxygen": 0.6,
    "ventilator.peep": 10.0,
    "ventilator.inspiratory_time": INSUFFLATION + PAUSES[0],
    "ventilator.pause_time": PAUSES[0],
}


def experiment(lab: Lab):
    """Half an hour with the pause, held against the same time without; then the smaller breaths, at the same flow, for an hour."""
    short, long = (
        lab.person("ards_moderate", SETTINGS, changed=ventilated, watch=(*WATCH, *MACHINE), settle=RESTED)
        for _ in PAUSES
    )
    long.set("ventilator.pause_time", PAUSES[1]).set("ventilator.inspiratory_time", INSUFFLATION + PAUSES[1])
    before, after = (person.wait(1770 * s).measure(30 * s) for person in (short, long))
    less = VOLUMES[1] / VOLUMES[0]
    long.set("ventilator.tidal_volume", WEIGHT * VOLUMES[1])
    long.set("ventilator.inspiratory_time", less * INSUFFLATION + PAUSES[1])
    smaller = long.wait(3570 * s).measure(30 * s)
    mixed = expired(production(lab.body("ards_moderate")), RATE * WEIGHT * VOLUMES[0] / 1000)

    def dead(w):
        return 100 * (1 - mixed / w("gas_aorta.PCO2"))

    def driving(w):
        return w("ventilator.plateau") - w("ventilator.total_peep")

    return lambda: {
        "aguirre-pause": 100 * (after("gas_aorta.PCO2") / before("gas_aorta.PCO2") - 1),
        "aguirre-dead-space": dead(after) - dead(before),
        "aguirre-plateau": smaller("ventilator.plateau") - after("ventilator.plateau"),
        "aguirre-driving": driving(smaller) - driving(after),
    }


if __name__ == "__main__":
    tell(__file__)
