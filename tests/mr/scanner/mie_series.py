"""Plane wave on a homogeneous sphere (Mie 1908; notation of Bohren and Huffman 1983, chapter 4, time as e^{−iωt})."""

from functools import partial

import numpy as np
from scipy.special import spherical_jn, spherical_yn

C0 = 299792458.0


def bracket(z, f, df):
    """(z f)'"""
    return f + z * df


def inside(points, radius, permittivity, frequency, terms=12):
    """E (n, 3) V/m and B (n, 3) T inside; incident 1 V/m along x, going to +z; time as e^{+jωt}, permittivity ε' − jε''."""
    m = np.sqrt(np.conj(permittivity))
    k = 2 * np.pi * frequency / C0
    x = k * radius
    r = np.linalg.norm(points, axis=1)
    theta = np.arccos(points[:, 2] / r)
    phi = np.arctan2(points[:, 1], points[:, 0])
    mu, s = np.cos(theta), np.sin(theta)
    E = np.zeros((3, len(r)), complex)  # r, θ, φ
    H = np.zeros_like(E)
    pi_before, pi_now = np.zeros_like(mu), np.ones_like(mu)
    for n in range(1, terms + 1):
        tau = n * mu * pi_now - (n + 1) * pi_before
        j = partial(spherical_jn, n)
        h, dh = j(x) + 1j * spherical_yn(n, x), j(x, True) + 1j * spherical_yn(n, x, True)
        xh, xj, mj = bracket(x, h, dh), bracket(x, j(x), j(x, True)), bracket(m * x, j(m * x), j(m * x, True))
        c = (j(x) * xh - h * xj) / (j(m * x) * xh - h * mj)
        d = (m * j(x) * xh - m * h * xj) / (m**2 * j(m * x) * xh - h * mj)
        rho = m * k * r
        f, df = j(rho), bracket(rho, j(rho), j(rho, True)) / rho
        amount = 1j**n * (2 * n + 1) / (n * (n + 1))
        M_o = np.stack([0 * f, np.cos(phi) * pi_now * f, -np.sin(phi) * tau * f])
        M_e = np.stack([0 * f, -np.sin(phi) * pi_now * f, -np.cos(phi) * tau * f])
        common = n * (n + 1) * s * pi_now * f / rho
        N_e = np.stack([np.cos(phi) * common, np.cos(phi) * tau * df, -np.sin(phi) * pi_now * df])
        N_o = np.stack([np.sin(phi) * common, np.sin(phi) * tau * df, np.cos(phi) * pi_now * df])
        E += amount * (c * M_o - 1j * d * N_e)
        H += amount * (d * M_e + 1j * c * N_o)
        pi_before, pi_now = pi_now, ((2 * n + 1) * mu * pi_now - (n + 1) * pi_before) / n
    B = -m / C0 * H
    unit = np.stack(
        [
            np.stack([s * np.cos(phi), s * np.sin(phi), mu]),
            np.stack([mu * np.cos(phi), mu * np.sin(phi), -s]),
            np.stack([-np.sin(phi), np.cos(phi), 0 * phi]),
        ]
    )

    def world(v):
        return np.conj(np.einsum("kn,kin->ni", v, unit))

    return world(E), world(B)
