"""Berthoud 1991: how long oxygen lasts in apnoea, obese people and others."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import FALLEN, FALLEN_OBESE, WATCH, anaesthetised, lungs_of, needing, seconds_to
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "6 morbidly obese people and 6 others under anaesthesia after oxygen: the obese man and the man who breathes, who is 45 and whose small airways close as at that age (the abstract tells no age), three minutes in oxygen, then apnoea in air; under anaesthesia they need 0.85 of the oxygen (Nunn)."
BODIES = {"berthoud-normal": "breathing_man", "berthoud-obese": "obesity"}
ASLEEP = {"berthoud-normal": FALLEN, "berthoud-obese": FALLEN_OBESE}


def experiment(lab: Lab):
    # A relaxed wall is not stiff before the lung is nearly empty.
    own = {"berthoud-normal": lungs_of(lab.body("breathing_man"), 45), "berthoud-obese": {"chest_wall.V_low": 400.0}}
    seen = {}
    for row, body in BODIES.items():
        person = (
            lab.person(body, {**own[row], **needing(lab.body(body), 0.85)}, watch=WATCH, settle=180 * s)
            .breathe(1.0, 0.0)
            .wait(180 * s)
        )
        anaesthetised(person, ASLEEP[row]).breathe(0.2095)
        seen[row] = [person.measure(15 * s) for _ in range(50)]
    return lambda: {row: seconds_to(windows, 90) for row, windows in seen.items()}


if __name__ == "__main__":
    tell(__file__)
