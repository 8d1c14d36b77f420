"""Leonetti 2004: a blood donation of 375 mL in 6.4 minutes."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.units import mL, s

COHORT = "12 adults with a normal heart, lying: the young adult, whose rest and whose stroke volume after the bleed were fitted to it, with their heart rate at rest."
PERIOD = 0.695  # s, of the sinus node without nerves: 75.2 beats a minute at rest


def experiment(lab: Lab):
    donor = lab.person("healthy_young", {"sinus_nerves.T_0": PERIOD})
    before = donor.measure()
    after = donor.bleed(375 * mL, over=384 * s).measure(30 * s)
    return lambda: {
        "leonetti-sv-rest": before("stroke_volume"),
        "leonetti-pp-rest": before("pulse_pressure"),
        "leonetti-hr-rest": before("heart_rate"),
        "leonetti-sv": after("stroke_volume") - before("stroke_volume"),
        "leonetti-pp": after("pulse_pressure") - before("pulse_pressure"),
        "leonetti-hr": after("heart_rate") - before("heart_rate"),
    }


if __name__ == "__main__":
    tell(__file__)
