"""Head-down tilt of ten healthy men (2022): a lying heart is full enough, its stroke volume stays."""

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Ten healthy men: the young adult, head down by 20° (the angle is not in the abstract). No change: within 10 % or 5 mL."


def experiment(lab: Lab):
    person = lab.person("healthy_young")
    before = person.measure()
    after = person.tilt(-20).wait(150 * s).measure(30 * s)
    return lambda: {"headdown-sv": moved(before("stroke_volume"), after("stroke_volume"), "mL")}


if __name__ == "__main__":
    tell(__file__)
