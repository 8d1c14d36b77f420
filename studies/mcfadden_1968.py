"""McFadden & Lyons 1968: blood gases in acute asthma."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.breathers import WATCH
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "101 patients during acute attacks: the woman with acute severe asthma, against the man who breathes."


def experiment(lab: Lab):
    ill = lab.person("asthma", watch=WATCH, settle=220 * s).measure()
    well = lab.person("breathing_man", watch=WATCH, settle=200 * s).measure()
    return lambda: {
        "mcfadden-oxygen": direction(ill("gas_aorta.PO2") - well("gas_aorta.PO2")),
        "mcfadden-co2": direction(ill("gas_aorta.PCO2") - well("gas_aorta.PCO2")),
    }


if __name__ == "__main__":
    tell(__file__)
