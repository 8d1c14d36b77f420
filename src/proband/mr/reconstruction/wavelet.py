"""Soft thresholding of wavelet coefficients (Daubechies 2) with cycle spinning by random shifts.

An orthonormal wavelet is not shift-invariant; moving the image round by a random shift before every threshold averages
over all shifts in the course of an iteration (Coifman & Donoho 1995; Figueiredo & Nowak 2003)."""

from __future__ import annotations

import numpy as np

from proband.mr.reconstruction import fused, threads

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
        self.corner = np.empty((2, h0, h1), np.float32)
        self.details = np.empty((3, 2, h0, h1), np.float32)
        self.scratch = np.empty(4 * h0 * h1, np.float32)

    def shrink(self, point: np.ndarray, threshold: float, momentum: float, image: np.ndarray) -> None:
        """image ← shrunk `point`; point ← image + momentum (image − the image before). In place."""
        down, right = (int(self.random.integers(m)) for m in self.padded)
        least, pull, h0 = np.float32(threshold), np.float32(momentum), self.corner.shape[1]
        corner, details = self.corner, self.details
        threads.side_by_side(
            lambda first, last, _: fused.forward_stripe(point, down, right, least, first, last, corner, details), h0
        )
        if self.levels > 1:
            fused.inner_levels(corner, self.levels - 1, least, self.scratch)
        threads.side_by_side(
            lambda first, last, _: fused.inverse_stripe(corner, details, down, right, pull, first, last, image, point),
            h0,
        )
