"""Heusser 2021: output and pressure of patients before and after a pump was implanted.

Before they are the man with severe failure; after it he who has carried a pump for months, on each make at its usual speed, in the proportions of the study."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import ARM, arm, with_heartmate2, with_heartmate3, with_hvad
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.supported import PATIENT

COHORT = "Eight patients: the man with severe failure, and the supported patient on HVAD (counts four times), HeartMate II and HeartMate 3 (twice each), each at its data sheet's speed; pressures of the arm."
MAKES = ((with_hvad, 4), (with_heartmate2, 2), (with_heartmate3, 2))
READ = {
    "co": lambda window: window("cardiac_output"),
    "map": lambda window: arm(window, "mean"),
    "pp": lambda window: arm(window, "systolic") - arm(window, "diastolic"),
}


def experiment(lab: Lab):
    before = lab.person("hfref_severe", watch=(ARM,)).measure()
    after = [(lab.person(PATIENT, changed=make, watch=("lvad.flow", ARM)).measure(), count) for make, count in MAKES]
    everyone = sum(count for _, count in after)

    def change(read):
        return sum(count * read(window) for window, count in after) / everyone - read(before)

    return lambda: {f"heusser-{short}": change(read) for short, read in READ.items()}


if __name__ == "__main__":
    tell(__file__)
