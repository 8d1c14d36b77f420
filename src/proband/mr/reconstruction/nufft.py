"""Scans whose samples lie anywhere in k-space: the non-uniform Fourier transform by FINUFFT, and what goes with it."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import scipy.fft

from proband.model import ModelError
from proband.mr import threads
from proband.mr.reconstruction import fused
from proband.mr.reconstruction.operators import ConvolutionDescent, Descent, PlainDescent, joined, planes


class NonCartesian:
    """Coils and non-uniform Fourier transform in two dimensions.

    `maps` (coils, n0, n1); `k` (samples, 2), cycles per voxel, within ± 1/2; `weights` (samples,) of the squared
    deviations (1 where not given). forward: s_j = Σ ρ(n) exp(−2πi k_j · (n − N//2))/√N, N the number of voxels.
    `normal` uses the Toeplitz structure: a convolution on a grid of twice the size instead of two transforms."""

    def __init__(self, maps: np.ndarray, k: np.ndarray, weights: np.ndarray | None = None, tolerance: float = 1e-5):
        k = np.asarray(k, float)
        if not np.isfinite(k).all() or np.abs(k).max(initial=0) > 0.5 + 1e-6:
            raise ModelError(
                f"trajectory: |k| reaches {np.abs(k).max(initial=0):.3g} cycles per voxel, where the grid's voxels allow 0.5 at most"
            )
        self.maps = np.asarray(maps, np.complex64)
        self.k, self.tolerance = k, tolerance
        self.weights = None if weights is None else np.asarray(weights, np.float32)
        self.shape = self.maps.shape[1:]
        # Below some size the threads' meetings cost more than their work.
        self._threads = threads.count() if len(k) * len(self.maps) > 100_000 else 1
        self._scale = np.float32(1 / np.sqrt(np.prod(self.shape)))

    def _plan(self, kind: int, sign: int, transforms: int, shape, precision="complex64", tolerance=None):
        import finufft

        plan = finufft.Plan(
            kind,
            shape,
            n_trans=transforms,
            eps=tolerance or self.tolerance,
            isign=sign,
            dtype=precision,
            nthreads=self._threads,
        )
        real = np.float32 if precision == "complex64" else np.float64
        angle = (2 * np.pi * self.k.T).astype(real)
        plan.setpts(np.ascontiguousarray(angle[0]), np.ascontiguousarray(angle[1]))
        return plan

    @cached_property
    def _to_samples(self):
        return self._plan(2, -1, len(self.maps), self.shape)

    @cached_property
    def _to_image(self):
        return self._plan(1, 1, len(self.maps), self.shape)

    def forward(self, image: np.ndarray) -> np.ndarray:
        """(coils, samples), not weighted."""
        return self._to_samples.execute((self.maps * (image * self._scale)).astype(np.complex64)).reshape(
            len(self.maps), -1
        )

    def adjoint(self, samples: np.ndarray) -> np.ndarray:
        """A^H W samples."""
        return np.einsum("cij,cij->ij", self.maps.conj(), self.coil_images(samples))

    def coil_images(self, samples: np.ndarray) -> np.ndarray:
        """The adjoint transform of every coil (coils, n0, n1), weighted."""
        weighted = samples if self.weights is None else samples * self.weights
        return self._to_image.execute(np.ascontiguousarray(weighted * self._scale, np.complex64)).reshape(
            self.maps.shape
        )

    @cached_property
    def spectrum(self) -> np.ndarray:
        """Spectrum (m0, m1) of the point-spread function on the embedding grid, real, ordinary FFT order."""
        sizes = [int(scipy.fft.next_fast_len(2 * n) or 2 * n) for n in self.shape]
        powers = [1 << (2 * n - 1).bit_length() for n in self.shape]
        if all(fused.supports(m) and n % fused.LANES == 0 for m, n in zip(powers, self.shape, strict=True)):
            sizes = powers
        # An even window of lags −m/2 … m/2 − 1 covers all lags of the image; what lies beyond must not alias into it.
        window = [m + m % 2 for m in sizes]
        ones = np.ones(len(self.k)) if self.weights is None else self.weights.astype(float)
        spread = self._plan(1, 1, 1, tuple(window), "complex128", 1e-9).execute(ones.astype(complex)) / np.prod(
            self.shape
        )
        for axis, (n, w) in enumerate(zip(self.shape, window, strict=True)):
            lag = np.abs(np.arange(w) - w // 2) < n
            spread = spread * (lag[:, None] if axis == 0 else lag)
        return np.real(np.asarray(scipy.fft.fftn(scipy.fft.ifftshift(spread), workers=threads.count()))).astype(
            np.float32
        )

    @property
    def _fits_tiles(self) -> bool:
        return all(fused.supports(m) for m in self.spectrum.shape) and all(n % fused.LANES == 0 for n in self.shape)

    @cached_property
    def _convolution(self) -> ConvolutionDescent:
        return ConvolutionDescent(self, self.spectrum, 1.0)

    def normal(self, image: np.ndarray) -> np.ndarray:
        """A^H W A image."""
        if self._fits_tiles:
            return joined(self._convolution.apply(planes(image)))
        n0, n1 = self.shape
        wide = np.asarray(
            scipy.fft.fftn(self.maps * image, s=self.spectrum.shape, axes=(1, 2), workers=threads.count())
        )
        wide *= self.spectrum
        back = np.asarray(scipy.fft.ifftn(wide, axes=(1, 2), workers=threads.count(), overwrite_x=True))[:, :n0, :n1]
        return np.einsum("cij,cij->ij", self.maps.conj(), back)

    @cached_property
    def norm(self) -> float:
        """The largest eigenvalue of `normal`, by the power method, 5 % above its last estimate."""
        random = np.random.default_rng(0)
        image = (self.maps[0] + 0.1 * random.standard_normal(self.shape)).astype(np.complex64)
        size = 0.0
        for _ in range(12):
            image = self.normal(image / np.linalg.norm(image))
            size = float(np.linalg.norm(image))
        return 1.05 * size

    def descent(self) -> Descent:
        if self._fits_tiles:
            return ConvolutionDescent(self, self.spectrum, 1 / self.norm)
        return PlainDescent(self, self.norm)


def density_weights(k: np.ndarray, shape: tuple[int, int], iterations: int = 15) -> np.ndarray:
    """Density compensation (samples,), by Pipe and Menon's fixed point (1999, MRM 41:179): w ← w/|w ∗ ψ|.

    ψ is sinc², the transform of a triangle over twice the field of view: positive, so every weight stays so. Scaled so that
    the weights sum to the area of k-space that is covered, in units of the Nyquist cell."""
    import finufft

    angle = (2 * np.pi * np.asarray(k, float)).astype(np.float32)
    x, y = np.ascontiguousarray(angle[:, 0]), np.ascontiguousarray(angle[:, 1])
    wide = tuple(2 * n for n in shape)
    triangle = [1 - np.abs(np.arange(2 * n) - n) / n for n in shape]
    window = (triangle[0][:, None] * triangle[1] / np.prod(shape)).astype(np.float32)
    settings = {"n_trans": 1, "eps": 1e-4, "dtype": "complex64", "nthreads": threads.count() if len(x) > 100_000 else 1}
    spread, gather = finufft.Plan(1, wide, isign=1, **settings), finufft.Plan(2, wide, isign=-1, **settings)
    spread.setpts(x, y)
    gather.setpts(x, y)
    w = np.ones(len(angle))
    for _ in range(iterations):
        local = np.real(gather.execute(spread.execute(w.astype(np.complex64)) * window))
        w = w / np.maximum(local, 1e-12)
    return w
