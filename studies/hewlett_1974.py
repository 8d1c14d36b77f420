"""Hewlett 1974: what anaesthesia, relaxation and a ventilator take from the lungs' volume and from arterial oxygen."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import RESTED, WATCH, ideal_alveolar, lungs_of, needing, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "13 patients in 35 % of oxygen: the man who breathes, whose small airways close where those of 45 years do, and the anaesthetised man, who is 45, with 700 mL 12 times a minute for twenty minutes (assumed); under anaesthesia he needs 0.85 of the oxygen (Nunn)."
OXYGEN = 0.35
DEAD_SPACE = 150.0  # mL of the airways, which helium fills too
R = 0.8  # gas exchange ratio, as one assumes it


def experiment(lab: Lab):
    lungs = lungs_of(lab.body("breathing_man"), 45)
    awake = lab.person("breathing_man", lungs, watch=WATCH, settle=180 * s).breathe(OXYGEN)
    awake = awake.wait(600 * s).measure(60 * s)
    settings = {
        "ventilator.tidal_volume": 700.0,
        "ventilator.set_rate": 12.0,
        "ventilator.peep": 0.0,
        "ventilator.oxygen": OXYGEN,
        **needing(lab.body("anaesthetised"), 0.85),
    }
    asleep = lab.person("anaesthetised", settings, changed=ventilated, watch=WATCH, settle=RESTED).measure(60 * s)

    def difference(w):
        return ideal_alveolar(w, OXYGEN, R) - w("gas_aorta.PO2")

    def capacity(w):
        return w.least("chest_wall.lung_volume") + DEAD_SPACE

    return lambda: {
        "hewlett-awake": difference(awake),
        "hewlett-asleep": difference(asleep),
        "hewlett-volume": 100 * (capacity(asleep) / capacity(awake) - 1),
    }


if __name__ == "__main__":
    tell(__file__)
