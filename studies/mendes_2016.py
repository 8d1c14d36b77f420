"""Mendes 2016: sweep and carbon dioxide at two blood flows of veno-venous support."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.breathers import BLOOD, breathless_on_veno_venous_ecmo
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "5 apnoeic pigs: no pig lives here, so a man without lungs, and directions alone."


def experiment(lab: Lab):
    low, high = (
        lab.person(
            "healthy_man", {"ecmo.set_flow": 3.5, "ecmo.sweep": sweep, "blood.haemoglobin": 10.0},
            changed=breathless_on_veno_venous_ecmo, watch=(*BLOOD, "ecmo.flow"), settle=240 * s,
        ).measure()
        for sweep in (3.0, 10.0)
    )  # fmt: skip
    return lambda: {"mendes-sweep": direction(high("gas_aorta.PCO2") - low("gas_aorta.PCO2"))}


if __name__ == "__main__":
    tell(__file__)
