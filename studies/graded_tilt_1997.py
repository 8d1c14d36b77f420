"""Graded tilt of eight men, 3 min an angle (Clin Auton Res 1997): the plateau, which begins after 90 s, by a finger held at the heart's height."""

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.bodies import ARM, arm
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Eight men: the resting man. No change at 20°: mean pressure within 10 %."


def experiment(lab: Lab):
    steep, gentle = lab.person("healthy_man", watch=[ARM]), lab.person("healthy_man", watch=[ARM])
    before, flat = steep.measure(), gentle.measure()
    after, raised = steep.tilt(55).wait(90 * s).measure(90 * s), gentle.tilt(20).wait(90 * s).measure(90 * s)

    def change(quantity):
        return 100 * (after(quantity) / before(quantity) - 1)

    return lambda: {
        "graded-55-map": 100 * (arm(after, "mean", 55) / arm(before, "mean") - 1),
        "graded-55-hr": change("heart_rate"),
        "graded-55-sv": change("stroke_volume"),
        "graded-20-map": moved(arm(flat, "mean"), arm(raised, "mean", 20), "mmHg"),
    }


if __name__ == "__main__":
    tell(__file__)
