"""Two groups of volunteers at 5 T: native T1 of heart muscle by MOLLI."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "50 and 16 volunteers: the tissue table's heart muscle at 5 T, whose T1 comes from the smaller group by another method; spoiled readout, 60 /min."


def maps():
    from proband.evidence.scoring.scanned import built, t1_map
    from proband.mr.phantom.tissues import tissue

    muscle = tissue("myocardium", 5.0)
    return t1_map(built("molli", 5.0), [muscle.T1], [muscle.T2])


def experiment(lab: Lab):
    done = lab.bench(maps)
    return lambda: dict.fromkeys(("molli-5t-50", "molli-5t-16"), 1e3 * done()[0])


if __name__ == "__main__":
    tell(__file__)
