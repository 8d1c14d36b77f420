"""Hainsworth 1988: tilt to 60° of healthy people, measured without a needle, once the answer was steady (reached within 4 to 6 min)."""

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.bodies import ARM, arm
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Healthy adults from 20 to 80 years: the resting man. No change at 20°: heart rate within 10 %."


def experiment(lab: Lab):
    steep, gentle = lab.person("healthy_man", watch=[ARM]), lab.person("healthy_man")
    before, flat = steep.measure_pulses(), gentle.measure()
    after = steep.tilt(60).wait(360 * s).measure_pulses(30 * s)
    raised = gentle.tilt(20).wait(360 * s).measure(30 * s)
    return lambda: {
        "hainsworth-co": after("cardiac_output") - before("cardiac_output"),
        "hainsworth-hr": after("heart_rate") - before("heart_rate"),
        "hainsworth-sbp": arm(after, "systolic", 60) - arm(before, "systolic"),
        "hainsworth-dbp": arm(after, "diastolic", 60) - arm(before, "diastolic"),
        "hainsworth-20-hr": moved(flat("heart_rate"), raised("heart_rate"), "1/min"),
    }


if __name__ == "__main__":
    tell(__file__)
