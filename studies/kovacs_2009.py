"""Kovacs 2009: pressure in the pulmonary artery, lying and upright."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.model import Body
from proband.units import s

COHORT = "1,187 healthy people of all ages: the resting man, lying, and upright with the legs as they hang from a chair or a bicycle, where most were measured."


def seated(body: Body) -> Body:
    """Thighs level with the hip: the blood of the legs lies half as far below it as in one who stands."""
    legs = ("iliac_arteries.drop", "femoral_veins.drop")
    return body.with_values({row: 0.5 * body.value(row) for row in legs})


def experiment(lab: Lab):
    supine = lab.person("healthy_man").measure()
    upright = lab.person("healthy_man", changed=seated).tilt(90).wait(120 * s).measure()
    return lambda: {"kovacs-supine": supine("pulmonary_mean"), "kovacs-upright": upright("pulmonary_mean")}


if __name__ == "__main__":
    tell(__file__)
