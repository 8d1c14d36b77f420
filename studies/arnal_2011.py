"""Arnal 2011: arterial pressure while the lungs are held at 40 cmH2O for 30 s."""

from proband.evidence.scoring import Lab, direction, moved
from proband.evidence.scoring.breathers import WATCH, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Patients with acute respiratory distress: the man with moderate distress at PEEP 5."
SETTINGS = {"ventilator.tidal_volume": 420.0, "ventilator.set_rate": 20.0, "ventilator.oxygen": 0.6}


def experiment(lab: Lab):
    person = lab.person("ards_moderate", SETTINGS, changed=ventilated, watch=WATCH, settle=200 * s)
    before = person.measure(10 * s)
    during = person.set("ventilator.recruit", 1.0).wait(9 * s).measure(5 * s)
    after = person.set("ventilator.recruit", 0.0).wait(41 * s).measure(10 * s)
    return lambda: {
        "arnal-during": direction(during("mean_arterial") - before("mean_arterial")),
        "arnal-after": moved(before("mean_arterial"), after("mean_arterial"), "mmHg"),
    }


if __name__ == "__main__":
    tell(__file__)
