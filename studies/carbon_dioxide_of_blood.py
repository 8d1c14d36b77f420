"""How much carbon dioxide arterial and mixed venous blood hold, as in every textbook."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.laws import acid_base

COHORT = "No one: blood of 15 g/dL without excess of base by the laboratory's curves, arterial and mixed venous."
ML_PER_DL = 2.226  # of carbon dioxide, in a blood that holds 1 mmol/L


def held(PCO2: float, SO2: float, Hb: float = 15.0) -> float:
    """Carbon dioxide of whole blood, mL/dL."""
    pH = acid_base.pH_of(PCO2, 0.0, Hb, SO2)
    HCO3 = acid_base.bicarbonate(pH, 0.0, Hb, SO2)
    return ML_PER_DL * acid_base.carbon_dioxide_content(pH, PCO2, HCO3, Hb, SO2)


def experiment(lab: Lab):
    return lambda: {
        "held-arterial": held(40.0, 0.97),
        "held-venous": held(46.0, 0.75),
        "held-difference": held(46.0, 0.75) - held(40.0, 0.97),
    }


if __name__ == "__main__":
    tell(__file__)
