"""Ventilation and heart rate at rest in air, 3 % and 6 % of carbon dioxide."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import RESTED, WATCH, before_the_mouth, ventilation
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "8 healthy people at rest before exercise, measured through a mouthpiece and a valve: the man who breathes with 100 mL more before his mouth (assumed; two-way valves with mouthpiece have 60 to 120 mL)."
VALVE = before_the_mouth(100)


def experiment(lab: Lab):
    seen = {}
    for share in (0, 3, 6):
        person = lab.person("breathing_man", VALVE, watch=WATCH, settle=RESTED)
        seen[share] = person.breathe(0.2095, max(share / 100, 0.0004)).wait(300 * s).measure(120 * s)
    rate = lambda share: seen[share]("heart_rate") - seen[0]("heart_rate")  # noqa: E731
    return lambda: (
        {f"inhaled-co2-{share}": ventilation(w) for share, w in seen.items()}
        | {f"inhaled-co2-{share}-rate": rate(share) for share in (3, 6)}
    )


if __name__ == "__main__":
    tell(__file__)
