"""Aortic flow in the Valsalva manoeuvre (Circulation 1967)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import with_closed_airway
from proband.evidence.scoring.study import tell
from proband.units import mmHg, s

COHORT = "Eight normal subjects: the resting man, 40 mmHg for 15 s."


def experiment(lab: Lab):
    person = lab.person("healthy_man", changed=with_closed_airway)
    before = person.measure()
    last = person.strain(40 * mmHg).wait(12 * s).measure(3 * s)
    return lambda: {"greenfield-sv": 100 * (last("stroke_volume") / before("stroke_volume") - 1)}


if __name__ == "__main__":
    tell(__file__)
