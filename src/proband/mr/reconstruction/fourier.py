"""Centred unitary Fourier transforms: index n//2 is the origin in the image and in k-space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.fft

from proband.mr import threads


def to_kspace(image: np.ndarray, axes: Sequence[int]) -> np.ndarray:
    """s(m) = Σ_n ρ(n) exp(−2πi (m − N//2)(n − N//2)/N)/√N along `axes`; keeps the precision."""
    shifted = scipy.fft.ifftshift(image, axes=axes)
    return scipy.fft.fftshift(scipy.fft.fftn(shifted, axes=axes, norm="ortho", workers=threads.count()), axes=axes)


def to_image(kspace: np.ndarray, axes: Sequence[int]) -> np.ndarray:
    """The inverse of `to_kspace`, which is its adjoint."""
    shifted = scipy.fft.ifftshift(kspace, axes=axes)
    return scipy.fft.fftshift(scipy.fft.ifftn(shifted, axes=axes, norm="ortho", workers=threads.count()), axes=axes)
