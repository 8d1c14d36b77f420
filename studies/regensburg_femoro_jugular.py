"""Recirculation from groin to neck: ultrasound dilution in Regensburg."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import from_groin_to_neck
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "37 patients, 595 measurements, 3.01 L/min: the healthy man with 500 mL more of blood."
DRAINED, RETURNED = "ecmo.drainage.dye_concentration", "ecmo.return_line.dye_concentration"


def experiment(lab: Lab):
    values = {"ecmo.set_flow": 3.01, "needle.dose": 0.01}
    w = lab.person(
        "healthy_man", values, changed=from_groin_to_neck, watch=(DRAINED, RETURNED), settle=120 * s
    ).measure()

    def Rf():
        return 100 * w(DRAINED) / w(RETURNED)

    return lambda: {"regensburg-recirculation": Rf()}


if __name__ == "__main__":
    tell(__file__)
