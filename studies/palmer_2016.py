"""Palmér 2016: recirculation with drainage from the right atrium and return through the groin."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import from_neck_and_cava_to_groin, from_neck_to_groin
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "14 patients, 108 measurements: the healthy man with 500 mL more of blood, 3.8 L/min. A tip drains the atrium; holes along the cannula drain the superior cava too."
DRAINED, RETURNED = "ecmo.drainage.dye_concentration", "ecmo.return_line.dye_concentration"


def experiment(lab: Lab):
    values = {"ecmo.set_flow": 3.8, "needle.dose": 0.01}

    def person(change):
        return lab.person("healthy_man", values, changed=change, watch=(DRAINED, RETURNED), settle=120 * s).measure()

    tip, holes = person(from_neck_to_groin), person(from_neck_and_cava_to_groin)
    return lambda: {
        "palmer-conventional": 100 * tip(DRAINED) / tip(RETURNED),
        "palmer-multistage": 100 * holes(DRAINED) / holes(RETURNED),
    }


if __name__ == "__main__":
    tell(__file__)
