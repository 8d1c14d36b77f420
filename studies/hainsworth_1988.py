"""Hainsworth 1988: tilt to 60° of healthy people, measured without a needle, once the answer was steady (reached within 4 to 6 min)."""

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.bodies import ARM, arm
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Healthy adults in four groups of age from 20 to 80 years: the young adult for the first, the resting man for the others. No change at 20°: heart rate within 10 %."


def experiment(lab: Lab):
    seen = []
    for sheet, groups in (("healthy_young", 1), ("healthy_man", 3)):
        steep, gentle = lab.person(sheet, watch=[ARM]), lab.person(sheet)
        before, flat = steep.measure_pulses(), gentle.measure()
        after = steep.tilt(60).wait(360 * s).measure_pulses(30 * s)
        seen.append((groups, before, after, flat, gentle.tilt(20).wait(360 * s).measure(30 * s)))

    def over_ages(read):
        """The mean over the groups of what is read of (before, at 60°, flat, at 20°)."""
        return sum(groups * read(*windows) for groups, *windows in seen) / sum(groups for groups, *_ in seen)

    return lambda: {
        "hainsworth-co": over_ages(lambda before, after, *_: after("cardiac_output") - before("cardiac_output")),
        "hainsworth-hr": over_ages(lambda before, after, *_: after("heart_rate") - before("heart_rate")),
        "hainsworth-sbp": over_ages(lambda before, after, *_: arm(after, "systolic", 60) - arm(before, "systolic")),
        "hainsworth-dbp": over_ages(lambda before, after, *_: arm(after, "diastolic", 60) - arm(before, "diastolic")),
        "hainsworth-20-hr": moved(
            over_ages(lambda _before, _after, flat, _raised: flat("heart_rate")),
            over_ages(lambda _before, _after, _flat, raised: raised("heart_rate")),
            "1/min",
        ),
    }


if __name__ == "__main__":
    tell(__file__)
