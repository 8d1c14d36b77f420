"""McRobbie 1996: the absolute signal-to-noise ratio of 22 systems."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "Quadrature head coils of 0.5 T to 1.5 T, loaded: the head of formulas in a volume coil of 28 cm by 22 cm at 1.5 T, with the losses and the noise figure of the 3 T sheet's head array."


def absolute():
    from proband.evidence.scoring.scanned import brain, head_coil, heard_in_quadrature
    from proband.mr import phantom
    from proband.mr.scanner.fields import fields

    head, here = phantom.build("head", 1.5, voxel=0.012), head_coil(1.5)
    heard = heard_in_quadrature(fields(here, head, "volume"))
    return float(np.mean(heard[brain(head)])) * 1e-6 / here.field


def experiment(lab: Lab):
    done = lab.bench(absolute)
    return lambda: {"mcrobbie-absolute": done() / 1e4}


if __name__ == "__main__":
    tell(__file__)
