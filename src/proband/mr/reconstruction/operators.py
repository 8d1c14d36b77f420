"""What a scan does to an image, as linear operators: coils, Fourier transform, sampling.

Every operator has `forward` (image → samples), `adjoint` and `normal` (adjoint of forward). Images are (n0, n1), maps
(coils, n0, n1), complex64."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.fft

from proband.mr import threads
from proband.mr.reconstruction import fused
from proband.mr.reconstruction.fourier import to_image, to_kspace
from proband.mr.reconstruction.wavelet import WaveletShrink


def planes(image: np.ndarray) -> np.ndarray:
    """Complex (…) as real and imaginary planes (2, …), float32."""
    return np.stack([np.real(image), np.imag(image)]).astype(np.float32)


def joined(image: np.ndarray) -> np.ndarray:
    """Planes (2, …) as complex64 (…)."""
    return image[0] + np.complex64(1j) * image[1]


@dataclass(frozen=True, eq=False)
class Cartesian:
    """A 2-D Cartesian scan: `maps` (coils, n0, n1), `mask` (n0, n1) of 0 and 1, Fourier transform along `axes`.

    An axis that is fully sampled is best transformed once before (readout) and left out of `axes`."""

    maps: np.ndarray
    mask: np.ndarray
    axes: tuple[int, ...] = (0, 1)

    @property
    def _axes(self) -> tuple[int, ...]:
        return tuple(a - 2 for a in self.axes)

    @property
    def norm_bound(self) -> float:
        """An upper bound of the largest eigenvalue of `normal`, since the transform is unitary."""
        return float((np.abs(self.maps) ** 2).sum(0).max())

    def forward(self, image: np.ndarray) -> np.ndarray:
        return self.mask * to_kspace(self.maps * image, self._axes)

    def adjoint(self, kspace: np.ndarray) -> np.ndarray:
        return (self.maps.conj() * to_image(self.mask * kspace, self._axes)).sum(0)

    def normal(self, image: np.ndarray) -> np.ndarray:
        # The centring of image and k-space cancels but for the mask's own.
        mask = scipy.fft.ifftshift(self.mask, axes=self._axes)
        spectrum = np.asarray(
            scipy.fft.fftn(self.maps * image, axes=self._axes, workers=threads.count(), overwrite_x=True)
        )
        spectrum *= mask
        coils = np.asarray(scipy.fft.ifftn(spectrum, axes=self._axes, workers=threads.count(), overwrite_x=True))
        return np.einsum("cij,cij->ij", self.maps.conj(), coils)

    def descent(self) -> Descent:
        """A gradient step of length 1/norm as an in-place function on planes: compiled where the sizes allow it."""
        if self.axes == (0,) and fused.supports(self.mask.shape[0]):
            return _LineDescent(self)
        if self.axes == (1,) and fused.supports(self.mask.shape[1]):
            turned = Cartesian(self.maps.transpose(0, 2, 1), self.mask.T, (0,))
            return _LineDescent(turned, turned=True)
        if self.axes == (0, 1) and all(fused.supports(n) and n % fused.LANES == 0 for n in self.mask.shape):
            return ConvolutionDescent(self, scipy.fft.ifftshift(self.mask).astype(np.float32), 1 / self.norm_bound)
        return PlainDescent(self, self.norm_bound)


class Descent:
    """point ← point − (A^H A point − A^H y)/norm, in place, on planes (2, n0, n1) as the problem lays them out.

    `turned`: the axes were exchanged."""

    norm: float
    turned: bool = False

    def adjoint(self, samples: np.ndarray) -> np.ndarray:
        """A^H samples, complex (n0, n1) as the caller has it."""
        raise NotImplementedError

    def start(self, right: np.ndarray) -> None:
        """Take A^H y, complex (n0, n1), as the caller has it."""
        raise NotImplementedError

    def step(self, point: np.ndarray) -> None:
        raise NotImplementedError

    def shrunk(
        self, point: np.ndarray, image: np.ndarray, prox: WaveletShrink, threshold: float, momenta: list[float]
    ) -> None:
        """A step and a threshold of wavelets for each of `momenta`, in place on `point` and `image`."""
        for momentum in momenta:
            self.step(point)
            prox.shrink(point, threshold, momentum, image)


class PlainDescent(Descent):
    """The same with NumPy and SciPy, for any operator."""

    def __init__(self, operator, norm: float):
        self.operator, self.norm = operator, norm

    def adjoint(self, samples):
        return self.operator.adjoint(samples)

    def start(self, right):
        self.right = (right / self.norm).astype(np.complex64)

    def step(self, point):
        x = joined(point)
        x = x + self.right - self.operator.normal(x) / self.norm
        point[0], point[1] = np.real(x), np.imag(x)


class _LineDescent(Descent):
    """Fourier transform along axis 0 only; tiles of columns, shared among threads."""

    def __init__(self, operator: Cartesian, turned: bool = False):
        lanes = fused.LANES
        coils, n0, n1 = operator.maps.shape
        self.tiles, self.turned, self.norm, self.n1 = -(-n1 // lanes), turned, operator.norm_bound, n1
        width, order = self.tiles * lanes, fused.frequency_order(n0)
        source = np.ascontiguousarray(operator.maps, np.complex64)
        self.maps = np.zeros((self.tiles, coils, 2, n0, lanes), np.float32)
        threads.side_by_side(lambda first, last, _: fused.fill_tiles(source, first, last, self.maps), self.tiles)
        # Row j holds frequency order[j]: row order[j] + n0/2 of centred k-space; the image's centring alternates signs.
        self.rows, self.signs = (
            (order + n0 // 2) % n0,
            ((1 - 2 * (order % 2)) * np.sqrt(n0) * self.norm).astype(np.float32),
        )
        mask = np.zeros((n0, width), np.float32)
        mask[:, :n1] = operator.mask[self.rows] / (n0 * self.norm)
        self.mask = mask.reshape(n0, self.tiles, lanes)
        self.twiddles = fused.twiddles(n0)

    def adjoint(self, samples):
        samples = np.ascontiguousarray(samples.transpose(0, 2, 1) if self.turned else samples, np.complex64)
        out = np.empty((2, samples.shape[1], self.tiles, fused.LANES), np.float32)
        threads.side_by_side(
            lambda first, last, _: fused.cartesian_adjoint(
                samples, self.maps, self.mask, self.rows, self.signs, *self.twiddles, first, last, out
            ),
            self.tiles,
        )
        image = joined(out.reshape(2, samples.shape[1], -1)[:, :, : self.n1])
        return image.T if self.turned else image

    def start(self, right):
        right = right.T if self.turned else right
        wide = np.zeros((2, right.shape[0], self.tiles * fused.LANES), np.float32)
        wide[0, :, : self.n1], wide[1, :, : self.n1] = np.real(right) / self.norm, np.imag(right) / self.norm
        self.right = wide.reshape(2, right.shape[0], self.tiles, fused.LANES)
        self.padded = np.zeros_like(wide) if self.n1 != wide.shape[2] else None

    def step(self, point):
        whole = point
        if self.padded is not None:
            whole = self.padded
            whole[:, :, : self.n1] = point
        tiled = whole.reshape(self.right.shape)
        threads.side_by_side(
            lambda first, last, _: fused.cartesian_step(
                tiled, self.right, self.maps, self.mask, *self.twiddles, first, last
            ),
            self.tiles,
        )
        if self.padded is not None:
            point[:] = whole[:, :, : self.n1]

    def shrunk(self, point, image, prox, threshold, momenta):
        if self.padded is not None:
            return super().shrunk(point, image, prox, threshold, momenta)
        tiled, shifts = point.reshape(self.right.shape), np.array([prox.shift() for _ in momenta])
        least, pulls, planes = np.float32(threshold), np.array(momenta, np.float32), tuple(prox.planes)
        threads.together(
            lambda gate, part, parts: fused.wavelet_steps(
                point, tiled, self.right, self.maps, self.mask, *self.twiddles, image, planes, shifts, least, pulls,
                gate, part, parts,
            )
        )  # fmt: skip


class ConvolutionDescent(Descent):
    """A^H A as one convolution between the coil multiplications; coils are shared among threads.

    `spectrum` (m0, m1) real, in the order of an ordinary (not centred) FFT, of the point-spread function on a grid at least
    twice the image's (Toeplitz embedding), or on the image's own where the sampling is Cartesian."""

    def __init__(self, operator, spectrum: np.ndarray, share: float):
        lanes, maps, self.operator = fused.LANES, operator.maps, operator
        self.norm = 1 / share
        m0, m1 = spectrum.shape
        ordered = spectrum[np.ix_(fused.frequency_order(m0), fused.frequency_order(m1))] * (share / (m0 * m1))
        self.spectrum = np.ascontiguousarray(
            ordered.reshape(m0 // lanes, lanes, m1).transpose(0, 2, 1), dtype=np.float32
        )
        self.maps = np.stack([np.real(maps), np.imag(maps)], axis=1).astype(np.float32)
        n0, n1 = maps.shape[1:]
        parts = min(threads.count(), len(maps))
        self.work = [np.empty((2, m0, n1), np.float32) for _ in range(parts)]
        self.sums = [np.empty((2, n0, n1), np.float32) for _ in range(parts)]
        self.twiddles = (*fused.twiddles(m0), *fused.twiddles(m1))

    def adjoint(self, samples):
        return self.operator.adjoint(samples)

    def start(self, right):
        self.right = planes(right / self.norm)

    def apply(self, point: np.ndarray) -> np.ndarray:
        """A^H A point/norm, planes."""
        threads.side_by_side(
            lambda first, last, part: fused.toeplitz_normal(
                point, self.maps, self.spectrum, *self.twiddles, first, last, self.work[part], self.sums[part]
            ),
            len(self.maps),
        )
        total = self.sums[0]
        for more in self.sums[1:]:
            total += more
        return total

    def step(self, point):
        total = self.apply(point)
        point += self.right
        point -= total
