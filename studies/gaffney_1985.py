"""Gaffney 1985: the first quarter of an hour at 5° head down."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Five healthy men of 41 to 48 years: the resting man, lying."


def experiment(lab: Lab):
    person = lab.person("healthy_man")
    flat, down = person.measure(60 * s), person.tilt(-5).wait(840 * s).measure(60 * s)
    return lambda: {
        "gaffney-sv": down("stroke_volume") - flat("stroke_volume"),
        "gaffney-co": down("cardiac_output") - flat("cardiac_output"),
    }


if __name__ == "__main__":
    tell(__file__)
