"""Removal of carbon dioxide by small membranes, by blood flow and sweep gas (Intensive Care Med Exp 2019)."""

from proband.evidence.scoring import Lab, Window
from proband.evidence.scoring.breathers import REMOVED, in_acidosis
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = (
    "9 pigs with induced hypercapnia, of what degree is not told here: as in the same laboratory's pigs of 2017, a man under anaesthesia with the blood of a pig and a pH of 7.0 to 7.1. "
    "What is removed is told per 45 mmHg before the membrane: of a blood with 90 mmHg half. Flow rises by 0.3 L/min, and at each flow the gas from 2 to 8 L/min, as theirs did, for ten minutes each (assumed)."
)
NORMAL = 45.0  # mmHg
GASES = (2.0, 4.0, 6.0, 8.0)  # L/min, one after another at each flow


def removed(window: Window) -> float:
    """mL/min, told as if 45 mmHg came to the membrane."""
    return window(REMOVED) * NORMAL / window("ecmo.inlet_PCO2")


def experiment(lab: Lab):
    def swept(area: float, steps: int):
        """With the least and with the most gas, at the greatest flow."""
        person, seen = in_acidosis(lab, area, ()), {}
        for n in range(1, steps + 1):
            person.set("ecmo.set_flow", 0.3 * n)
            for gas in GASES:
                seen[gas] = person.set("ecmo.sweep", gas).wait(580 * s).measure(20 * s)
        return seen[GASES[0]], seen[GASES[-1]]

    (little, much), (little_08, much_08) = swept(0.4, 3), swept(0.8, 6)
    return lambda: {
        "removal-04": removed(much),
        "removal-04-2": removed(little),
        "removal-08": removed(much_08),
        "removal-08-gain": removed(much_08) - removed(little_08),
    }


if __name__ == "__main__":
    tell(__file__)
