"""Tilting patients who carry an HVAD: two minutes each of 30, 60 and 80 degrees, lying between."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import PUMP, with_hvad
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.supported import ABOUT, PATIENT, at_speed, mean, people
from proband.units import s

PEOPLE = 20
SPEED = 2655.0
ANGLES = (30, 60, 80)
COHORT = f"Nine patients with HVAD at 2,655 ± 88 rpm: {PEOPLE} {ABOUT}, all at the mean speed. Flow is the console's, as theirs was; before and between the tilts they lie for two minutes (theirs moved their feet). A valve that opens less than 2 % of the time is shut."
SHUT = 2.0  # %


def experiment(lab: Lab):
    watch = ("lvad.estimated_flow", "monitor.valve_open", *PUMP)

    def tilted(rows):
        person = lab.person(PATIENT, {**rows, **at_speed(SPEED)}, changed=with_hvad, watch=watch)
        lying = person.measure(30 * s)
        up = [
            person.tilt(angle).wait(100 * s).measure(20 * s) for angle in ANGLES for _ in [person.tilt(0).wait(120 * s)]
        ]
        return lying, up

    seen = [tilted(rows) for rows in people(lab, PEOPLE)]

    def results():
        lying = mean([rest for rest, _ in seen], "lvad.estimated_flow")
        shut = float(np.mean([rest("valve_open") < SHUT for rest, _ in seen]))
        return {
            "hvad-tilt-rest": lying,
            "hvad-tilt-valve": 100 * shut,
            **{
                f"hvad-tilt-{a}": mean([up[i] for _, up in seen], "lvad.estimated_flow") - lying
                for i, a in enumerate(ANGLES)
            },
        }

    return results


if __name__ == "__main__":
    tell(__file__)
