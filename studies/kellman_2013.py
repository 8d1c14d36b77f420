"""Kellman 2013: how far off resonance hearts are after their own shim."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "18 volunteers: the chest of formulas with the healthy man's heart at the end of diastole, shimmed by second order to the left ventricle."


def spread(B0):
    from proband.evidence.scoring.scanned import machine
    from proband.mr import phantom
    from proband.mr.scanner.magnet import field_map

    chest = phantom.build("beating_heart", B0, voxel=0.005)
    assert chest.labels is not None
    ventricle = np.isin(chest.labels, [chest.tissues.index(p) for p in ("left_ventricle", "myocardium")])
    low, high = np.percentile(field_map(machine(B0), chest, ventricle)[0][ventricle], (2.5, 97.5))
    return high - low


def experiment(lab: Lab):
    low, high = (lab.bench(lambda B0=B0: spread(B0)) for B0 in (1.5, 3.0))
    return lambda: {"kellman-heart-15": low(), "kellman-heart-3": high()}


if __name__ == "__main__":
    tell(__file__)
