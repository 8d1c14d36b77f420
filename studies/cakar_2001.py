"""Cakar 2001: how fast arterial PO2 follows a change of the inspired oxygen."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "25 ventilated patients without COPD whose PaO2/FiO2 was at least 180: the man with mild distress, 10 mL/kg 12 times a minute at PEEP 5. Samples at 3 to 15 min as theirs; the last is the plateau (theirs at 30 min)."
SETTINGS = {
    "ventilator.tidal_volume": 700.0,
    "ventilator.set_rate": 12.0,
    "ventilator.inspiratory_time": 1.5,
    "ventilator.peep": 5.0,
}
MINUTES = (3, 5, 7, 9, 11, 15)


def experiment(lab: Lab):
    values = {**SETTINGS, "ventilator.oxygen": 0.35}
    person = lab.person("ards_mild", values, changed=ventilated, watch=WATCH, settle=300 * s)

    def followed(oxygen: float):
        windows, clock = [person.measure(5 * s)], 0.0
        person.set("ventilator.oxygen", oxygen)
        for minute in MINUTES:
            windows.append(person.wait((60 * minute - clock - 2.5) * s).measure(5 * s))
            clock = 60 * minute + 2.5
        return windows

    rise, fall = followed(0.55), followed(0.35)

    def rate(windows):
        """Of the exponential through the samples by least squares, per minute."""
        P = np.array([w("gas_aorta.PO2") for w in windows])
        rates = np.linspace(0.05, 3.0, 2951)
        left = np.exp(-np.outer(rates, MINUTES))
        missed = (P[-1] + (P[0] - P[-1]) * left - P[1:]) ** 2
        return float(rates[np.argmin(missed.sum(axis=1))])

    return lambda: {"cakar-rise": 100 * rate(rise), "cakar-fall": 100 * rate(fall)}


if __name__ == "__main__":
    tell(__file__)
