"""Whitesell 1981: arterial less peak expired carbon dioxide under anaesthesia, with and without disease of the lungs."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import ASLEEP, WATCH, ventilated_by_mask
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Patients with and without disease of the lungs, ventilated: the man with COPD, relaxed, and the anaesthetised healthy man; 9 mL/kg ten times a minute."


def experiment(lab: Lab):
    settings = {"ventilator.tidal_volume": 650.0, "ventilator.set_rate": 10.0}
    ill = lab.person("copd", settings | ASLEEP, changed=ventilated_by_mask, watch=WATCH, settle=220 * s).measure()
    well = lab.person("anaesthetised", settings, changed=ventilated_by_mask, watch=WATCH, settle=220 * s).measure()

    def difference(w):
        return w("gas_aorta.PCO2") - w("capnograph.end_tidal")

    return lambda: {"whitesell-healthy": difference(well), "whitesell-lungs": difference(ill)}


if __name__ == "__main__":
    tell(__file__)
