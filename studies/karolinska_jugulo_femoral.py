"""Recirculation from neck to groin: ultrasound dilution at Karolinska."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import from_neck_and_cava_to_groin
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "18 patients, 231 measurements, 3.57 L/min: the healthy man with 500 mL more of blood; a multistage cannula, which drains the superior cava and the atrium."
DRAINED, RETURNED = "ecmo.drainage.dye_concentration", "ecmo.return_line.dye_concentration"


def experiment(lab: Lab):
    values = {"ecmo.set_flow": 3.57, "needle.dose": 0.01}
    w = lab.person(
        "healthy_man", values, changed=from_neck_and_cava_to_groin, watch=(DRAINED, RETURNED), settle=120 * s
    ).measure()

    def Rf():
        return 100 * w(DRAINED) / w(RETURNED)

    return lambda: {"karolinska-recirculation": Rf()}


if __name__ == "__main__":
    tell(__file__)
