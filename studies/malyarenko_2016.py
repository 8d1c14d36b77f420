"""Malyarenko 2016: errors of diffusion off the isocentre grow with the square of the way."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "Ice water in 14 systems: water in the 3 T scanner, whose gradients are bent as its sheet assumes, 75 and 150 mm towards the head."


def seen():
    from proband.evidence.scoring.scanned import FAR, diffusion_error

    return [diffusion_error((0.0, 0.0, z)) for z in (0.0, FAR / 2, FAR)]


def experiment(lab: Lab):
    done = lab.bench(seen)

    def told():
        middle, half, whole = done()
        return {"malyarenko-power": float(np.log2((whole - middle) / (half - middle)))}

    return told


if __name__ == "__main__":
    tell(__file__)
