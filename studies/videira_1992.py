"""Videira 1992: one or three minutes of oxygen before a child's apnoea."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, seconds_to, stop
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "11 healthy children under anaesthesia: the child of six years and 20 kg."


def experiment(lab: Lab):
    seen = {}
    for minutes in (1, 3):
        person = lab.person("child_20kg", watch=WATCH, settle=180 * s).breathe(1.0, 0.0).wait(60 * minutes * s)
        stop(person).breathe(0.2095)
        seen[minutes] = [person.measure(10 * s) for _ in range(30)]
    return lambda: {f"videira-{minutes}": seconds_to(windows, 90) for minutes, windows in seen.items()}


if __name__ == "__main__":
    tell(__file__)
