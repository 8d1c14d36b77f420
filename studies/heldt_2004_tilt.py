"""Heldt 2004, Table 7.2: rapid tilt to 75°. The steady state is that 140 s after its onset, as in his paper on ten people (2003 Comput Cardiol)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import ARM, arm
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Ten adults: the young adult, with their heart rate at rest."
PERIOD = 0.826  # s, of the sinus node without nerves: 67.2 beats a minute at rest


def experiment(lab: Lab):
    person = lab.person("healthy_young", {"sinus_nerves.T_0": PERIOD}, watch=[ARM])
    before = person.measure_pulses()
    after = person.tilt(75).wait(130 * s).measure_pulses()
    return lambda: {
        "heldt-tilt-hr-rest": before("heart_rate"),
        "heldt-tilt-hr": after("heart_rate") - before("heart_rate"),
        "heldt-tilt-map": arm(after, "mean", 75) - arm(before, "mean"),
        "heldt-tilt-sap": arm(after, "systolic", 75) - arm(before, "systolic"),
        "heldt-tilt-dap": arm(after, "diastolic", 75) - arm(before, "diastolic"),
    }


if __name__ == "__main__":
    tell(__file__)
