"""The Rome ramp test of HeartMate 3, with the right ventricle in view.

38 outpatients, stable for at least six months on the pump. The speed was raised by 100 rpm at a time towards 6,400 rpm; in 30 the test
was stopped by suction, in the other eight by a septum far to the left and an inner diameter below 3 cm; three reached 6,400 rpm. Flow, wedge,
arterial pressure and pulsatility index were compared before the test and at the speed that was set after it. At which speed they came is not told. That
after it was to let the aortic valve open now and then and the septum stand in the middle; but only seven of the 38 had a pulse left at it, so that
here it is the last one without suction."""

import numpy as np

from proband.evidence.scoring import Lab, direction, moved
from proband.evidence.scoring.bodies import with_heartmate3
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.supported import ABOUT, free, in_suction, mean, people, ramps

COHORT = f"38 patients: 40 {ABOUT}. Suction: the console calls it. No change: within 10 %."
SPEEDS = range(5200, 6401, 100)
PEOPLE = 40
SMALL = 35.0  # mL, a ventricle of 3 cm (Teichholz)


def stopped_by(window) -> str:
    if in_suction(window):
        return "suction"
    return "small" if window("left_end_diastolic_volume") < SMALL else ""


def experiment(lab: Lab):
    tests = ramps(lab, people(lab, PEOPLE), SPEEDS, with_heartmate3)

    def done(test):
        return free(test, stopped_by)

    def ends(quantity):
        """The mean at the set speed and at the last one."""
        seen = [d for d in map(done, tests) if len(d) > 1]
        return mean([d[0] for d in seen], quantity), mean([d[-1] for d in seen], quantity)

    def change(quantity):
        first, last = ends(quantity)
        return direction(last - first)

    def why(test):
        """What stopped it."""
        return stopped_by(test[len(done(test))]) if len(done(test)) < len(test) else ""

    return lambda: {
        "rome-flow": change("lvad.estimated_flow"),
        "rome-wedge": change("wedge"),
        "rome-map": moved(*ends("mean_arterial"), "mmHg"),
        "rome-pi": moved(*ends("lvad.pulsatility_index"), "1"),
        "rome-suction": 100 * float(np.mean([why(t) == "suction" for t in tests])),
        # 30 + 8 were stopped, those at 6,400 rpm among them: who was not stopped before has reached it
        "rome-6400": 100 * float(np.mean([len(done(t)) >= len(SPEEDS) - 1 for t in tests])),
    }


if __name__ == "__main__":
    tell(__file__)
