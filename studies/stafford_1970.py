"""Stafford 1970: ejection shortens on tilt, more than the faster heart alone explains."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = (
    "15 normal subjects: the resting man, tilted to 60°. Corrected for the heart rate by 1.7 ms per 1/min, as is usual."
)


def ejection(w):
    """Ejection time in ms as it would be at rate zero."""
    return w("valve_open") / 100 * 60_000 / w("heart_rate") + 1.7 * w("heart_rate")


def experiment(lab: Lab):
    person = lab.person("healthy_man")
    before = person.measure()
    after = person.tilt(60).wait(120 * s).measure()
    return lambda: {"stafford-lvet": direction(ejection(after) - ejection(before))}


if __name__ == "__main__":
    tell(__file__)
