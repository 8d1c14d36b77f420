"""Eight volunteers lose 950 g of blood; their heart rate does not change significantly."""

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.study import tell
from proband.units import mL, s

COHORT = "Eight awake adults lying: the young adult. 950 g are 896 mL. No change: within 10 %."


def experiment(lab: Lab):
    donor = lab.person("healthy_young")
    before = donor.measure()
    after = donor.bleed(896 * mL, over=300 * s).wait(60 * s).measure(30 * s)
    return lambda: {"bleed950-hr": moved(before("heart_rate"), after("heart_rate"), "1/min")}


if __name__ == "__main__":
    tell(__file__)
