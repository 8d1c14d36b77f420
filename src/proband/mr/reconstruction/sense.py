"""SENSE by conjugate gradients, what it costs in noise (g-factor), and a check of that by replicas."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from proband.model import ModelError


def conjugate_gradients(
    normal: Callable[[np.ndarray], np.ndarray],
    right: np.ndarray,
    iterations: int = 30,
    tolerance: float = 1e-5,
    ridge: float = 0.0,
) -> np.ndarray:
    """x with (N + ridge) x = right for a Hermitian positive `normal` (Hestenes & Stiefel 1952), complex64."""
    x = np.zeros_like(right)
    residual = right.copy()
    direction = residual.copy()
    power = first = float(np.vdot(residual, residual).real)
    if not np.isfinite(first):
        raise ModelError(
            "reconstruction: the samples hold NaN or infinity, where every k-space sample must be a number"
        )
    if first == 0:
        raise ModelError("reconstruction: all k-space samples are zero, so there is nothing to reconstruct")
    for step in range(iterations):
        image = normal(direction) + ridge * direction
        curvature = float(np.vdot(direction, image).real)
        if not np.isfinite(curvature) or curvature <= 0:
            raise ModelError(
                f"reconstruction: conjugate gradients broke down at step {step + 1}; the sampling is under-determined"
            )
        length = power / curvature
        x += np.complex64(length) * direction
        residual -= np.complex64(length) * image
        new = float(np.vdot(residual, residual).real)
        if new < tolerance**2 * first:
            break
        direction = residual + np.complex64(new / power) * direction
        power = new
    if not np.isfinite(x).all():
        raise ModelError("reconstruction: conjugate gradients diverged to NaN; the data are out of range")
    return x


def g_factor(maps: np.ndarray, acceleration: tuple[int, int], limit: float = 100.0) -> np.ndarray:
    """g (n0, n1) of SENSE with every R-th line along axes 0 and 1 (Pruessmann 1999), white noise; 0 outside the maps.

    g = √([(S^H S)⁻¹]_ρρ [S^H S]_ρρ) over the voxels that fold onto each other. Where noise would grow more than `limit`
    times the problem is singular for every practical purpose, and refused."""
    coils, n0, n1 = maps.shape
    r0, r1 = acceleration
    if n0 % r0 or n1 % r1 or r0 < 1 or r1 < 1:
        raise ModelError(f"g-factor: acceleration {r0} × {r1} of {n0} × {n1} voxels, where each must divide its side")
    folded = maps.reshape(coils, r0, n0 // r0, r1, n1 // r1).transpose(2, 4, 0, 1, 3)
    folded = folded.reshape(n0 // r0, n1 // r1, coils, r0 * r1).astype(np.complex128)
    gram = folded.conj().transpose(0, 1, 3, 2) @ folded
    power = np.einsum("ijkk->ijk", gram).real
    there = power > 1e-12
    # Voxels without object take no part: give them a row of their own.
    eye = np.eye(r0 * r1)
    gram = np.where(there[..., :, None] & there[..., None, :], gram, 0) + np.where(there, 0, 1)[..., None] * eye
    if r0 * r1 > coils and (there.sum(-1) > coils).any():
        raise ModelError(
            f"sampling: acceleration {r0} × {r1} folds {int(there.sum(-1).max())} voxels onto each other and only {coils} coils tell "
            "them apart; use fewer folds, more coils or compressed sensing"
        )
    value, vector = np.linalg.eigh(gram)
    value = np.maximum(value, 1e-15 * value[..., -1:])
    inverse = np.einsum("ijkm,ijm->ijk", np.abs(vector) ** 2, 1 / value)
    g = np.where(there, np.sqrt(np.maximum(inverse * np.where(there, power, 1), 1)), 0)
    if g.max() > limit:
        raise ModelError(
            f"sampling: acceleration {r0} × {r1} with {coils} coils is singular (g-factor up to {g.max():.3g}, limit {limit:g}); use a "
            "second direction, more coils or compressed sensing"
        )
    return g.reshape(n0 // r0, n1 // r1, r0, r1).transpose(2, 0, 3, 1).reshape(n0, n1)


def pseudo_replica(
    reconstruct: Callable[[np.ndarray], np.ndarray],
    kspace: np.ndarray,
    mask: np.ndarray,
    sigma: float,
    replicas: int,
    seed: int,
) -> np.ndarray:
    """Noise (standard deviation of the complex image) of a reconstruction of `kspace` by adding fresh noise (Robson 2008).

    `reconstruct` takes k-space like the one given; `sigma` is the standard deviation of a sample's complex noise."""
    random = np.random.default_rng(seed)
    total = square = 0.0
    for _ in range(replicas):
        noise = random.standard_normal((2, *kspace.shape)).astype(np.float32) * (sigma / np.sqrt(2))
        image = reconstruct((kspace + mask * (noise[0] + 1j * noise[1])).astype(np.complex64)).astype(complex)
        total = total + image
        square = square + np.abs(image) ** 2
    return np.sqrt(np.maximum(square / replicas - np.abs(total / replicas) ** 2, 0) * replicas / (replicas - 1))
