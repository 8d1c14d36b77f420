"""Roujol 2014: four ways to map T1, side by side."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.rules import direction
from proband.evidence.scoring.study import tell

COHORT = "Phantoms at 1.5 T, whose T1 and T2 are not in the abstract: vials of 0.3 to 1.5 s and 50 ms."
VIALS = (0.3, 0.6, 0.9, 1.2, 1.5)  # s


def maps():
    from proband.evidence.scoring.scanned import built, t1_map

    return [t1_map(built(name), VIALS, [0.05] * len(VIALS)) for name in ("molli", "sasha")]


def experiment(lab: Lab):
    done = lab.bench(maps)

    def told():
        molli, sasha = (np.abs(found - VIALS).mean() for found in done())
        return {"roujol-accuracy": direction(molli - sasha)}

    return told


if __name__ == "__main__":
    tell(__file__)
