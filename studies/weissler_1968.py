"""Weissler 1968: the failing ventricle ejects for a shorter time."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.study import tell

COHORT = "Patients in failure and 211 normal subjects: moderate heart failure and the resting man, corrected by 1.7 ms per 1/min."


def ejection(w):
    """Ejection time in ms as it would be at rate zero."""
    return w("valve_open") / 100 * 60_000 / w("heart_rate") + 1.7 * w("heart_rate")


def experiment(lab: Lab):
    well, ill = (lab.person(sheet).measure() for sheet in ("healthy_man", "hfref_moderate"))
    return lambda: {"weissler-lvet": direction(ejection(ill) - ejection(well))}


if __name__ == "__main__":
    tell(__file__)
