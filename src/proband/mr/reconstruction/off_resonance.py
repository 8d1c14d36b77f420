"""Blurring and distortion by off-resonance undone: the field map enters the signal equation (Sutton et al. 2003)."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr.reconstruction.nufft import NonCartesian


def segments_for(field: np.ndarray, duration: float) -> int:
    """How many time segments: two for each turn of phase that the field's range makes over the readout, and three more."""
    return int(np.ceil(2 * (float(field.max()) - float(field.min())) * duration)) + 3


def interpolators(frequencies: np.ndarray, times: np.ndarray, segments: int) -> tuple[np.ndarray, np.ndarray]:
    """(b (segments, samples), segment times): exp(−2πi f t) ≈ Σ b_l(t) exp(−2πi f t_l), least squares over the frequencies."""
    centres = np.linspace(times.min(), times.max(), segments)
    design = np.exp(-2j * np.pi * np.outer(frequencies, centres))
    unique, back = np.unique(times, return_inverse=True)
    wanted = np.exp(-2j * np.pi * np.outer(frequencies, unique))
    return (np.linalg.pinv(design, rcond=1e-6) @ wanted)[:, back], centres


class OffResonant:
    """`NonCartesian` with precession during the readout.

    `times` (samples,) s since the moment whose phase the image keeps; `field` (n0, n1), Hz."""

    def __init__(self, maps, k, times, field, segments: int | None = None, weights=None, tolerance: float = 1e-5):
        field, times = np.asarray(field, float), np.asarray(times, float)
        if field.shape != maps.shape[1:]:
            raise ModelError(f"field map: shape {field.shape}, where the image has {maps.shape[1:]}")
        if not np.isfinite(field).all():
            raise ModelError("field map: it holds NaN, where every voxel needs a frequency in Hz")
        if times.shape != (len(k),):
            raise ModelError(f"off-resonance: {times.shape} times for {len(k)} samples, where each sample needs one")
        self.transform = NonCartesian(maps, k, weights, tolerance)
        segments = segments or segments_for(field, float(np.ptp(times)))
        frequencies = np.linspace(field.min(), field.max(), max(64, 4 * segments))
        b, centres = interpolators(frequencies, times, segments)
        self.b = b.astype(np.complex64)
        self.phases = np.exp(-2j * np.pi * field * centres[:, None, None]).astype(np.complex64)

    def forward(self, image: np.ndarray) -> np.ndarray:
        parts = [b * self.transform.forward(image * phase) for b, phase in zip(self.b, self.phases, strict=True)]
        return np.sum(parts, axis=0)

    def adjoint(self, samples: np.ndarray) -> np.ndarray:
        parts = []
        for b, phase in zip(self.b, self.phases, strict=True):
            parts.append(phase.conj() * self.transform.adjoint((b.conj() * samples).astype(np.complex64)))
        return np.sum(parts, axis=0)

    def normal(self, image: np.ndarray) -> np.ndarray:
        return self.adjoint(self.forward(image))
