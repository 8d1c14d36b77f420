"""Soft thresholding of wavelet coefficients (Daubechies 2) with cycle spinning by random shifts.

An orthonormal wavelet is not shift-invariant; moving the image round by a random shift before every threshold averages
over all shifts in the course of an iteration (Coifman & Donoho 1995; Figueiredo & Nowak 2003)."""

from __future__ import annotations

import numpy as np

from proband.mr import threads
from proband.mr.reconstruction import fused

SMALLEST = 16  # the coarsest corner is not made smaller than this, assumed: the anatomy's own scale


def levels_for(n0: int, n1: int) -> int:
    """How many levels of the transform an image takes."""
    levels = 0
    while min(n0, n1) >> (levels + 1) >= SMALLEST:
        levels += 1
    return max(levels, 1)


class WaveletShrink:
    """The proximal step of λ ‖Ψx‖₁ on planes (2, n0, n1); any size (sides are padded to a multiple of 2^levels)."""

    def __init__(self, shape: tuple[int, int], seed: int, levels: int | None = None):
        self.shape = shape
        self.levels = levels_for(*shape) if levels is None else levels
        block = 1 << self.levels
        self.padded = tuple(-(-n // block) * block for n in shape)
        self.random = np.random.default_rng(seed)
        h0, h1 = (m // 2 for m in self.padded)
        self.planes = []
        for _ in range(self.levels):
            self.planes.append((np.empty((2, h0, h1), np.float32), np.empty((3, 2, h0, h1), np.float32)))
            h0, h1 = h0 // 2, h1 // 2

    def shift(self) -> tuple[int, int]:
        """By how much the image is moved round before the next threshold."""
        return int(self.random.integers(self.padded[0])), int(self.random.integers(self.padded[1]))

    def shrink(self, point: np.ndarray, threshold: float, momentum: float, image: np.ndarray) -> None:
        """image ← shrunk `point`; point ← image + momentum (image − the image before). In place."""
        down, right = self.shift()
        if not fused.AVAILABLE:
            plain_shrink(point, (down, right), threshold, momentum, image, self.planes)
            return
        least, pull, none = np.float32(threshold), np.float32(momentum), np.float32(0)
        above = point
        for level, (corner, details) in enumerate(self.planes):
            d, r = (down, right) if level == 0 else (0, 0)

            def split(first, last, _=0, a=above, c=corner, e=details, d=d, r=r):
                fused.forward_stripe(a, d, r, least, first, last, c, e)

            shared(split, corner.shape[1])
            above = corner
        for level in reversed(range(self.levels)):
            corner, details = self.planes[level]
            target, ahead = (image, point) if level == 0 else (self.planes[level - 1][0],) * 2
            d, r, m = (down, right, pull) if level == 0 else (0, 0, none)

            def join(first, last, _=0, c=corner, e=details, i=target, p=ahead, d=d, r=r, m=m):
                fused.inverse_stripe(c, e, d, r, m, first, last, i, p)

            shared(join, corner.shape[1])


FEW = 128  # rows of a level that one thread does sooner than several: waking them takes some 50 µs


def shared(work, rows: int) -> None:
    """A level's rows, among threads where it has enough of them."""
    if rows < FEW:
        work(0, rows)
    else:
        threads.side_by_side(work, rows)


def split(x: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Low and high half of the wavelet transform along a periodic axis of even length."""
    x = np.moveaxis(x, axis, -1)
    h0, h1, h2, h3 = fused.DB2
    even, odd = x[..., ::2], x[..., 1::2]
    even_next, odd_next = np.roll(even, -1, -1), np.roll(odd, -1, -1)
    low = h0 * even + h1 * odd + h2 * even_next + h3 * odd_next
    high = h3 * even - h2 * odd + h1 * even_next - h0 * odd_next
    return np.moveaxis(low, -1, axis), np.moveaxis(high, -1, axis)


def join(low: np.ndarray, high: np.ndarray, axis: int) -> np.ndarray:
    """The inverse of `split`."""
    low, high = np.moveaxis(low, axis, -1), np.moveaxis(high, axis, -1)
    h0, h1, h2, h3 = fused.DB2
    low_before, high_before = np.roll(low, 1, -1), np.roll(high, 1, -1)
    out = np.empty((*low.shape[:-1], 2 * low.shape[-1]), low.dtype)
    out[..., ::2] = h0 * low + h3 * high + h2 * low_before + h1 * high_before
    out[..., 1::2] = h1 * low - h2 * high + h3 * low_before - h0 * high_before
    return np.moveaxis(out, -1, axis)


def plain_shrink(
    point: np.ndarray,
    shifts: tuple[int, int],
    threshold: float,
    momentum: float,
    image: np.ndarray,
    planes: list[tuple[np.ndarray, np.ndarray]],
) -> None:
    """The same step in NumPy, for platforms that Numba has no wheel for."""
    h0, h1 = planes[0][0].shape[1:]
    n0, n1 = point.shape[1:]
    moved = np.zeros((2 * h0, 2 * h1), np.complex64)
    moved[:n0, :n1] = point[0] + 1j * point[1]
    corner, kept = np.roll(moved, shifts, (0, 1)), []
    for _ in planes:
        low, high = split(corner, 1)
        corner, *details = *split(low, 0), *split(high, 0)
        for d in details:
            size = np.abs(d) + np.float32(1e-30)
            d *= np.maximum(size - np.float32(threshold), 0) / size
        kept.append(details)
    for details in reversed(kept):
        corner = join(join(corner, details[0], 0), join(details[1], details[2], 0), 1)
    new = np.roll(corner, (-shifts[0], -shifts[1]), (0, 1))[:n0, :n1]
    new = np.stack([np.real(new), np.imag(new)])
    point[:] = new + np.float32(momentum) * (new - image)
    image[:] = new
