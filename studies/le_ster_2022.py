"""Signal over noise in the middle of a sphere of saline as the field grows, 2022."""

from dataclasses import replace

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "A sphere of saline in a volume coil at the paper's five fields: 16.4 cm across (its size is not in the abstract), as salty as makes the best that any coil could hear there grow with the field's power 2.13, which the abstract tells of its sphere."
FIELDS = (3.0, 7.0, 9.4, 10.5, 11.7)  # T
# Of all currents around a sphere one kind alone is heard in its middle (Lee 2018 Magn Reson Med 80:2256): its signal over noise goes
# with B0 |k| / √(σ ∫ |j1(kr)|² r² dr), over these fields as B0^2.13 for this conductivity, as B0^2.48 for 0.5 S/m.
RADIUS, SALT = 0.082, 1.09  # m, S/m


def middle(B0):
    from proband.evidence.scoring.scanned import head_coil, heard_in_quadrature
    from proband.mr.phantom.fillings import solution
    from proband.mr.phantom.shapes import sphere
    from proband.mr.phantom.voxelise import voxelise
    from proband.mr.scanner.fields import fields

    least = FIELDS[0]  # tables of tissues end at 7 T, but saline is the same at every field
    saline = solution("saline", least, 1.0, 0.1, "assumed: no relaxation matters here", conductivity=SALT)
    ball = voxelise(
        "sphere of saline", least, ((-0.09, 0.09),) * 3, [("saline", sphere((0, 0, 0), 1e3 * RADIUS))], voxel=9e-3, tissues={"saline": saline}
    )  # fmt: skip
    heard = heard_in_quadrature(fields(head_coil(B0), replace(ball, B0=B0), "volume"))
    return heard[np.linalg.norm(ball.grid.points(), axis=-1) < 0.012].mean()


def experiment(lab: Lab):
    done = [lab.bench(lambda B0=B0: middle(B0)) for B0 in FIELDS]
    return lambda: {"le-ster-exponent": np.polyfit(np.log(FIELDS), np.log([heard() for heard in done]), 1)[0]}


if __name__ == "__main__":
    tell(__file__)
