"""Signal over noise in the middle of a sphere of saline as the field grows, 2022."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "A sphere of saline in a volume coil: 16.4 cm across, 0.5 S/m (its size and conductivity are not in the abstract), at 3 T and 7 T."
RADIUS, SALT = 0.082, 0.5  # m, S/m


def middle(B0):
    from proband.evidence.scoring.scanned import head_coil, heard_in_quadrature
    from proband.mr.phantom.fillings import solution
    from proband.mr.phantom.shapes import sphere
    from proband.mr.phantom.voxelise import voxelise
    from proband.mr.scanner.fields import fields

    saline = solution("saline", B0, 1.0, 0.1, "assumed: no relaxation matters here", conductivity=SALT)
    ball = voxelise(
        "sphere of saline", B0, ((-0.09, 0.09),) * 3, [("saline", sphere((0, 0, 0), 1e3 * RADIUS))], voxel=9e-3, tissues={"saline": saline}
    )  # fmt: skip
    heard = heard_in_quadrature(fields(head_coil(B0), ball, "volume"))
    return heard[np.linalg.norm(ball.grid.points(), axis=-1) < 0.012].mean()


def experiment(lab: Lab):
    low, high = (lab.bench(lambda B0=B0: middle(B0)) for B0 in (3.0, 7.0))
    return lambda: {"le-ster-exponent": np.log(high() / low()) / np.log(7 / 3)}


if __name__ == "__main__":
    tell(__file__)
