"""Granitz 2019: native T1 of healthy hearts by MOLLI 5(3)3 at 1.5 T and 3 T."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "60 healthy volunteers: the tissue table's heart muscle, 60 /min."


def maps():
    from proband.evidence.scoring.scanned import built, t1_map
    from proband.mr.phantom.tissues import tissue

    muscle = [tissue("myocardium", B0) for B0 in (1.5, 3.0)]
    return t1_map(built("molli"), [m.T1 for m in muscle], [m.T2 for m in muscle])


def experiment(lab: Lab):
    done = lab.bench(maps)
    return lambda: {"granitz-15": 1e3 * done()[0], "granitz-3": 1e3 * done()[1]}


if __name__ == "__main__":
    tell(__file__)
