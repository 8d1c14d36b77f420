"""Raw data of a known image, straight from the signal equation: no transform of the code under test is used."""

import numpy as np

from proband.mr.raw import RawData
from proband.mr.space import Grid


def raw_of(
    images, maps, readouts, *, labels=None, sigma=0.0, voxel=2e-3, dwell=5e-6, seed=0, field=None, shift=(0.0, 0.0)
):
    """RawData of `images` (n0, n1), or one for every readout, seen by `maps` (coils, n0, n1).

    `readouts` (readouts, samples, 2), k in cycles per voxel along x and y; `field` (n0, n1) Hz turns the spins during the
    readout; `shift` (voxels) moves the grid off the isocentre."""
    n0, n1 = maps.shape[1:]
    grid = Grid.centred((n0, n1, 1), (voxel, voxel, voxel))
    affine = grid.affine.copy()
    affine[0, 3] += shift[0] * voxel
    affine[1, 3] += shift[1] * voxel
    grid = Grid(grid.shape, affine)
    x = affine[0, 3] + voxel * np.arange(n0)
    y = affine[1, 3] + voxel * np.arange(n1)
    readouts = np.asarray(readouts, float)
    count, samples = readouts.shape[:2]
    signal = np.empty((count, len(maps), samples), complex)
    times = np.arange(samples) * dwell
    for r in range(count):
        image = images if np.ndim(images) == 2 else images[r]
        ex = np.exp(-2j * np.pi * np.outer(readouts[r, :, 0] / voxel, x))
        ey = np.exp(-2j * np.pi * np.outer(readouts[r, :, 1] / voxel, y))
        if field is None:
            signal[r] = np.einsum("sx,cxy,sy->cs", ex, maps * image, ey, optimize=True)
        else:
            turn = np.exp(-2j * np.pi * times[:, None, None] * field)
            signal[r] = np.einsum("sx,cxy,sxy,sy->cs", ex, maps * image, turn, ey, optimize=True)
    random = np.random.default_rng(seed)
    scale = sigma if sigma else 1e-6
    noise = random.standard_normal((2, *signal.shape)) * scale / np.sqrt(2)
    signal = signal + noise[0] + 1j * noise[1]
    trajectory = np.zeros((count, samples, 3))
    trajectory[:, :, :2] = readouts / voxel
    return RawData(
        signal.astype(np.complex64),
        trajectory,
        np.arange(count)[:, None] * 5e-3 + times,
        labels or {},
        np.eye(len(maps)) * scale**2,
        grid,
        3.0,
    )


def cartesian_lines(n, lines, *, oversampling=1, half_dwell=True, samples=None):
    """Readouts along x for the phase-encoding lines `lines` (indices, n//2 is the centre)."""
    samples = samples or n * oversampling
    kx = (np.arange(samples) - samples // 2 + (0.5 if half_dwell else 0)) / samples
    out = np.zeros((len(lines), samples, 2))
    out[:, :, 0] = kx
    out[:, :, 1] = (np.asarray(lines) - n // 2)[:, None] / n
    return out


def spokes(n, count, samples=None):
    """Radial readouts through the centre."""
    samples = samples or 2 * n
    angle = np.pi * np.arange(count) / count
    r = (np.arange(samples) - samples / 2) / samples
    return np.stack([r * np.cos(angle)[:, None], r * np.sin(angle)[:, None]], -1)


def spiral(n, arms, turns=None, samples=1200, linear=1.0):
    """Spirals from the centre outwards, radius ∝ linear t + (1 − linear) t²: with `linear` < 1 the centre is denser."""
    turns = turns or n / 2 / arms
    t = np.linspace(0, 1, samples)
    radius = 0.5 * (linear * t + (1 - linear) * t**2)
    out = []
    for a in range(arms):
        angle = 2 * np.pi * (turns * t + a / arms)
        out.append(np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1))
    return np.array(out)


def error_inside(image, truth, share=0.08):
    """NRMSE inside the object after the best complex factor."""
    inside = np.abs(truth) > share * np.abs(truth).max()
    a, b = np.squeeze(image)[inside], truth[inside]
    factor = np.vdot(a, b) / np.vdot(a, a)
    return float(np.linalg.norm(factor * a - b) / np.linalg.norm(b))
