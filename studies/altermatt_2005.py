"""Altermatt 2005: how long oxygen lasts in apnoea, obese people lying on their backs."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import FALLEN_OBESE, WATCH, anaesthetised, needing, seconds_to
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "20 obese people (index above 35) lying, eight deep breaths of oxygen in a minute: the obese man, a minute of quiet breaths of oxygen, then apnoea in air; under anaesthesia he needs 0.85 of the oxygen (Nunn)."
BODIES = {"altermatt-supine": "obesity"}
# A relaxed wall is not stiff before the lung is nearly empty.
WALL = {"altermatt-supine": {"chest_wall.V_low": 400.0}}


def experiment(lab: Lab):
    seen = {}
    for row, body in BODIES.items():
        person = lab.person(body, {**WALL[row], **needing(lab.body(body), 0.85)}, watch=WATCH, settle=180 * s)
        person.breathe(1.0, 0.0).wait(60 * s)
        anaesthetised(person, FALLEN_OBESE).breathe(0.2095)
        seen[row] = [person.measure(15 * s) for _ in range(30)]
    return lambda: {row: seconds_to(windows, 90) for row, windows in seen.items()}


if __name__ == "__main__":
    tell(__file__)
