"""Ventilation at rest in air, 3 % and 6 % of carbon dioxide."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, ventilation
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "8 healthy people at rest before exercise: the man who breathes."


def experiment(lab: Lab):
    seen = {}
    for share in (0, 3, 6):
        person = lab.person("breathing_man", watch=WATCH, settle=180 * s)
        seen[share] = person.breathe(0.2095, max(share / 100, 0.0004)).wait(300 * s).measure(120 * s)
    return lambda: {f"inhaled-co2-{share}": ventilation(w) for share, w in seen.items()}


if __name__ == "__main__":
    tell(__file__)
