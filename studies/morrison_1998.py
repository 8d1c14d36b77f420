"""Morrison 1998: how long it takes until the gas that children expire holds 90 % of oxygen."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import (
    CHILD,
    OXYGEN_AT_THE_MOUTH,
    PALE,
    PALER,
    of_three_and_a_half,
    seconds_to_nine_tenths,
)
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "58 healthy children in five groups of age, through a mask on a paediatric circuit: the child of six years and 20 kg, and a small one of three and a half; their masks add nothing to the dead space (assumed: some 10 mL that the face fills). All of the study's ranges are whole tens of seconds: read every ten (inferred), and so five late in the mean."
LATE = 5.0  # s


def experiment(lab: Lab):
    told = {"watch": (OXYGEN_AT_THE_MOUTH,), "settle": 180 * s}
    larger = lab.person(CHILD, {"blood.haemoglobin": PALE}, **told)
    smaller = lab.person(CHILD, {"blood.haemoglobin": PALER}, changed=of_three_and_a_half, **told)
    five, three = (seconds_to_nine_tenths(child.breathe(1.0, 0.0)) for child in (larger, smaller))
    return lambda: {"morrison-five": five() + LATE, "morrison-three": three() + LATE}


if __name__ == "__main__":
    tell(__file__)
