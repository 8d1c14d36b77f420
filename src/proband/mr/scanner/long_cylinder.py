"""B1+ in a long homogeneous cylinder, in closed form: what the wave solution in three dimensions is compared with."""

from __future__ import annotations

import numpy as np

from proband.mr.scanner.wave import C0, EPS0, MU0


def wave_number(permittivity: float, conductivity: float, frequency: float) -> complex:
    """k = (ω/c) √(ε_r − jσ/(ωε0)), rad/m; a wave goes as e^{−jkx}."""
    omega = 2 * np.pi * frequency
    return complex(omega / C0 * np.sqrt(permittivity - 1j * conductivity / (omega * EPS0)))


def quadrature(
    points: np.ndarray,
    radius: float,
    permittivity: float,
    conductivity: float,
    frequency: float,
    rungs: int = 16,
    at: float = 0.36,
) -> np.ndarray:
    """B1+ (n,) in T at `points` (n, 2), m, in a cylinder within a birdcage of endless rungs on radius `at`.

    The rung at angle φ carries e^{−jφ} A. Each rung's cylindrical waves are matched at the cylinder's surface (E_z and H_φ go
    on), order by order; of the orders, only −1 + a multiple of the number of rungs is excited. No screen."""
    from scipy.special import h2vp, hankel2, jv, jvp

    k0, k = 2 * np.pi * frequency / C0, wave_number(permittivity, conductivity, frequency)
    r, phi = np.hypot(*points.T), np.arctan2(points[:, 1], points[:, 0])
    omega = 2 * np.pi * frequency
    total = np.zeros(len(points), complex)
    for m in (-1 - 2 * rungs, -1 - rungs, -1, -1 + rungs, -1 + 2 * rungs):
        sent = -omega * MU0 / 4 * rungs * hankel2(m, k0 * at)
        matched = np.array(
            [
                [jv(m, k * radius), -hankel2(m, k0 * radius)],
                [k * jvp(m, k * radius), -k0 * h2vp(m, k0 * radius)],
            ]
        )
        inside, _ = np.linalg.solve(matched, sent * np.array([jv(m, k0 * radius), k0 * jvp(m, k0 * radius)]))
        # (∂x + j∂y) turns J_m e^{jmφ} into −k J_{m+1} e^{j(m+1)φ}; B1+ is that of E_z over 2ω.
        total += -k / (2 * omega) * inside * jv(m + 1, k * r) * np.exp(1j * (m + 1) * phi)
    return total
