"""FISTA (Beck & Teboulle 2009): gradient step, shrinkage, momentum."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr.reconstruction.operators import Descent, joined
from proband.mr.reconstruction.wavelet import WaveletShrink

AT_ONCE = 10  # iterations between two moments at which Ctrl-C is heard


def momenta(iterations: int) -> list[float]:
    """How far each step goes beyond the last one's way, as its share."""
    found, t = [], 1.0
    for _ in range(iterations):
        t_next = (1 + np.sqrt(1 + 4 * t * t)) / 2
        found.append((t - 1) / t_next)
        t = t_next
    return found


def l1_wavelet(
    descent: Descent, right: np.ndarray, regularisation: float, iterations: int, seed: int = 0
) -> np.ndarray:
    """argmin ½‖Ax − y‖² + λ‖Ψx‖₁ with cycle spinning; complex64 (n0, n1).

    `right` = A^H y (n0, n1). λ is `regularisation` × max|A^H y|/norm, so that it means a share of the image's brightest
    zero-filled voxel whatever the scan's unit; the step is 1/norm."""
    if not np.isfinite(right).all():
        raise ModelError(
            "reconstruction: the samples hold NaN or infinity, where every k-space sample must be a number"
        )
    scale = float(np.abs(right).max()) / descent.norm
    if scale == 0:
        raise ModelError("reconstruction: all k-space samples are zero, so there is nothing to reconstruct")
    # Brightest voxel 1, so that no unit of the raw data comes near the limits of single precision.
    descent.start((right / scale).astype(np.complex64))
    shape = right.shape[::-1] if descent.turned else right.shape
    first = (right.T if descent.turned else right) / (scale * descent.norm)
    image = np.stack([np.real(first), np.imag(first)]).astype(np.float32)
    point = image.copy()
    prox = WaveletShrink(shape, seed)
    pulls = momenta(iterations)
    for first in range(0, iterations, AT_ONCE):
        descent.shrunk(point, image, prox, regularisation, pulls[first : first + AT_ONCE])
    result = joined(image) * np.float32(scale)
    if not np.isfinite(result).all():
        raise ModelError(
            f"reconstruction: the iteration diverged to NaN within {iterations} steps; the maps' norm or the data are out of range"
        )
    return result.T if descent.turned else result
