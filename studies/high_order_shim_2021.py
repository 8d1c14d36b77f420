"""Shims of high order for the brain at 7 T, 2021."""

from dataclasses import replace

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "8 volunteers: the head of formulas at 7 T, shimmed to its brain."


def left_over():
    from proband.evidence.scoring.scanned import brain, machine
    from proband.mr import phantom
    from proband.mr.scanner.magnet import field_map

    head, here = phantom.build("head", 7.0, voxel=0.004), machine(7.0)
    matter = brain(head)

    def left(order):
        magnet = replace(here.magnet, shim_order=order, shim_limit=1e5)
        return field_map(replace(here, magnet=magnet), head, matter)[0][matter].std()

    return left(2), left(4)


def experiment(lab: Lab):
    done = lab.bench(left_over)
    return lambda: dict(zip(("shim-7t-second", "shim-7t-fourth"), done(), strict=True))


if __name__ == "__main__":
    tell(__file__)
