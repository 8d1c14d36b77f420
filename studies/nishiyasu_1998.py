"""Nishiyasu 1998: pressure around the lower body, lying and upright.

Only the least of three pressures, as more sets off receptors of the compressed muscles, which no one here has. Upright is 70° (assumed), and each
stage 3 min (assumed)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import ARM, arm
from proband.evidence.scoring.study import tell
from proband.units import mmHg, s

COHORT = "Eight people at rest: the young adult."


def experiment(lab: Lab):
    seen = {}
    for angle in (0, 70):
        person = lab.person("healthy_young", watch=(ARM,))
        before = person.tilt(angle).wait(280 * s).measure()
        seen[angle] = before, person.suck(-25 * mmHg).wait(160 * s).measure()

    def change(angle):
        before, after = seen[angle]
        return arm(after, "mean", angle) - arm(before, "mean", angle)

    return lambda: {"nishiyasu-supine": change(0), "nishiyasu-upright": change(70)}


if __name__ == "__main__":
    tell(__file__)
