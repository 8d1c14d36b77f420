"""Chow 2012: MOLLI's T1 has errors that T2 and the inversion make, and saturation recovery's has not."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.rules import moved
from proband.evidence.scoring.study import tell

COHORT = "Phantoms like heart muscle, and hearts, at 1.5 T: vials with T1 and T2 of the tissue table's heart muscle; magnetisation transfer is left out."
SHORTER_T2 = (0.2, 0.03)  # s


def maps():
    from proband.evidence.scoring.scanned import built, t1_map
    from proband.mr.phantom.tissues import tissue

    muscle = tissue("myocardium", 1.5)
    molli, sasha = built("molli", beats=(3, 3, 3, 3, 5)), built("sasha")
    one = ([muscle.T1], [muscle.T2])
    return {
        "true": muscle.T1,
        "phantom": t1_map(molli, *one)[0],
        "heart": t1_map(molli, *one, efficiency=0.91)[0],
        "sasha": t1_map(sasha, [muscle.T1] * 3, [muscle.T2, *SHORTER_T2]),
    }


def experiment(lab: Lab):
    done = lab.bench(maps)

    def told():
        seen = done()
        return {
            "chow-molli-phantom": 100 * (seen["phantom"] / seen["true"] - 1),
            "chow-molli-heart": 1e3 * (seen["heart"] - seen["sasha"][0]),
            "chow-sasha-T2": moved(seen["sasha"][1], seen["sasha"][2], "s"),
        }

    return told


if __name__ == "__main__":
    tell(__file__)
