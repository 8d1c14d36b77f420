"""Power that the body takes from the fields, as Hermitian matrices over channels: P = w^H Q w."""

from __future__ import annotations

import numpy as np

TEN_GRAMS = 0.010  # kg, IEC 60601-2-33
EDGES = 0.0205 * 1.08 ** np.arange(8)  # m, of the cubes that are tried: from 10 g of dense to 10 g of thin tissue


def overlap(E: np.ndarray, conductivity: np.ndarray, h: float) -> np.ndarray:
    """∫ σ E_i* · E_j dV, (c, c), W: twice the power at 1 A (peak), and so the resistances, in Ω.

    E (c, 3, nx, ny, nz) V/m for 1 A, conductivity (nx, ny, nz) S/m, h edge in m."""
    inside = conductivity > 0
    e = (E[:, :, inside] * np.sqrt(conductivity[inside] * h**3)).reshape(len(E), -1)
    return (e.conj() @ e.T).astype(complex)


def accepted(resistance: np.ndarray, wire: np.ndarray) -> np.ndarray:
    """Currents at the ports for 1 √W of forward power into each channel, (c, c), A/√W, peak.

    Every port is matched to its own resistance and its reactances are cancelled (mutual ones, too); the resistances that
    channels share through the body remain and send power back: no body takes more than was sent.
    `resistance` (c, c) Ω of the body, `wire` (c,) Ω."""
    Z = resistance + np.diag(wire)
    D = np.real(np.diag(Z))
    return np.linalg.solve(Z + np.diag(D), 2 * np.diag(np.sqrt(2 * D)))


def local(E: np.ndarray, conductivity: np.ndarray, mass: np.ndarray, h: float) -> tuple[np.ndarray, np.ndarray]:
    """10 g averages, (points, c, c) in W/kg for the E of 1 √W, complex64, and the flat index of each point's cell.

    The average is over a cube around each cell of tissue, the smallest tried that holds 10 g (IEC 62704-1 in spirit: cubes
    at the surface hold some air and so grow); where even the greatest holds less, the power is divided by what it holds,
    if that is more than 5 g."""
    from scipy.ndimage import correlate1d

    tissue = mass > 0

    def summed(a: np.ndarray, edge: float) -> np.ndarray:
        half = edge / h / 2
        n = int(np.ceil(half + 0.5)) - 1
        w = np.ones(2 * n + 1)
        w[0] = w[-1] = half - (n - 0.5)
        if n == 0:
            w[0] = 2 * half
        for axis in range(3):
            a = correlate1d(a, w, axis=axis, mode="constant")
        return a

    held = np.stack([summed(mass.astype(np.float32), edge) for edge in EDGES])
    enough = held >= TEN_GRAMS
    choice = np.where(enough.any(0), enough.argmax(0), len(EDGES) - 1)
    points = tissue & (np.take_along_axis(held, choice[None], 0)[0] > TEN_GRAMS / 2)
    at = np.flatnonzero(points)
    which = choice.ravel()[at]
    c = len(E)
    Q = np.zeros((len(at), c, c), np.complex64)
    root = np.sqrt(conductivity * h**3 / 2).astype(np.float32)
    e = E * root
    for i in range(c):
        for j in range(i, c):
            power = np.sum(e[i].conj() * e[j], axis=0)
            for n, edge in enumerate(EDGES):
                here = at[which == n]
                if len(here) == 0:
                    continue
                whole = summed(power.real, edge) + (1j * summed(power.imag, edge) if i != j else 0)
                Q[which == n, i, j] = whole.ravel()[here] / held[n].ravel()[here]
            if i != j:
                Q[:, j, i] = Q[:, i, j].conj()
    return Q, at
