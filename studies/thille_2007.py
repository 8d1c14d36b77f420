"""Thille 2007: volume that end-expiratory pressure recruits, between two pressure-volume curves at one elastic pressure."""

from itertools import pairwise

from proband.evidence.scoring import Lab, Window
from proband.evidence.scoring.breathers import REGIONS, ventilated
from proband.evidence.scoring.study import tell
from proband.units import cmH2O, mmHg, s

COHORT = "71 patients, PEEP 10 against none, at an elastic pressure of 15 cmH2O: the man with moderate distress, 8 mL/kg 20 times a minute at PEEP 10, then one long expiration to either pressure and 900 mL in 6 s from there (all assumed; compliance of breaths of 700 mL was told, so that curves went as far)."
BEFORE = {
    "ventilator.tidal_volume": 580.0,
    "ventilator.set_rate": 20.0,
    "ventilator.inspiratory_time": 1.0,
    "ventilator.oxygen": 0.6,
    "ventilator.peep": 10.0,
}
CURVE = {
    "ventilator.set_rate": 4.0,
    "ventilator.tidal_volume": 900.0,
    "ventilator.inspiratory_time": 6.0,
    "ventilator.pause_time": 0.0,
}
ELASTIC = (15 * cmH2O).to(mmHg)


def elastic(window: Window) -> float:
    """Pressure in the alveoli (mmHg), which flow has no part in."""
    return sum(window(f"alveoli_{i}.pressure") for i in REGIONS) / len(REGIONS)


def at_one_pressure(curve: list[Window]) -> float:
    """Volume (mL) where an inflation passes the elastic pressure."""
    points = [(elastic(w), w("chest_wall.lung_volume")) for w in curve]
    for (P, V), (higher, larger) in pairwise(points):
        if P < ELASTIC <= higher:
            return V + (ELASTIC - P) / (higher - P) * (larger - V)
    return float("nan")


def experiment(lab: Lab):
    watch = ("chest_wall.lung_volume", *(f"alveoli_{i}.pressure" for i in REGIONS))

    def curve(peep: float):
        person = lab.person("ards_moderate", BEFORE, changed=ventilated, watch=watch, settle=301.5 * s)
        for command, value in {**CURVE, "ventilator.peep": peep}.items():
            person.set(command, value)
        person.wait(10 * s)
        return [person.measure(0.1 * s) for _ in range(105)]

    none, ten = curve(0.0), curve(10.0)
    return lambda: {"thille-recruited": at_one_pressure(ten) - at_one_pressure(none)}


if __name__ == "__main__":
    tell(__file__)
