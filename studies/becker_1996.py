"""Becker 1996: half an hour of 75 % oxygen, carbon dioxide left free."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import RESTED, WATCH, ventilation
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "14 healthy people at rest: the man who breathes."


def experiment(lab: Lab):
    person = lab.person("breathing_man", watch=WATCH, settle=RESTED)
    before = person.measure(120 * s)
    after = person.breathe(0.75, 0.0).wait(1680 * s).measure(120 * s)
    return lambda: {
        "becker-ventilation": 100 * (ventilation(after) / ventilation(before) - 1),
        "becker-co2": after("capnograph.end_tidal") - before("capnograph.end_tidal"),
    }


if __name__ == "__main__":
    tell(__file__)
