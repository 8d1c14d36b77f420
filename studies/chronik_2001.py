"""Chronik 2001: when volunteers feel the gradients of a whole-body coil."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "20 volunteers, x and y together: the nerve model of the 3 T sheet, which was made of other people's thresholds for y and z (Bourland 1999); that of x is assumed."
RISES = (0.2e-3, 0.3e-3, 0.4e-3, 0.5e-3, 0.6e-3)  # s, from one plateau to the other


def line():
    from proband.evidence.scoring.scanned import weakest_felt

    felt = [np.sqrt(2) * weakest_felt("xy", rise) for rise in RISES]  # the change of the whole gradient, T/m
    return np.polyfit(RISES, felt, 1)


def experiment(lab: Lab):
    done = lab.bench(line)
    return lambda: {"chronik-slew": done()[0], "chronik-excursion": 1e3 * done()[1]}


if __name__ == "__main__":
    tell(__file__)
