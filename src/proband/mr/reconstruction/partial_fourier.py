"""Images from a little more than half of k-space: homodyne detection and projection onto convex sets (POCS).

Both take the phase from the symmetric centre (Noll 1991; Haacke 1991), along one axis of k-space (…, n)."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr.reconstruction.fourier import to_image, to_kspace


def symmetric_half(sampled: np.ndarray) -> int:
    """How many lines on either side of the centre n//2 are sampled without a gap; `sampled` (n,) bool, one-sided beyond."""
    n, c = sampled.size, sampled.size // 2
    there = np.flatnonzero(sampled)
    if not there.size or not sampled[there[0] : there[-1] + 1].all():
        raise ModelError(
            "partial Fourier: the sampled lines have gaps, where one block from beyond the centre to an edge is needed"
        )
    half = min(c - there[0], there[-1] - c)
    if half < 4:
        raise ModelError(
            f"partial Fourier: {max(int(half), 0)} lines beyond the centre, where the phase needs at least 4"
        )
    if there[0] > 0 and there[-1] < n - 2:
        raise ModelError("partial Fourier: both edges of k-space are missing, where one must be complete")
    return int(half)


def _low_phase(kspace: np.ndarray, half: int) -> np.ndarray:
    """Phase factor of the symmetric centre, Hann-weighted, (…, n)."""
    n = kspace.shape[-1]
    distance = np.abs(np.arange(n) - n // 2)
    window = np.where(distance <= half, 0.5 * (1 + np.cos(np.pi * distance / (half + 1))), 0)
    low = to_image(kspace * window.astype(np.float32), (-1,))
    return np.exp(1j * np.angle(low))


def homodyne(kspace: np.ndarray, sampled: np.ndarray) -> np.ndarray:
    """Image (…, n) of kspace (…, n): one-sided lines count twice, phase from the centre; keeps that phase."""
    half = symmetric_half(sampled)
    n = sampled.size
    offset = np.arange(n) - n // 2
    side = 1 if sampled[-1] or np.flatnonzero(sampled)[-1] >= n - 2 else -1
    ramp = np.clip(1 + side * offset / (half + 1), 0, 2) * sampled
    phase = _low_phase(kspace * sampled, half)
    image = to_image((kspace * ramp).astype(np.complex64), (-1,))
    return (np.real(image * phase.conj()) * phase).astype(np.complex64)


def pocs(kspace: np.ndarray, sampled: np.ndarray, iterations: int = 20) -> np.ndarray:
    """Image (…, n): in turn the measured lines and the centre's phase are restored."""
    half = symmetric_half(sampled)
    data = np.where(sampled, kspace, 0).astype(np.complex64)
    phase = _low_phase(data, half)
    estimate = data
    for _ in range(iterations):
        image = to_image(estimate, (-1,))
        image = np.abs(image) * phase
        estimate = np.where(sampled, data, to_kspace(image.astype(np.complex64), (-1,)))
    return to_image(estimate, (-1,)).astype(np.complex64)
