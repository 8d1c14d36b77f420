"""Arterial less end-tidal carbon dioxide under halothane (Korean J Anesthesiol 1987)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, ventilated_by_mask
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "61 healthy patients of 21 to 40 years, ventilated: the anaesthetised man, 10 mL/kg ten times a minute."


def experiment(lab: Lab):
    settings = {"ventilator.tidal_volume": 720.0, "ventilator.set_rate": 10.0}
    w = lab.person("anaesthetised", settings, changed=ventilated_by_mask, watch=WATCH, settle=220 * s).measure()
    return lambda: {"halothane-difference": w("gas_aorta.PCO2") - w("capnograph.end_tidal")}


if __name__ == "__main__":
    tell(__file__)
