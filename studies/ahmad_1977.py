"""Ahmad 1977: the left ventricle under 40 mmHg of suction."""

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.study import tell
from proband.units import mmHg, s

COHORT = "12 normal men, echocardiograms: the resting man. No change: mean pressure within 10 %."


def experiment(lab: Lab):
    person = lab.person("healthy_man")
    before = person.measure()
    after = person.suck(40 * mmHg).wait(150 * s).measure(30 * s)
    return lambda: {
        "ahmad-edv": 100 * (after("left_end_diastolic_volume") / before("left_end_diastolic_volume") - 1),
        "ahmad-sv": 100 * (after("stroke_volume") / before("stroke_volume") - 1),
        "ahmad-map": moved(before("mean_arterial"), after("mean_arterial"), "mmHg"),
    }


if __name__ == "__main__":
    tell(__file__)
