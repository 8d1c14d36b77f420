"""Salih 1987: the left ventricle in a Valsalva manoeuvre, by echocardiogram."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import with_closed_airway
from proband.evidence.scoring.study import tell
from proband.units import mmHg, s

COHORT = "Eight normotensive men: the resting man. The strain is not stated; 40 mmHg is the usual one."


def experiment(lab: Lab):
    person = lab.person("healthy_man", changed=with_closed_airway)
    before = person.measure()
    strain = person.strain(40 * mmHg).wait(8 * s).measure(4 * s)
    person.wait(3 * s).strain(0 * mmHg)
    overshoot = person.wait(5 * s).measure(8 * s)

    def share(after, quantity):
        return 100 * (after(quantity) / before(quantity) - 1)

    return lambda: {
        "salih-esv": share(strain, "left_end_systolic_volume"),
        "salih-edv": share(strain, "left_end_diastolic_volume"),
        "salih-sv": share(strain, "stroke_volume"),
        "salih-co": share(strain, "native_flow"),
        "salih-hr": share(strain, "heart_rate"),
        "salih-hr-4": 100 * (overshoot.least("heart_rate") / before("heart_rate") - 1),
    }


if __name__ == "__main__":
    tell(__file__)
