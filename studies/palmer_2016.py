"""Palmér 2016: recirculation with drainage from the right atrium and return through the groin."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import from_neck_to_groin
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "14 patients, 108 measurements: the healthy man with 500 mL more of blood, 3.8 L/min."
DRAINED, RETURNED = "ecmo.drainage.dye_concentration", "ecmo.return_line.dye_concentration"


def experiment(lab: Lab):
    values = {"ecmo.set_flow": 3.8, "needle.dose": 0.01}
    w = lab.person(
        "healthy_man", values, changed=from_neck_to_groin, watch=(DRAINED, RETURNED), settle=120 * s
    ).measure()

    def Rf():
        return 100 * w(DRAINED) / w(RETURNED)

    return lambda: {"palmer-multistage": Rf(), "palmer-conventional": Rf()}


if __name__ == "__main__":
    tell(__file__)
