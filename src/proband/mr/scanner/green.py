"""What a cube of charge or current does at every other cube of the grid: Green's function of free space, averaged.

Between near cubes g = e^{−jkR}/(4πR) is averaged over source and observer (the static part is singular), between others
taken from middle to middle."""

from __future__ import annotations

import numpy as np

NEAR = 2  # cubes; beyond, midpoints are right to better than 0.1 %
SELF_INVERSE_DISTANCE = 1.88231264  # mean of 1/R within the unit cube (six-fold integral)


def mean_inverse_distance(cells: int = NEAR + 1) -> np.ndarray:
    """Mean of 1/R between two unit cubes (i, j, l) apart, (cells, cells, cells).

    The mean over both cubes is one integral over their difference, weighted by (1 − |u|)(1 − |v|)(1 − |w|)."""
    node, weight = np.polynomial.legendre.leggauss(12)
    u = np.concatenate([(node - 1) / 2, (node + 1) / 2])
    w = np.tile(weight / 2, 2) * (1 - np.abs(u))
    i = np.arange(cells)
    d2 = (i[:, None] + u) ** 2
    r = np.sqrt(d2[:, None, None, :, None, None] + d2[None, :, None, None, :, None] + d2[None, None, :, None, None, :])
    mean = np.einsum("abcuvw,u,v,w->abc", 1 / r, w, w, w, optimize=True)
    mean[0, 0, 0] = SELF_INVERSE_DISTANCE
    return mean


def _signed(shape: tuple[int, ...], h: float):
    """Distances on the doubled, periodic grid, m."""
    axes = [np.where(np.arange(2 * n) < n, np.arange(2 * n), np.arange(2 * n) - 2 * n) * h for n in shape]
    return np.meshgrid(*axes, indexing="ij", sparse=True)


def potential(shape: tuple[int, int, int], h: float, k: float) -> np.ndarray:
    """g h³ on the doubled grid, transformed: (2nx, 2ny, 2nz), complex64, m². `h` edge in m, `k` of vacuum in rad/m."""
    from scipy.fft import fftn

    x, y, z = _signed(shape, h)
    r = np.sqrt(x * x + y * y + z * z)
    r[0, 0, 0] = h
    inverse = 1 / r
    cells = min(NEAR + 1, *shape)
    lists = [[*range(cells), *range(2 * n - cells + 1, 2 * n)] for n in shape]
    apart = [[i if i < n else 2 * n - i for i in one] for one, n in zip(lists, shape)]
    inverse[np.ix_(*lists)] = mean_inverse_distance(cells)[np.ix_(*apart)] / h
    # The retarded rest, e^{−jkR} − 1, is smooth: no average is needed.
    r[0, 0, 0] = 0
    rest = np.where(r > 0, (np.exp(-1j * k * r) - 1) * inverse, -1j * k)
    return np.asarray(fftn(((inverse + rest) * (h**3 / (4 * np.pi))).astype(np.complex64), workers=2))


def differences(shape: tuple[int, int, int], h: float) -> tuple[np.ndarray, ...]:
    """Fourier factors of (a[i] − a[i − 1])/h along each axis of the doubled grid: the gradient from cells to faces."""
    out = []
    for axis, n in enumerate(shape):
        phase = np.exp(-2j * np.pi * np.fft.fftfreq(2 * n))
        out.append(((1 - phase) / h).astype(np.complex64).reshape([-1 if i == axis else 1 for i in range(3)]))
    return tuple(out)


def slope(shape: tuple[int, int, int], h: float, k: float) -> np.ndarray:
    """∇g h³ between midpoints: what makes B of a current. Returns (3, 2nx, 2ny, 2nz), complex64, transformed; in m."""
    from scipy.fft import fftn

    x, y, z = _signed(shape, h)
    r2 = x * x + y * y + z * z
    r2[0, 0, 0] = 1.0
    r = np.sqrt(r2)
    steep = -(1 + 1j * k * r) * np.exp(-1j * k * r) / (4 * np.pi * r2 * r) * h**3
    steep[0, 0, 0] = 0
    return np.stack([np.asarray(fftn((steep * a).astype(np.complex64), workers=2)) for a in (x, y, z)])
