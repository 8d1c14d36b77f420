"""McDiarmid 2015: MOLLI's schemes in gels and in volunteers at 3 T."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.rules import direction
from proband.evidence.scoring.study import tell

COHORT = "Twelve gels, whose T1 and T2 are not in the abstract: vials of 0.4 to 1.6 s and 50 ms; and 10 volunteers: the tissue table's heart muscle, 60 /min."
GELS = (0.4, 0.8, 1.2, 1.6)  # s
RATES = (40, 100)  # /min


def maps():
    from proband.evidence.scoring.scanned import built, in_diastole, t1_map
    from proband.mr.phantom.tissues import tissue

    T2 = [0.05] * len(GELS)
    gels = built("molli", delay=in_diastole(RATES[-1]))  # a phantom's triggers wait for no diastole
    muscle = tissue("myocardium", 3.0)
    return {
        "gels": [t1_map(gels, GELS, T2, rate) for rate in RATES],
        "heart": t1_map(built("molli"), [muscle.T1], [muscle.T2])[0],
    }


def experiment(lab: Lab):
    done = lab.bench(maps)

    def told():
        errors = [found - GELS for found in done()["gels"]]
        return {
            "mcdiarmid-below": direction(max(float(e.max()) for e in errors)),
            "mcdiarmid-rate": direction(float((errors[-1] - errors[0]).mean())),
            "mcdiarmid-T1": direction(float(errors[0][-1] - errors[0][0])),
            "mcdiarmid-heart": 1e3 * done()["heart"],
        }

    return told


if __name__ == "__main__":
    tell(__file__)
