"""Nishiyasu 1998: pressure around the lower body, lying and upright.

50 and 75 mmHg set how strongly receptors of the squeezed muscles answer, 25 mmHg did not. Upright is 70° (assumed), and each stage 3 min (assumed)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import ARM, arm
from proband.evidence.scoring.study import tell
from proband.units import mmHg, s

COHORT = "Eight people at rest: the young adult."


def experiment(lab: Lab):
    seen = {}
    for posture, angle in (("supine", 0), ("upright", 70)):
        for pressure, name in ((25, posture), (50, f"{posture}-50"), (75, f"{posture}-75")):
            person = lab.person("healthy_young", watch=(ARM,))
            before = person.tilt(angle).wait(280 * s).measure()
            seen[name] = angle, before, person.suck(-pressure * mmHg).wait(160 * s).measure()

    def change(angle, before, after):
        return arm(after, "mean", angle) - arm(before, "mean", angle)

    return lambda: {f"nishiyasu-{name}": change(*at) for name, at in seen.items()}


if __name__ == "__main__":
    tell(__file__)
