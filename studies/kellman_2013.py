"""Kellman 2013: how far off resonance hearts are after their own shim."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "18 volunteers: the chest of formulas with the healthy man's heart at the end of diastole, shimmed by second order to a box around its ventricles, as scanners are told to; the lung in the box gives no signal."
VOXEL, SLICE = 2.5e-3, 8e-3  # m: of a field map in the short axis


def spread(B0):
    """Over how many Hz 95 % of the voxels lie that the left ventricle's wall fills."""
    from proband.evidence.scoring.scanned import machine
    from proband.mr import phantom
    from proband.mr.phantom.heart import short_axis_grid
    from proband.mr.scanner.magnet import field_map

    chest = phantom.build("beating_heart", B0, voxel=3e-3)
    assert chest.labels is not None
    labels = chest.labels
    named = lambda *parts: np.isin(labels, [chest.tissues.index(p) for p in parts])  # noqa: E731
    along = chest.grid.points() @ np.asarray(chest.truth["axes"], float)
    ventricles = along[named("left_ventricle", "right_ventricle", "myocardium")]
    box = ((along >= ventricles.min(0)) & (along <= ventricles.max(0))).all(-1)
    heard = (chest.density + chest.fat > 0.05) & ~named("lung")
    field = field_map(machine(B0), chest, box & heard)[0]
    wall, slices = named("myocardium"), short_axis_grid(chest, VOXEL, SLICE)
    whole = through(chest.grid, wall, slices)
    mean = through(chest.grid, wall * field, slices)
    return np.ptp(np.percentile(mean[whole > 0.99], (2.5, 97.5)))


def through(grid, values, slices, parts=5):
    """The mean of `values` on `grid` through the thickness of each slice, from the nearest voxels."""
    from scipy.ndimage import map_coordinates

    inverse, total = np.linalg.inv(grid.affine), np.zeros(slices.shape)
    for share in (np.arange(parts) + 0.5) / parts - 0.5:
        place = (slices.points() + share * slices.affine[:3, 2]) @ inverse[:3, :3].T + inverse[:3, 3]
        total += map_coordinates(values.astype(float), np.moveaxis(place, -1, 0), order=0, mode="nearest")
    return total / parts


def experiment(lab: Lab):
    low, high = (lab.bench(lambda B0=B0: spread(B0)) for B0 in (1.5, 3.0))
    return lambda: {"kellman-heart-15": low(), "kellman-heart-3": high()}


if __name__ == "__main__":
    tell(__file__)
