"""Total-variation reconstruction by a primal–dual splitting (Condat 2013; Vũ 2013)."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError


def differences(image: np.ndarray) -> np.ndarray:
    """Forward differences (2, n0, n1), zero at the far edges."""
    out = np.zeros((2, *image.shape), image.dtype)
    out[0, :-1] = image[1:] - image[:-1]
    out[1, :, :-1] = image[:, 1:] - image[:, :-1]
    return out


def differences_adjoint(field: np.ndarray) -> np.ndarray:
    """The adjoint of `differences`."""
    out = np.zeros(field.shape[1:], field.dtype)
    out[:-1] -= field[0, :-1]
    out[1:] += field[0, :-1]
    out[:, :-1] -= field[1, :, :-1]
    out[:, 1:] += field[1, :, :-1]
    return out


def reconstruct(operator, right: np.ndarray, norm: float, regularisation: float, iterations: int = 150) -> np.ndarray:
    """argmin ½‖Ax − y‖² + λ Σ|∇x|; complex64 (n0, n1).

    `right` = A^H y, `norm` ≥ the largest eigenvalue of A^H A, λ = `regularisation` × max|right|."""
    scale = float(np.abs(right).max()) / norm
    if not np.isfinite(scale):
        raise ModelError(
            "reconstruction: the samples hold NaN or infinity, where every k-space sample must be a number"
        )
    if scale == 0:
        raise ModelError("reconstruction: all k-space samples are zero, so there is nothing to reconstruct")
    data = (right / (scale * norm)).astype(np.complex64)
    x = data.copy()
    dual = np.zeros((2, *x.shape), np.complex64)
    sigma = np.float32(0.125)
    tau = np.float32(0.99 / (0.5 + 8 * sigma))  # 1/τ − σ‖∇‖² ≥ L/2 with L = 1, ‖∇‖² ≤ 8
    for _ in range(iterations):
        new = x - tau * (operator.normal(x) / np.float32(norm) - data + differences_adjoint(dual))
        dual += sigma * differences(2 * new - x)
        dual /= np.maximum(1, np.sqrt((np.abs(dual) ** 2).sum(0)) / np.float32(regularisation))
        x = new
    if not np.isfinite(x).all():
        raise ModelError(
            f"reconstruction: total variation diverged to NaN within {iterations} steps; the data are out of range"
        )
    return (x * np.float32(scale)).astype(np.complex64)
