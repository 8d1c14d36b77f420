"""Karagiannidis 2014: removal of carbon dioxide by one membrane, by blood flow and sweep gas, in acidosis."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import REMOVED, in_acidosis
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = (
    "6 anaesthetised pigs with a pH of 7.13: a man under anaesthesia with the blood of a pig, whose breaths are too few (8.5 a minute). Fibres of a Quadrox-i small adult, "
    "whose section shrinks with the area (assumed), through one cannula of 23 Fr (theirs had 19); 15 L/min of gas, all that the console gives, for their 16; the smaller catheter's 0.4 L/min with 8 L/min of gas."
)
AREA, BREATHS = 0.98, 8.5
FLOWS = (0.25, 0.5, 0.75, 1.0)  # L/min, one after another


def experiment(lab: Lab):
    usual, twice = (in_acidosis(lab, AREA, FLOWS, gas, BREATHS) for gas in (8.0, 15.0))
    small = in_acidosis(lab, AREA, (0.2, 0.4), 8.0, BREATHS)
    (before,) = twice.windows
    eight, sixteen, little = (person.measure(20 * s) for person in (usual, twice, small))
    return lambda: {
        "karagiannidis-8": eight(REMOVED),
        "karagiannidis-16": sixteen(REMOVED),
        "karagiannidis-pH": sixteen("gas_aorta.pH") - before("gas_aorta.pH"),
        "karagiannidis-04": little(REMOVED),
    }


if __name__ == "__main__":
    tell(__file__)
