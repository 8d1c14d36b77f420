"""Weingärtner 2016: native T1 of healthy hearts by saturation recovery at 3 T."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "20 healthy people: the tissue table's heart muscle, 60 /min."


def maps():
    from proband.evidence.scoring.scanned import built, t1_map
    from proband.mr.phantom.tissues import tissue

    muscle = tissue("myocardium", 3.0)
    return t1_map(built("sasha"), [muscle.T1], [muscle.T2])


def experiment(lab: Lab):
    done = lab.bench(maps)
    return lambda: {"weingartner-sasha-3": 1e3 * done()[0]}


if __name__ == "__main__":
    tell(__file__)
