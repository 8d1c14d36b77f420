"""Uriel 2016: ramp tests with a catheter in the right heart."""

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.bodies import with_heartmate2, with_hvad
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.supported import ABOUT, free, mean, people, ramps

PEOPLE = 40
COHORT = (
    f"21 patients on HeartMate II and 14 on HVAD, up to 9 speeds: {PEOPLE} {ABOUT}, each with the one pump and with the other, "
    "weighed 21 : 14. Each from the lowest speed to the highest before suction. No change: within 10 % or 3 mmHg."
)
RAMPS = ((with_heartmate2, range(8000, 11201, 400), 21), (with_hvad, range(2300, 3101, 100), 14))


def experiment(lab: Lab):
    persons = people(lab, PEOPLE)
    tests = [(ramps(lab, persons, speeds, attach), patients) for attach, speeds, patients in RAMPS]

    def ends(quantity):
        """The mean at the lowest speed and at the last one."""
        first = last = 0.0
        for pump, patients in tests:
            seen = [free(t) or t[:1] for t in pump]
            first += patients / 35 * mean([w[0] for w in seen], quantity)
            last += patients / 35 * mean([w[-1] for w in seen], quantity)
        return first, last

    def change(quantity):
        first, last = ends(quantity)
        return last - first

    return lambda: {
        "uriel-co": change("cardiac_output"),
        "uriel-wedge": change("wedge"),
        "uriel-cvp": moved(*ends("central_venous"), "mmHg"),
        "uriel-sbp": moved(*ends("systolic"), "mmHg"),
    }


if __name__ == "__main__":
    tell(__file__)
