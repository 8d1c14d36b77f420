"""Nixon 1982: the left ventricle over a wide range of filling, head down and under suction.

The abstract tells the angle of the tilt, 5°, and neither how long it lasted nor how long the men had lain before: here 5 min each way at most."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.units import mmHg, s

COHORT = "12 young men, echocardiograms: the young adult."


def experiment(lab: Lab):
    down, sucked = lab.person("healthy_young"), lab.person("healthy_young")
    flat, rest = down.measure(), sucked.measure()
    low = down.tilt(-5).wait(270 * s).measure(30 * s)
    empty = sucked.suck(40 * mmHg).wait(150 * s).measure(30 * s)

    def share(after, before, quantity):
        return 100 * (after(quantity) / before(quantity) - 1)

    return lambda: {
        "nixon-down-edv": share(low, flat, "left_end_diastolic_volume"),
        "nixon-down-sv": share(low, flat, "stroke_volume"),
        "nixon-down-ef": share(low, flat, "ejection_fraction"),
        "nixon-down-hr": low("heart_rate") - flat("heart_rate"),
        "nixon-suction-edv": share(empty, rest, "left_end_diastolic_volume"),
        "nixon-suction-esv": share(empty, rest, "left_end_systolic_volume"),
        "nixon-suction-sv": share(empty, rest, "stroke_volume"),
        "nixon-suction-hr": empty("heart_rate") - rest("heart_rate"),
        "nixon-suction-sbp": empty("systolic") - rest("systolic"),
    }


if __name__ == "__main__":
    tell(__file__)
