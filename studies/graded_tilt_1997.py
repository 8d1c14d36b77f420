"""Graded tilt of eight men, 3 min an angle (Clin Auton Res 1997)."""

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Eight men: the resting man. No change at 20°: mean pressure within 10 %."


def experiment(lab: Lab):
    steep, gentle = lab.person("healthy_man"), lab.person("healthy_man")
    before, flat = steep.measure(), gentle.measure()
    after, raised = steep.tilt(55).wait(150 * s).measure(30 * s), gentle.tilt(20).wait(150 * s).measure(30 * s)

    def change(quantity):
        return 100 * (after(quantity) / before(quantity) - 1)

    return lambda: {
        "graded-55-map": change("mean_arterial"),
        "graded-55-hr": change("heart_rate"),
        "graded-55-sv": change("stroke_volume"),
        "graded-20-map": moved(flat("mean_arterial"), raised("mean_arterial"), "mmHg"),
    }


if __name__ == "__main__":
    tell(__file__)
