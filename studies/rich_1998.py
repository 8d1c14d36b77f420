"""Rich 1998: the same patients drained through the groin and from the atrium: oxygen in the pulmonary artery."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import BLOOD, IN_DISTRESS, RESTED_LUNGS, ventilated_on
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Nine patients with distress: the ventilated man with distress and its high output, from the lower to the upper cava at 5.0 L/min, and from the atrium to the lower cava at 4.6 L/min, as they had; lungs at rest."


from_the_groin = ventilated_on("vena_cava_inferior", "vena_cava_superior", gases=True)
from_the_atrium = ventilated_on("right_atrium", "vena_cava_inferior", gases=True)


def experiment(lab: Lab):
    def on(change, flow):
        rows = {**RESTED_LUNGS, "ecmo.set_flow": flow}
        return lab.person(IN_DISTRESS, rows, changed=change, watch=(*BLOOD, "ecmo.flow"), settle=600 * s).measure()

    groin, atrium = on(from_the_groin, 5.0), on(from_the_atrium, 4.6)
    return lambda: {"rich-fa": groin("gas_pulmonary_artery.SO2"), "rich-af": atrium("gas_pulmonary_artery.SO2")}


if __name__ == "__main__":
    tell(__file__)
