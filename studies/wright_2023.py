"""Wright 2023: the left heart in a Mueller manoeuvre."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import with_closed_airway
from proband.evidence.scoring.study import tell
from proband.model import Body
from proband.patients.size import resized
from proband.units import cmH2O, s

COHORT = (
    "10 men and 9 women of 24 years: the young adult, and one of a woman's size. The mouth pressure of −30 cmH2O is the chest's; the diaphragm that makes it presses on the abdomen "
    "by two thirds as much, as in untrained people who make a Mueller manoeuvre (Laporta & Grassino 1985: pleural over transdiaphragmatic "
    "pressure 0.6; of maximal efforts, and it varies much from one to another: De Troyer & Estenne 1981)."
)
MEN, WOMEN = 10, 9
SIZE = 0.827  # of a woman: the ratio of surfaces to the power 1.5, as in the resting woman's sheet


def of_a_womans_size(body: Body) -> Body:
    """With the mouth shut, too."""
    return resized(with_closed_airway(body), SIZE)


def sucking(lab: Lab, changed):
    """Before the manoeuvre, and late in it."""
    person = lab.person("healthy_young", changed=changed, watch=["left_atrium.volume"])
    return person.measure(), person.strain(-30 * cmH2O, abdomen=-2 / 3).wait(9 * s).measure(6 * s)


def experiment(lab: Lab):
    man, woman = sucking(lab, with_closed_airway), sucking(lab, of_a_womans_size)

    def change(read):
        """Of all who were there."""
        each = [read(late) - read(before) for before, late in (man, woman)]
        return (MEN * each[0] + WOMEN * each[1]) / (MEN + WOMEN)

    return lambda: {
        "wright-sv": change(lambda window: window("stroke_volume")),
        "wright-edv": change(lambda window: window("left_end_diastolic_volume")),
        "wright-la": change(lambda window: window.most("left_atrium.volume")),
    }


if __name__ == "__main__":
    tell(__file__)
