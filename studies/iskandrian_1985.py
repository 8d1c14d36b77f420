"""Iskandrian 1985: systolic pressure over end-systolic volume, sound and with a leaking aortic valve."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import surface
from proband.evidence.scoring.study import tell

COHORT = (
    "15 normal subjects and 21 patients with aortic regurgitation: the resting man and severe aortic regurgitation."
)


def experiment(lab: Lab):
    seen = {sheet: lab.person(sheet).measure() for sheet in ("healthy_man", "aortic_regurgitation")}

    def ratio(sheet):
        w = seen[sheet]
        return w("systolic") / (w("left_end_systolic_volume") / surface(sheet))

    return lambda: {"iskandrian-normal": ratio("healthy_man"), "iskandrian-ar": ratio("aortic_regurgitation")}


if __name__ == "__main__":
    tell(__file__)
