"""Kovacs 2009: pressure in the pulmonary artery, lying and upright."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "1,187 healthy people of all ages: the resting man, lying and tilted to 70°."


def experiment(lab: Lab):
    man = lab.person("healthy_man")
    supine = man.measure()
    upright = man.tilt(70).wait(120 * s).measure()
    return lambda: {"kovacs-supine": supine("pulmonary_mean"), "kovacs-upright": upright("pulmonary_mean")}


if __name__ == "__main__":
    tell(__file__)
