"""Krishnamurthy 2013: the transmit field over the heart at 3 T, with and without a shim of two transmitters."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "37 people: the chest of formulas with the healthy man's heart, arms at his sides, in the 3 T scanner's body coil; the power is calibrated to the whole trunk around the heart."
HEAT = 2.0  # of quadrature's SAR, which a shim may have: scanners keep to the limits of SAR by their repetition times (assumed)


def over_the_heart():
    from dataclasses import replace

    from proband.evidence.scoring.scanned import machine
    from proband.mr import phantom
    from proband.mr.scanner.fields import fields
    from proband.mr.scanner.scanner import VolumeCoil
    from proband.mr.scanner.shimming import quadrature, static

    here = replace(machine(3.0), arrays={"body": VolumeCoil("body", noise_figure=0.0)})  # what is heard does not matter
    chest = phantom.build("beating_heart", 3.0, voxel=0.007, arms=True)
    seen = fields(here, chest, "body")
    parts = ("left_ventricle", "right_ventricle", "left_atrium", "right_atrium", "myocardium", "thin_wall")
    assert chest.labels is not None
    heart = np.isin(chest.labels, [chest.tissues.index(p) for p in parts])
    z = chest.grid.points()[..., 2]
    trunk = (chest.density + chest.fat > 0.05) & (z >= z[heart].min()) & (z <= z[heart].max())
    told = []
    for shim in (quadrature(seen, heart), static(seen, heart, HEAT)):
        field = np.abs(np.tensordot(shim.weights, seen.transmit, 1))
        told.append((100 * field[heart].mean() / field[trunk].mean(), shim.variation))
    return told


def experiment(lab: Lab):
    done = lab.bench(over_the_heart)

    def told():
        (plain, variation), (shimmed, left) = done()
        return {
            "krishnamurthy-mean": plain,
            "krishnamurthy-shimmed": shimmed,
            "krishnamurthy-variation": 100 * (1 - left / variation),
        }

    return told


if __name__ == "__main__":
    tell(__file__)
