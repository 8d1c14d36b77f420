"""The static field in the patient: what the magnet leaves, what the patient's susceptibility makes, and the shim."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError, did_you_mean
from proband.mr.phantom.voxels import VoxelPatient
from proband.mr.scanner.harmonics import HARMONICS, up_to
from proband.mr.scanner.scanner import GAMMA, Scanner
from proband.mr.space import Grid

BEYOND = 0.15  # m by which tissue goes on where a face of the grid cuts it; what lies farther makes a field that a shim takes away
AIR = 0.36  # ppm, volume susceptibility of air (Schenck 1996, Med Phys 23:815)


def residual(scanner: Scanner, grid: Grid) -> np.ndarray:
    """What the empty magnet is off by, (nx, ny, nz) Hz."""
    radius = scanner.magnet.radius
    points = grid.points() / radius
    out = np.zeros(grid.shape)
    for name, ppm in scanner.magnet.residual.items():
        if name not in HARMONICS:
            raise ModelError(f"{scanner.name} names an unknown harmonic {name!r}{did_you_mean(name, HARMONICS)}.")
        out += ppm * 1e-6 * scanner.larmor * HARMONICS[name](points[..., 0], points[..., 1], points[..., 2])
    return out


def dipole_field(susceptibility: np.ndarray, grid: Grid, B0: float, outside: float | None = None) -> np.ndarray:
    """The field that magnetised matter makes, as protons feel it, (nx, ny, nz) Hz.

    Each voxel is a dipole along the bore, summed in k-space: (1/3 − k_z²/k²) χ (Marques and Bowtell 2005, Concepts
    Magn Reson 25B:65), where the third is Lorentz's sphere. The grid is doubled with `outside` (ppm; that of the
    first corner where none is given) around it, so that copies do not meet. Susceptibility in ppm."""
    from scipy.fft import fftfreq, irfftn, next_fast_len, rfftfreq, rfftn

    level = float(susceptibility.flat[0]) if outside is None else outside
    chi = susceptibility - level
    voxel, turn = grid.voxel, grid.affine[:3, :3]
    shape = tuple(next_fast_len(2 * n, real=True) for n in grid.shape)
    k = [fftfreq(n, v) for n, v in zip(shape[:2], voxel[:2])] + [rfftfreq(shape[2], voxel[2])]
    kx, ky, kz = np.meshgrid(*k, indexing="ij", sparse=True)
    bore = turn[2] / np.array(voxel)  # the bore's axis in the grid's own axes
    k2 = kx * kx + ky * ky + kz * kz
    k2[0, 0, 0] = 1.0
    along = kx * bore[0] + ky * bore[1] + kz * bore[2]
    kernel = 1 / 3 - along**2 / k2
    kernel[0, 0, 0] = 0.0
    made = np.asarray(irfftn(np.asarray(rfftn(chi, s=shape, workers=2)) * kernel, s=shape, workers=2))
    return made[tuple(slice(0, n) for n in grid.shape)] * 1e-6 * GAMMA * B0


def shimmed(field: np.ndarray, mask: np.ndarray, grid: Grid, order: int, limit: float = np.inf):
    """Takes the best harmonics up to `order` away: least squares over `mask`, each within ± `limit` (Hz at 0.1 m).

    Returns the field (Hz) and the harmonics' amounts (Hz at 0.1 m), in the order of `up_to(order)`. The constant, which is
    the scanner's frequency, has no limit."""
    from scipy.optimize import lsq_linear

    if not mask.any():
        raise ModelError("the shim's mask is empty; it must hold the tissue that the shim is for.")
    names = up_to(order)
    points = grid.points()[mask] / 0.1
    table = np.stack([HARMONICS[n](points[:, 0], points[:, 1], points[:, 2]) for n in names], axis=1)
    keep = [i for i in range(len(names)) if i == 0 or np.ptp(table[:, i]) > 1e-9]
    gram = table[:, keep].T @ table[:, keep] / len(points)
    load = table[:, keep].T @ field[mask] / len(points)
    size = np.sqrt(np.diag(gram))
    root = np.linalg.cholesky(gram / np.outer(size, size) + 1e-9 * np.eye(len(keep)))
    bound = np.where(np.array(keep) == 0, np.inf, limit) * size
    found = lsq_linear(root.T, np.linalg.solve(root, load / size), (-bound, bound)).x / size
    amount = np.zeros(len(names))
    amount[keep] = found
    whole = grid.points() / 0.1
    made = sum(a * HARMONICS[n](whole[..., 0], whole[..., 1], whole[..., 2]) for a, n in zip(amount, names))
    return field - made, tuple(float(a) for a in amount)


def field_map(
    scanner: Scanner, patient: VoxelPatient, mask: np.ndarray | None = None
) -> tuple[np.ndarray, tuple[float, ...]]:
    """Off-resonance of water in the shimmed patient (nx, ny, nz), Hz, and the shim. `mask` is what it is shimmed for; none:
    wherever protons are."""
    grid = patient.grid
    field = residual(scanner, grid)
    chi = patient.susceptibility
    if np.ptp(chi) > 0:
        # What is cut by a face of the grid across the bore goes on beyond it: a neck, a trunk, a thin slice of a long body.
        beyond = int(BEYOND / grid.voxel[2])
        below, above = (beyond if np.ptp(chi[:, :, face]) > 0 else 0 for face in (0, -1))
        longer = np.concatenate([np.repeat(chi[:, :, :1], below, 2), chi, np.repeat(chi[:, :, -1:], above, 2)], 2)
        affine = grid.affine.copy()
        affine[:3, 3] -= below * affine[:3, 2]
        made = dipole_field(longer, Grid(longer.shape, affine), scanner.field)
        field = field + made[:, :, below : below + grid.shape[2]]
    if mask is None:
        mask = (patient.density + patient.fat) > 0.05
        if not mask.any():
            return field, ()
    return shimmed(field, mask, grid, scanner.magnet.shim_order, scanner.magnet.shim_limit)
