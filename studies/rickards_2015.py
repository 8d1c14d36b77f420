"""PMC4747890: stroke volume and venous pressure from stage to stage of bleeding and of suction."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.units import mL, mmHg, s

COHORT = "Nine young men lying, 5 min a stage: the young adult."


def experiment(lab: Lab):
    bled, sucked = lab.person("healthy_young"), lab.person("healthy_young")
    bleed, suction = [], []
    for stage in (1, 2, 3):
        bleed.append(bled.bleed(1000 / 3 * mL, over=240 * s).wait(30 * s).measure(30 * s))
        suction.append(sucked.suck(15 * stage * mmHg).wait(270 * s).measure(30 * s))

    def step(stages, quantity, begin, end):
        return stages[end - 1](quantity) - stages[begin - 1](quantity)

    return lambda: {
        "rickards-bleed-sv-2": step(bleed, "stroke_volume", 1, 2),
        "rickards-bleed-sv-3": step(bleed, "stroke_volume", 2, 3),
        "rickards-suction-sv-2": step(suction, "stroke_volume", 1, 2),
        "rickards-suction-sv-3": step(suction, "stroke_volume", 2, 3),
        "rickards-bleed-cvp": step(bleed, "central_venous", 1, 3),
        "rickards-suction-cvp": step(suction, "central_venous", 1, 3),
    }


if __name__ == "__main__":
    tell(__file__)
