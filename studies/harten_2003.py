"""Harten 2003: what pure oxygen does to heart and vessels of people who are awake."""

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.breathers import RESTED, WATCH
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "15 healthy volunteers who breathed more oxygen step by step, from air to pure: the man who breathes, with their heart rate at rest, five minutes at each step (assumed: four steps of a fifth; the abstract tells neither how many nor how long)."
STEPS = (0.4, 0.6, 0.8, 1.0)
PERIOD = 0.585  # s, of the sinus node without nerves: 77.3 beats a minute in air


def experiment(lab: Lab):
    person = lab.person("breathing_man", {"sinus_nerves.T_0": PERIOD}, watch=WATCH, settle=RESTED)
    before = person.measure(60 * s)
    after = [person.breathe(oxygen, 0.0).wait(240 * s).measure(60 * s) for oxygen in STEPS][-1]

    def resistance(w):
        return (w("mean_arterial") - w("central_venous")) / w("cardiac_output")

    def change(quantity):
        return 100 * (after(quantity) / before(quantity) - 1)

    return lambda: {
        "harten-index": change("cardiac_output"),
        "harten-rate": change("heart_rate"),
        "harten-resistance": 100 * (resistance(after) / resistance(before) - 1),
        "harten-pressure": moved(before("mean_arterial"), after("mean_arterial"), "mmHg"),
    }


if __name__ == "__main__":
    tell(__file__)
