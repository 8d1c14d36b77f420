"""One two-dimensional problem cut from a Cartesian scan, and the methods that solve it.

Every method takes a `Plane` and its options and returns the film (frames, n0, n1), complex64."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proband.model import ModelError
from proband.mr.reconstruction import (
    coils,
    espirit,
    fista,
    grappa,
    low_rank_sparse,
    partial_fourier,
    sense,
    total_variation,
)
from proband.mr.reconstruction.fourier import to_image, to_kspace
from proband.mr.reconstruction.operators import Cartesian


@dataclass(frozen=True, eq=False)
class Plane:
    """`data` (frames, coils, n0, n1), `mask` (frames, n0, n1), `axes` (of 0, 1) still in k-space, `given` maps or None."""

    data: np.ndarray
    mask: np.ndarray
    axes: tuple[int, ...]
    given: np.ndarray | None = None

    def average(self) -> tuple[np.ndarray, np.ndarray]:
        """(mean k-space over frames (coils, n0, n1) with all of the plane in k-space, what was sampled at all)."""
        hits = self.mask.sum(0)
        mean = self.data.sum(0) / np.maximum(hits, 1)
        missing = tuple(a - 2 for a in (0, 1) if a not in self.axes)
        return (to_kspace(mean, missing) if missing else mean).astype(np.complex64), hits > 0

    def maps(self, crop: float) -> np.ndarray:
        """Sensitivities (coils, n0, n1): those given, or ESPIRiT's; of one coil, ones."""
        if self.given is not None:
            return self.given
        if self.data.shape[1] == 1:
            return np.ones(self.data.shape[1:], np.complex64)
        mean, sampled = self.average()
        return espirit.maps(espirit.calibration(mean, sampled), mean.shape[1:], crop=crop)[0]

    def operators(self, maps: np.ndarray) -> list[Cartesian]:
        return [Cartesian(maps, m, self.axes) for m in self.mask]

    def coil_images(self) -> np.ndarray:
        return to_image(self.data, tuple(a - 2 for a in self.axes))

    def line_axis(self) -> int:
        """The single axis with missing lines."""
        if len(self.axes) == 1:
            return self.axes[0]
        partial = [a for a in self.axes if not (self.mask.max(axis=2 - a) == self.mask.min(axis=2 - a)).all()]
        some = [a for a in self.axes if not self.mask.any(axis=2 - a).all()]
        if len(some) > 1 or partial:
            raise ModelError(
                "sampling: lines are missing along two directions, where this method takes one; use cg-sense or l1-wavelet"
            )
        return some[0] if some else self.axes[0]

    def lines(self, axis: int, frame: int) -> np.ndarray:
        """Which lines along `axis` a frame sampled, (n,) bool."""
        return self.mask[frame].any(axis=1 - axis)

    def unite(self, images: np.ndarray, combine: str) -> np.ndarray:
        """(frames, n0, n1) of coil images (frames, coils, n0, n1)."""
        if images.shape[1] == 1:
            return images[:, 0]
        if combine == "rss":
            return np.array([coils.root_sum_of_squares(i) for i in images]).astype(np.complex64)
        if combine != "adaptive":
            raise ModelError(
                f"reconstruction: combine={combine!r}, where 'adaptive' (complex) or 'rss' (magnitude) is right"
            )
        maps = self.maps(crop=0.0)  # no crop: the background's noise and ghosts are part of the image
        return np.array([coils.combine(i, maps) for i in images]).astype(np.complex64)


def fft(plane: Plane, combine: str = "adaptive") -> np.ndarray:
    """Fully sampled k-space, Fourier transform and coil combination"""
    if not plane.mask.all():
        share = plane.mask.mean()
        raise ModelError(
            f"sampling: only {100 * share:.0f} % of the lines are there, where the plain Fourier transform needs all; use cg-sense, grappa, "
            "l1-wavelet or pocs, or zero-filled to see the folding"
        )
    return plane.unite(plane.coil_images(), combine)


def zero_filled(plane: Plane, combine: str = "rss") -> np.ndarray:
    """Fourier transform with zeros for missing lines: shows the aliasing"""
    return plane.unite(plane.coil_images(), combine)


def homodyne(plane: Plane, combine: str = "adaptive") -> np.ndarray:
    """Partial Fourier by homodyne detection"""
    return _partial(plane, combine, partial_fourier.homodyne)


def pocs(plane: Plane, combine: str = "adaptive", iterations: int = 20) -> np.ndarray:
    """Partial Fourier by projection onto convex sets"""
    return _partial(plane, combine, lambda k, s: partial_fourier.pocs(k, s, iterations))


def _partial(plane, combine, solve):
    axis = plane.line_axis()
    other = tuple(a - 2 for a in plane.axes if a != axis)
    data = to_image(plane.data, other) if other else plane.data
    images = np.array(
        [
            np.swapaxes(solve(np.swapaxes(d, axis - 2, -1), plane.lines(axis, f)), axis - 2, -1)
            for f, d in enumerate(data)
        ]
    )
    return plane.unite(images, combine)


def grappa_(plane: Plane, combine: str = "adaptive", sources: int = 4, width: int = 5) -> np.ndarray:
    """Every R-th line and a full centre: missing lines from neighbours in all coils"""
    axis = plane.line_axis()
    if plane.data.shape[1] == 1:
        raise ModelError("GRAPPA: one coil, where several must see the object differently")
    mean, sampled = plane.average()
    centre = espirit.calibration(mean, sampled, largest=64)
    missing = tuple(a - 2 for a in (0, 1) if a not in plane.axes)
    images = []
    for f, data in enumerate(plane.data):
        full = to_kspace(data, missing).astype(np.complex64) if missing else data
        turned, block = (full, centre) if axis == 1 else (full.swapaxes(1, 2), centre.swapaxes(1, 2))
        filled = grappa.fill(turned, plane.lines(axis, f), block, sources, width)
        images.append(to_image(filled if axis == 1 else filled.swapaxes(1, 2), (1, 2)))
    return plane.unite(np.array(images), combine)


def regular_step(lines: np.ndarray) -> int | None:
    """R where the lines outside a full centre are every R-th, else None."""
    try:
        return grappa.acceleration(lines)
    except ModelError:
        return None


def _refuse_undetermined(plane: Plane, maps: np.ndarray) -> None:
    share = float(plane.mask.reshape(len(plane.mask), -1).mean(1).min())
    coils_ = maps.shape[0]
    if share * coils_ < 1.2:
        raise ModelError(
            f"sampling: {100 * share:.0f} % of k-space with {coils_} coils leaves the image under-determined (acceleration "
            f"{1 / share:.1f}, at most {coils_ / 1.2:.1f} can be told apart); sample more or use compressed sensing"
        )
    if len(plane.axes) == 1:
        lines = plane.lines(plane.axes[0], 0)
        step = regular_step(lines)
        n = lines.size
        if step and step > 1 and n % step == 0 and np.diff(np.flatnonzero(lines)).min() == step:
            sense.g_factor(maps, (step, 1) if plane.axes[0] == 0 else (1, step))


def cg_sense(plane: Plane, iterations: int = 30, ridge: float = 0.0, crop: float = 0.9) -> np.ndarray:
    """SENSE by conjugate gradients, any Cartesian pattern within the coils' power"""
    maps = plane.maps(crop)
    _refuse_undetermined(plane, maps)
    out = []
    for operator, data in zip(plane.operators(maps), plane.data, strict=True):
        out.append(
            sense.conjugate_gradients(
                operator.normal, operator.adjoint(data).astype(np.complex64), iterations, ridge=ridge
            )
        )
    return np.array(out)


def l1_wavelet(
    plane: Plane, regularisation: float = 0.004, iterations: int = 30, seed: int = 0, crop: float = 0.9
) -> np.ndarray:
    """Compressed sensing: sparse Daubechies wavelets with cycle spinning, FISTA"""
    maps = plane.maps(crop)
    out = []
    for operator, data in zip(plane.operators(maps), plane.data, strict=True):
        descent = operator.descent()
        out.append(fista.l1_wavelet(descent, descent.adjoint(data), regularisation, iterations, seed))
    return np.array(out)


def tv(plane: Plane, regularisation: float = 0.002, iterations: int = 150, crop: float = 0.9) -> np.ndarray:
    """Compressed sensing: total variation"""
    maps = plane.maps(crop)
    out = []
    for operator, data in zip(plane.operators(maps), plane.data, strict=True):
        out.append(
            total_variation.reconstruct(
                operator, operator.adjoint(data), operator.norm_bound, regularisation, iterations
            )
        )
    return np.array(out)


def low_rank_sparse_(
    plane: Plane, low_rank: float = 0.01, sparse: float = 0.01, iterations: int = 60, crop: float = 0.9
) -> np.ndarray:
    """Films: a low-rank background and a part sparse in time's spectrum"""
    background, dynamic = low_rank_sparse.reconstruct(
        plane.data, plane.mask, plane.maps(crop), plane.axes, low_rank, sparse, iterations
    )
    return background + dynamic
