"""Dixon 2005: oxygen of severely obese people who lie on their backs, and how long it lasts in apnoea."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import FALLEN_OBESE, WATCH, anaesthetised, needing, seconds_to
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Severely obese people (index above 40) who lay, three minutes of oxygen, then apnoea in air: the obese man; under anaesthesia he needs 0.85 of the oxygen (Nunn)."
WALL = {"chest_wall.V_low": 400.0}  # a relaxed wall is not stiff before the lung is nearly empty


def experiment(lab: Lab):
    person = lab.person("obesity", {**WALL, **needing(lab.body("obesity"), 0.85)}, watch=WATCH, settle=180 * s)
    before = person.breathe(1.0, 0.0).wait(170 * s).measure(10 * s)
    anaesthetised(person, FALLEN_OBESE).breathe(0.2095)
    after = [person.measure(15 * s) for _ in range(30)]
    return lambda: {"dixon-oxygen": before("gas_aorta.PO2"), "dixon-time": seconds_to(after, 92)}


if __name__ == "__main__":
    tell(__file__)
