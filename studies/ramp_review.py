"""A review of ramp tests: what a step of speed adds to the output."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import PUMP, with_heartmate2, with_hvad
from proband.evidence.scoring.study import tell

COHORT = "Patients in ramp tests: the supported patient, two steps around the usual speeds (9,000 and 2,600 rpm)."


def experiment(lab: Lab):
    def at(attach, speed):
        return lab.person("hfref_supported", {"lvad.speed": speed}, changed=attach, watch=PUMP).measure()

    hm2 = at(with_heartmate2, 8600), at(with_heartmate2, 9400)
    hvad = at(with_hvad, 2470), at(with_hvad, 2730)
    return lambda: {
        "ramp-hm2-co": (hm2[1]("cardiac_output") - hm2[0]("cardiac_output")) / 2,
        "ramp-hvad-co": (hvad[1]("cardiac_output") - hvad[0]("cardiac_output")) / 2,
    }


if __name__ == "__main__":
    tell(__file__)
