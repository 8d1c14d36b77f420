"""Removal of carbon dioxide by membranes of several sizes in severe acidosis (Intensive Care Med Exp 2017)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import REMOVED, in_acidosis
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = (
    "7 anaesthetised pigs that make as much carbon dioxide as an adult: a man under anaesthesia with the blood of a pig, whose breaths are too few. Fibres of a Quadrox-i small adult, "
    "whose section shrinks with the area (assumed), through one cannula of 23 Fr (theirs had 20)."
)
FLOWS = (0.25, 0.5, 0.75, 1.0)  # L/min, one after another


def experiment(lab: Lab):
    small, large = (in_acidosis(lab, area, FLOWS) for area in (0.4, 1.3))
    (before,) = large.windows
    little, much = small.measure(20 * s), large.measure(20 * s)
    return lambda: {
        "acidosis-04": little(REMOVED),
        "acidosis-13": much(REMOVED),
        "acidosis-13-pH": much("gas_aorta.pH") - before("gas_aorta.pH"),
    }


if __name__ == "__main__":
    tell(__file__)
