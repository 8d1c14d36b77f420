"""Wright 2023: the left heart in a Mueller manoeuvre."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import with_closed_airway
from proband.evidence.scoring.study import tell
from proband.units import cmH2O, s

COHORT = (
    "19 adults of 24 years: the young adult. The mouth pressure of −30 cmH2O is the chest's; the diaphragm that makes it presses on the abdomen "
    "by two thirds as much, as in untrained people who make a Mueller manoeuvre (Laporta & Grassino 1985: pleural over transdiaphragmatic "
    "pressure 0.6; of maximal efforts, and it varies much from one to another: De Troyer & Estenne 1981)."
)


def experiment(lab: Lab):
    person = lab.person("healthy_young", changed=with_closed_airway, watch=["left_atrium.volume"])
    before = person.measure()
    late = person.strain(-30 * cmH2O, abdomen=-2 / 3).wait(9 * s).measure(6 * s)
    return lambda: {
        "wright-sv": late("stroke_volume") - before("stroke_volume"),
        "wright-edv": late("left_end_diastolic_volume") - before("left_end_diastolic_volume"),
        "wright-la": late.most("left_atrium.volume") - before.most("left_atrium.volume"),
    }


if __name__ == "__main__":
    tell(__file__)
