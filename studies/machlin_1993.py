"""Machlin 1993: how long it takes until expired gas holds 90 % of oxygen."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import DRY, WATCH, alveolar, before_the_mouth
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "177 of 200 surgical patients who breathed oxygen through a mask that fitted: the man who breathes with 100 mL more before his mouth (an adult's mask holds 100 to 150 mL)."
MASK = before_the_mouth(100)


def experiment(lab: Lab):
    person = lab.person("breathing_man", MASK, watch=WATCH, settle=180 * s).breathe(1.0, 0.0)
    windows = [person.measure(15 * s) for _ in range(20)]

    def reached():
        before, at = 0.0, 0.0
        for w in windows:
            now, middle = alveolar(w, "PO2") / DRY, (w.begin + w.end) / 2 - windows[0].begin
            if now >= 0.9:
                return at + (0.9 - before) / (now - before) * (middle - at)
            before, at = now, middle
        return float("nan")

    return lambda: {"machlin-time": reached()}


if __name__ == "__main__":
    tell(__file__)
