"""Whitesell 1981: arterial less peak expired carbon dioxide under anaesthesia, with and without disease of the lungs."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import ASLEEP, RESTED, WATCH, needing, ventilated_by_mask
from proband.evidence.scoring.study import tell

COHORT = "Patients with and without disease of the lungs, ventilated: the man with COPD, relaxed, and the anaesthetised healthy man; 9 mL/kg ten times a minute for twenty minutes (assumed); under anaesthesia they need 0.85 of the oxygen (Nunn)."


def experiment(lab: Lab):
    settings = {"ventilator.tidal_volume": 650.0, "ventilator.set_rate": 10.0}

    def ventilated(sheet: str):
        values = {**settings, **ASLEEP, **needing(lab.body(sheet), 0.85)}
        return lab.person(sheet, values, changed=ventilated_by_mask, watch=WATCH, settle=RESTED).measure()

    ill, well = ventilated("copd"), ventilated("anaesthetised")

    def difference(w):
        return w("gas_aorta.PCO2") - w("capnograph.end_tidal")

    return lambda: {"whitesell-healthy": difference(well), "whitesell-lungs": difference(ill)}


if __name__ == "__main__":
    tell(__file__)
