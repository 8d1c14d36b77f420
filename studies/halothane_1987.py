"""Arterial less end-tidal carbon dioxide under halothane (Korean J Anesthesiol 1987)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import RESTED, WATCH, needing, ventilated_by_mask
from proband.evidence.scoring.study import tell

COHORT = "61 healthy patients of 21 to 40 years, ventilated: the anaesthetised man, 10 mL/kg ten times a minute for twenty minutes (assumed); under anaesthesia he needs 0.85 of the oxygen (Nunn)."


def experiment(lab: Lab):
    settings = {"ventilator.tidal_volume": 720.0, "ventilator.set_rate": 10.0}
    settings |= needing(lab.body("anaesthetised"), 0.85)
    w = lab.person("anaesthetised", settings, changed=ventilated_by_mask, watch=WATCH, settle=RESTED).measure()
    return lambda: {"halothane-difference": w("gas_aorta.PCO2") - w("capnograph.end_tidal")}


if __name__ == "__main__":
    tell(__file__)
