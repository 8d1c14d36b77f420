"""Pressure around the lower body, lying (Am J Physiol 1993 265:H69).

Beyond 20 mmHg the authors find receptors of the compressed muscles at work. How long each stage lasted is not told; 3 min are assumed."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import ARM, arm
from proband.evidence.scoring.study import tell
from proband.units import mmHg, s

COHORT = "14 young men: the young adult."


def experiment(lab: Lab):
    person = lab.person("healthy_young", watch=(ARM,))
    rest = person.measure()
    five = person.suck(-5 * mmHg).wait(160 * s).measure()
    twenty = person.suck(-20 * mmHg).wait(160 * s).measure()
    return lambda: {
        "lbpp-cvp": five("central_venous") - rest("central_venous"),
        "lbpp-map": arm(twenty, "mean") - arm(rest, "mean"),
    }


if __name__ == "__main__":
    tell(__file__)
