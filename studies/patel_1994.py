"""Patel 1994: how long oxygen lasts in apnoeic children."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, seconds_to, stop
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Children of two to five years under anaesthesia, oxygen until nitrogen was below 3 %: the child of six years and 20 kg, three minutes in oxygen."
BODIES = {"patel-child": "child_20kg"}


def experiment(lab: Lab):
    seen = {}
    for row, body in BODIES.items():
        person = lab.person(body, watch=WATCH, settle=180 * s).breathe(1.0, 0.0).wait(180 * s)
        stop(person).breathe(0.2095)
        seen[row] = [person.measure(10 * s) for _ in range(30)]
    return lambda: {row: seconds_to(windows, 90) for row, windows in seen.items()}


if __name__ == "__main__":
    tell(__file__)
