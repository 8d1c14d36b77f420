"""Satoh 2015: arterial less end-tidal carbon dioxide under anaesthesia, by age."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, ventilated_by_mask
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Patients of 46 to 55 years without severe disease, lying, ventilated: the anaesthetised man of 45 years, 8 mL/kg twelve times a minute."


def experiment(lab: Lab):
    settings = {"ventilator.tidal_volume": 580.0, "ventilator.set_rate": 12.0}
    w = lab.person("anaesthetised", settings, changed=ventilated_by_mask, watch=WATCH, settle=220 * s).measure()
    return lambda: {"satoh-difference": w("gas_aorta.PCO2") - w("capnograph.end_tidal")}


if __name__ == "__main__":
    tell(__file__)
