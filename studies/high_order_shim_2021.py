"""Shims of high order for the brain at 7 T, 2021."""

from dataclasses import replace

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "8 volunteers: the head of formulas at 7 T, shimmed to what a field map shows of its brain: voxels of 3 mm that keep half of their signal for 5 ms (usual of field maps; not in the abstract)."
STEEPEST = 0.603 / (3e-3 * 5e-3)  # Hz/m: sin(πx)/(πx) is a half where x is 0.603


def left_over():
    from proband.evidence.scoring.scanned import brain, machine
    from proband.mr import phantom
    from proband.mr.scanner.magnet import field_map

    head, here = phantom.build("head", 7.0, voxel=0.004), machine(7.0)
    matter = brain(head)

    def left(order):
        shims = replace(here, magnet=replace(here.magnet, shim_order=order, shim_limit=1e5))
        steep = np.linalg.norm(np.gradient(field_map(shims, head, matter)[0], *head.grid.voxel), axis=0)
        shown = matter & (steep < STEEPEST)
        return field_map(shims, head, shown)[0][shown].std()

    return left(2), left(4)


def experiment(lab: Lab):
    done = lab.bench(left_over)
    return lambda: dict(zip(("shim-7t-second", "shim-7t-fourth"), done(), strict=True))


if __name__ == "__main__":
    tell(__file__)
