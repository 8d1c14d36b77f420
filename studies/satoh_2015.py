"""Satoh 2015: arterial less end-tidal carbon dioxide under anaesthesia, by age."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import RESTED, WATCH, needing, ventilated_by_mask
from proband.evidence.scoring.study import tell

COHORT = "Patients of 46 to 55 years without severe disease, lying, ventilated: the anaesthetised man of 45 years, 8 mL/kg twelve times a minute for twenty minutes (assumed); under anaesthesia he needs 0.85 of the oxygen (Nunn)."


def experiment(lab: Lab):
    settings = {"ventilator.tidal_volume": 580.0, "ventilator.set_rate": 12.0}
    settings |= needing(lab.body("anaesthetised"), 0.85)
    w = lab.person("anaesthetised", settings, changed=ventilated_by_mask, watch=WATCH, settle=RESTED).measure()
    return lambda: {"satoh-difference": w("gas_aorta.PCO2") - w("capnograph.end_tidal")}


if __name__ == "__main__":
    tell(__file__)
