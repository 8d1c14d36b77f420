"""One two-dimensional problem with samples anywhere in k-space, and the methods that solve it: (n0, n1) complex64 each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proband.model import ModelError
from proband.mr.reconstruction import coils, espirit, fista, sense, total_variation
from proband.mr.reconstruction.fourier import to_kspace
from proband.mr.reconstruction.nufft import NonCartesian, density_weights
from proband.mr.reconstruction.off_resonance import OffResonant


@dataclass(frozen=True, eq=False)
class Free:
    """`samples` (coils, n), `k` (n, 2) cycles per voxel, `times` (n,) s, image `shape`, `given` maps, `field` Hz or None."""

    samples: np.ndarray
    k: np.ndarray
    times: np.ndarray
    shape: tuple[int, int]
    given: np.ndarray | None = None
    field: np.ndarray | None = None

    def weights(self) -> np.ndarray:
        return density_weights(self.k, self.shape)

    def coil_images(self, weights: np.ndarray) -> np.ndarray:
        """Gridded image of every coil (coils, n0, n1), right in brightness where the sampling is dense enough."""
        ones = np.ones((len(self.samples), *self.shape), np.complex64)
        return NonCartesian(ones, self.k, weights).coil_images(self.samples) / np.sqrt(
            np.prod(self.shape), dtype=np.float32
        )

    def maps(self, crop: float, width: int = 24) -> np.ndarray:
        """Sensitivities from the gridded middle of k-space."""
        if self.given is not None:
            return self.given
        if len(self.samples) == 1:
            return np.ones((1, *self.shape), np.complex64)
        n = np.array(self.shape)
        near = (np.abs(self.k) * n <= width / 2 + 1).all(1)
        if near.sum() < width**2 / 4:
            raise ModelError(
                f"sampling: {int(near.sum())} samples in the middle of k-space are too few for coil maps; give maps of the coils"
            )
        middle = Free(self.samples[:, near], self.k[near], self.times[near], self.shape)
        # Least squares on the middle alone: density weights are poor at the rim of a cut-out.
        ones = np.ones((1, *self.shape), np.complex64)
        operator = NonCartesian(ones, middle.k, middle.weights())
        low = np.array([operator.adjoint(s[None]) for s in middle.samples])
        calibration = to_kspace(low, (1, 2))
        half = [min(width, s) // 2 for s in n]
        cut = tuple(slice(s // 2 - h, s // 2 + h) for s, h in zip(n, half, strict=True))
        return espirit.maps(calibration[(slice(None), *cut)], self.shape, crop=crop)[0]

    def operator(self, crop: float, weights: np.ndarray | None = None):
        maps = self.maps(crop)
        if self.field is not None:
            return OffResonant(maps, self.k, self.times, self.field, weights=weights)
        return NonCartesian(maps, self.k, weights)


def _right(operator, samples):
    return (operator.adjoint(samples)).astype(np.complex64)


def gridding(free: Free, combine: str = "adaptive") -> np.ndarray:
    """Density compensation and gridding, for trajectories dense enough without help from coils"""
    weights = free.weights()
    if free.field is not None:
        operator = free.operator(0.0, weights)
        return _right(operator, free.samples)
    images = free.coil_images(weights) * np.sqrt(np.prod(free.shape), dtype=np.float32)
    if len(images) == 1:
        return images[0]
    if combine == "rss":
        return coils.root_sum_of_squares(images).astype(np.complex64)
    return coils.combine(images, free.maps(0.0)).astype(np.complex64)


# Steps of conjugate gradients: of a head by 24 coils the error is least after some four and the noise grows with each further
# one, of undersampled spokes it still falls until some ten.
FEW = 8


def cg_sense(free: Free, iterations: int = FEW, ridge: float = 1e-3, crop: float = 0.9) -> np.ndarray:
    """SENSE along any trajectory by conjugate gradients on density-weighted data, stopped before it makes images of noise"""
    weights = free.weights()
    covered, count = float(weights.sum()) / np.prod(free.shape), len(free.samples)
    if covered * count < 0.5:
        raise ModelError(
            f"sampling: {100 * covered:.0f} % of k-space with {count} coils leaves the image under-determined; sample more or use l1-wavelet"
        )
    operator = free.operator(crop, weights)
    right = _right(operator, free.samples)
    return sense.conjugate_gradients(operator.normal, right, iterations, ridge=ridge)


def l1_wavelet(
    free: Free, regularisation: float = 2e-4, iterations: int = 50, seed: int = 0, crop: float = 0.9
) -> np.ndarray:
    """Compressed sensing along any trajectory: sparse Daubechies wavelets with cycle spinning, FISTA"""
    operator = _plain(free, crop)
    return fista.l1_wavelet(operator.descent(), operator.adjoint(free.samples), regularisation, iterations, seed)


def tv(free: Free, regularisation: float = 4e-4, iterations: int = 150, crop: float = 0.9) -> np.ndarray:
    """Compressed sensing along any trajectory: total variation"""
    operator = _plain(free, crop)
    return total_variation.reconstruct(
        operator, operator.adjoint(free.samples), operator.norm, regularisation, iterations
    )


def _plain(free: Free, crop: float) -> NonCartesian:
    if free.field is not None:
        raise ModelError("reconstruction: a field map goes with gridding or cg-sense, not with compressed sensing")
    return NonCartesian(free.maps(crop), free.k)
