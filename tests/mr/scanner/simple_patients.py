"""Made-up patients for tests: a ball, a cylinder and a head of shells."""

import numpy as np

from proband.mr.phantom.voxels import VoxelPatient
from proband.mr.space import Grid

# relative permittivity and conductivity (S/m) at 128 and 213 MHz
MUSCLE = {3.0: (63.5, 0.72), 5.0: (61.0, 0.75)}
SALINE = {3.0: (78.0, 0.60), 5.0: (77.0, 0.60)}
BRAIN = {3.0: (63.0, 0.45), 5.0: (56.0, 0.50)}


def patient(name, grid, mask, B0, tissue, **more):
    def full(inside, outside):
        return np.where(mask, inside, outside).astype(float)

    eps, sigma = tissue[B0]
    return VoxelPatient(
        name=name,
        grid=grid,
        B0=B0,
        density=full(1.0, 0.0),
        T1=full(1.0, 1.0),
        T2=full(0.1, 0.1),
        T2_prime=full(0.1, 0.1),
        fat=full(0.0, 0.0),
        susceptibility=full(-9.05, 0.36),
        permittivity=full(eps, 1.0),
        conductivity=full(sigma, 0.0),
        mass_density=full(1000.0, 0.0),
        diffusion=full(2e-9, 0.0),
        truth=more,
    )


def ball(radius, voxel, B0, tissue=SALINE):
    n = 2 * int(np.ceil(radius / voxel)) + 3
    grid = Grid.centred((n, n, n), (voxel,) * 3)
    return patient("ball", grid, np.linalg.norm(grid.points(), axis=-1) < radius, B0, tissue)


def ellipsoid(half, voxel, B0, tissue=MUSCLE, **more):
    shape = tuple(2 * int(np.ceil(a / voxel)) + 3 for a in half)
    grid = Grid.centred(shape, (voxel,) * 3)
    mask = np.sum((grid.points() / np.array(half)) ** 2, axis=-1) < 1
    return patient("ellipsoid", grid, mask, B0, tissue, **more)


def rod(voxel, B0, length, tissue=MUSCLE):
    """Muscle 20 cm thick that fills its grid along the bore."""
    n = 2 * int(np.ceil(0.1 / voxel)) + 3
    grid = Grid.centred((n, n, round(length / voxel)), (voxel, voxel, length / round(length / voxel)))
    points = grid.points()
    return patient("rod", grid, np.hypot(points[..., 0], points[..., 1]) < 0.1, B0, tissue)


def head(voxel, B0, tissue=BRAIN):
    made = ellipsoid((0.075, 0.095, 0.11), voxel, B0, tissue)
    return patient("head", made.grid, made.density > 0, B0, tissue, head=made.density > 0, body_mass=75.0)
