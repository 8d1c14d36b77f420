"""Bourland 1999: how the threshold of sensation falls with the time of a gradient's change."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "84 people, one axis at a time: the nerve model of the 3 T sheet, which was made of these thresholds."
RISES = (0.1e-3, 0.2e-3, 0.4e-3, 0.6e-3, 1.0e-3)  # s


def chronaxie(axis):
    """Of slew = rheobase (1 + chronaxie / time), s."""
    from proband.evidence.scoring.scanned import weakest_felt

    slews = [weakest_felt(axis, rise) / rise for rise in RISES]
    slope, rheobase = np.polyfit(1 / np.array(RISES), slews, 1)
    return slope / rheobase


def experiment(lab: Lab):
    y, z = (lab.bench(lambda axis=axis: chronaxie(axis)) for axis in "yz")
    return lambda: {"bourland-y": 1e3 * y(), "bourland-z": 1e3 * z()}


if __name__ == "__main__":
    tell(__file__)
