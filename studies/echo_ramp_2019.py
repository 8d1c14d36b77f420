"""Volumes of both ventricles by three-dimensional echo while HeartMate 3 speeds up (J Card Fail 2019)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import with_heartmate3
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.supported import ABOUT, free, mean, people, ramps

PEOPLE = 8
SPEEDS = range(4600, 6201, 100)
COHORT = f"Eight of 16 patients: {PEOPLE} {ABOUT}, from 4,600 rpm to the last speed without suction, at most 6,200 rpm."
ROWS = {
    "lv-edv": "left_end_diastolic_volume",
    "lv-esv": "left_end_systolic_volume",
    "rv-edv": "right_end_diastolic_volume",
    "rv-esv": "right_end_systolic_volume",
}


def experiment(lab: Lab):
    tests = ramps(lab, people(lab, PEOPLE), SPEEDS, with_heartmate3)

    def results():
        seen = [steps for steps in map(free, tests) if steps]
        ends = {"low": [steps[0] for steps in seen], "high": [steps[-1] for steps in seen]}
        return {
            f"echo-ramp-{at}-{short}": mean(w, quantity) for at, w in ends.items() for short, quantity in ROWS.items()
        }

    return results


if __name__ == "__main__":
    tell(__file__)
