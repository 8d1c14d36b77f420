"""Edmark 2003: how long 60, 80 and 100 % of oxygen last in apnoea."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import FALLEN, WATCH, anaesthetised, lungs_of, needing, seconds_to
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "36 healthy women in three groups, five minutes of 60, 80 or 100 % of oxygen at induction, then apnoea in air: the woman who breathes, who is 45 and whose small airways close as at that age (the abstract tells no age); under anaesthesia she needs 0.85 of the oxygen (Nunn)."
SHARES = {"edmark-60": 0.6, "edmark-80": 0.8, "edmark-100": 1.0}


def experiment(lab: Lab):
    seen = {}
    woman = lab.body("breathing_woman")
    rows = {**lungs_of(woman, 45), **needing(woman, 0.85)}
    for row, share in SHARES.items():
        person = lab.person("breathing_woman", rows, watch=WATCH, settle=180 * s)
        anaesthetised(person.breathe(share, 0.0).wait(300 * s), FALLEN).breathe(0.2095)
        seen[row] = [person.measure(15 * s) for _ in range(50)]
    return lambda: {row: seconds_to(windows, 90) for row, windows in seen.items()}


if __name__ == "__main__":
    tell(__file__)
