"""Thille 2007: volume that end-expiratory pressure recruits, measured at one elastic pressure."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "71 patients, PEEP 10 against none, at an elastic pressure of 15 cmH2O: the man with moderate distress, slow breaths up to 15 cmH2O from either."
SETTINGS = {
    "ventilator.mode": 1.0,
    "ventilator.set_rate": 8.0,
    "ventilator.inspiratory_time": 4.0,
    "ventilator.inspiratory_pressure": 15.0,
    "ventilator.pause_time": 0.0,
}


def experiment(lab: Lab):
    none, ten = (
        lab.person(
            "ards_moderate", {**SETTINGS, "ventilator.peep": peep}, changed=ventilated, watch=WATCH, settle=200 * s
        ).measure(30 * s)
        for peep in (0.0, 10.0)
    )
    return lambda: {"thille-recruited": ten.most("chest_wall.lung_volume") - none.most("chest_wall.lung_volume")}


if __name__ == "__main__":
    tell(__file__)
