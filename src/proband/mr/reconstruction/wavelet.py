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
        # The first levels are shared among threads; what is below `few` rows is done by one.
        self.shared = []
        few = 32
        while not self.shared or (len(self.shared) < self.levels and h0 >= few):
            self.shared.append((np.empty((2, h0, h1), np.float32), np.empty((3, 2, h0, h1), np.float32)))
            h0, h1 = h0 // 2, h1 // 2
        self.scratch = np.empty(16 * h0 * h1, np.float32)

    def shrink(self, point: np.ndarray, threshold: float, momentum: float, image: np.ndarray) -> None:
        """image ← shrunk `point`; point ← image + momentum (image − the image before). In place."""
        down, right = (int(self.random.integers(m)) for m in self.padded)
        least, pull, none = np.float32(threshold), np.float32(momentum), np.float32(0)
        above = point
        for level, (corner, details) in enumerate(self.shared):
            d, r = (down, right) if level == 0 else (0, 0)

            def split(first, last, _, a=above, c=corner, e=details, d=d, r=r):
                fused.forward_stripe(a, d, r, least, first, last, c, e)

            threads.side_by_side(split, corner.shape[1])
            above = corner
        if self.levels > len(self.shared):
            fused.inner_levels(above, self.levels - len(self.shared), least, self.scratch)
        for level in reversed(range(len(self.shared))):
            corner, details = self.shared[level]
            target, ahead = (image, point) if level == 0 else (self.shared[level - 1][0],) * 2
            d, r, m = (down, right, pull) if level == 0 else (0, 0, none)

            def join(first, last, _, c=corner, e=details, i=target, p=ahead, d=d, r=r, m=m):
                fused.inverse_stripe(c, e, d, r, m, first, last, i, p)

            threads.side_by_side(join, corner.shape[1])
