"""Receiver noise: its covariance, and the change of channels after which it is white."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError


def covariance(samples: np.ndarray) -> np.ndarray:
    """Noise covariance (coils, coils) of noise-only `samples` (readouts, coils, samples)."""
    flat = np.moveaxis(samples, 1, 0).reshape(samples.shape[1], -1)
    if flat.shape[1] < 10 * len(flat):
        raise ModelError(
            f"noise: {flat.shape[1]} noise samples for {len(flat)} coils, where a covariance wants at least {10 * len(flat)}"
        )
    flat = flat - flat.mean(1, keepdims=True)
    return flat @ flat.conj().T / (flat.shape[1] - 1)


def whitening(noise: np.ndarray) -> np.ndarray:
    """W (coils, coils) with W Ψ W^H = 1 for the covariance Ψ: the inverse of its Cholesky factor (Pruessmann 2001)."""
    noise = np.asarray(noise)
    if noise.ndim != 2 or noise.shape[0] != noise.shape[1] or not np.isfinite(noise).all():
        raise ModelError(
            f"noise: a covariance of shape {noise.shape} or with NaN, where (coils, coils) of numbers is right"
        )
    if not np.allclose(noise, noise.conj().T, rtol=1e-4, atol=1e-6 * np.abs(noise).max(initial=0)):
        raise ModelError("noise: the covariance is not Hermitian, where E[n n^H] always is")
    try:
        return np.linalg.inv(np.linalg.cholesky(noise))
    except np.linalg.LinAlgError:
        raise ModelError("noise: the covariance is not positive definite; two channels may be copies of one") from None


def prewhiten(signal: np.ndarray, noise: np.ndarray, axis: int = 1) -> np.ndarray:
    """The signal in channels whose noise is white with variance 1; `axis` is that of the coils. complex64."""
    white = np.tensordot(whitening(noise), signal, axes=(1, axis))
    return np.moveaxis(white, 0, axis).astype(np.complex64)
