"""Coil sensitivities from the centre of k-space by ESPIRiT (Uecker et al. 2014, MRM 71:990)."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr import threads
from proband.mr.reconstruction.fourier import to_kspace


def calibration_region(mask: np.ndarray) -> tuple[slice, slice]:
    """The largest rectangle of sampled points around the centre of a 2-D `mask` (n0, n1), grown evenly on all sides."""
    mask = np.asarray(mask, bool)
    centre = [n // 2 for n in mask.shape]
    low, high = list(centre), [c + 1 for c in centre]
    growing = [(axis, side) for axis in (0, 1) for side in (0, 1)] if mask[tuple(centre)] else []
    while growing:
        still = []
        for axis, side in growing:
            a, b = low.copy(), high.copy()
            if side:
                b[axis] += 1
            else:
                a[axis] -= 1
            if a[axis] >= 0 and b[axis] <= mask.shape[axis] and mask[a[0] : b[0], a[1] : b[1]].all():
                low, high = a, b
                still.append((axis, side))
        growing = still
    return slice(low[0], high[0]), slice(low[1], high[1])


def calibration(kspace: np.ndarray, mask: np.ndarray, largest: int = 24, smallest: int = 8) -> np.ndarray:
    """The sampled centre (coils, a, b) of kspace (coils, n0, n1), at most `largest` wide."""
    region = calibration_region(mask)
    cut = []
    for s, n in zip(region, mask.shape, strict=True):
        c = n // 2
        half = largest // 2
        cut.append(slice(max(s.start, c - half), min(s.stop, c + half)))
    sizes = [s.stop - s.start for s in cut]
    for size, n in zip(sizes, mask.shape, strict=True):
        if size < min(smallest, n):
            raise ModelError(
                f"sampling: the centre of k-space holds {sizes[0]} × {sizes[1]} neighbouring samples, where coil maps need at "
                f"least {smallest} × {smallest}; give maps of the coils, or sample a centre"
            )
    return kspace[:, cut[0], cut[1]]


def kernel_operator(centre: np.ndarray, shape: tuple[int, int], kernel: int, threshold: float) -> np.ndarray:
    """G (n0, n1, coils, coils) of every voxel: sensitivities are its eigenvectors of eigenvalue 1."""
    coils = len(centre)
    sides = tuple(min(kernel, n) for n in centre.shape[1:])
    patches = np.lib.stride_tricks.sliding_window_view(centre, sides, axis=(1, 2))
    rows = patches.transpose(1, 2, 0, 3, 4).reshape(-1, coils * sides[0] * sides[1]).astype(np.complex128)
    power, vectors = np.linalg.eigh(rows.conj().T @ rows)
    kept = vectors[:, power > threshold**2 * power[-1]].conj()  # row space as columns of P = V V^H for row vectors
    projector = (kept.conj() @ kept.T).reshape(coils, *sides, coils, *sides)
    # y_c(m) = mean over the patch's places p of Σ y_c'(m + q − p) P[(c', q), (c, p)]: sum equal lags d = q − p.
    lags = np.zeros((coils, coils, *shape), np.complex64)
    for p0 in range(sides[0]):
        for p1 in range(sides[1]):
            rows0 = slice(shape[0] // 2 - p0, shape[0] // 2 - p0 + sides[0])
            rows1 = slice(shape[1] // 2 - p1, shape[1] // 2 - p1 + sides[1])
            block = projector[:, :, :, :, p0, p1]  # (c', q0, q1, c)
            lags[:, :, rows0, rows1] += block.transpose(3, 0, 1, 2)
    lags *= np.sqrt(shape[0] * shape[1]) / (sides[0] * sides[1])
    return np.ascontiguousarray(to_kspace(lags, (2, 3)).transpose(2, 3, 0, 1))


def maps(
    centre: np.ndarray,
    shape: tuple[int, int],
    kernel: int = 6,
    threshold: float = 0.02,
    crop: float = 0.9,
    reference: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """(sensitivities (coils, n0, n1) complex64 with Σ|S|² = 1, eigenvalue (n0, n1)) from a calibration centre (coils, a, b).

    `threshold` is the share of the largest singular value below which the calibration matrix counts as noise; voxels whose
    eigenvalue stays below `crop` hold no object and get zeros. The phase is free in the theory: here the virtual coil
    `reference` (coils,), by default the strongest, is real and positive everywhere."""
    if not np.isfinite(centre).all() or not np.abs(centre).any():
        raise ModelError(
            "coil maps: the calibration centre is empty or holds NaN, where it must hold the strongest samples"
        )
    coils = len(centre)
    if min(n for n in shape) < 2 * kernel and min(shape) > 1:
        kernel = max(2, min(shape) // 2)
    G = kernel_operator(centre, shape, kernel, threshold).reshape(-1, coils, coils)
    value, vector = np.empty(len(G), np.float32), np.empty((len(G), coils), np.complex64)
    start = np.random.default_rng(0).standard_normal((2, coils))

    def solve(first: int, last: int, _: int) -> None:
        # The power method by repeated squaring: G^64, then a few plain steps and the Rayleigh quotient.
        for begin in range(first, last, 4096):
            g = G[begin : min(begin + 4096, last)]
            power = g
            for _ in range(6):
                power = power @ power
                power /= np.abs(power).max(axis=(1, 2), keepdims=True) + np.float32(1e-20)
            v = power @ (start[0] + 1j * start[1]).astype(np.complex64)
            v /= np.linalg.norm(v, axis=1, keepdims=True) + np.float32(1e-20)
            v = (g @ v[:, :, None])[:, :, 0]
            size = np.linalg.norm(v, axis=1)
            value[begin : begin + len(g)] = size
            vector[begin : begin + len(g)] = v / (size[:, None] + np.float32(1e-20))

    threads.side_by_side(solve, len(G))
    if reference is None:
        flat = centre.reshape(coils, -1)
        reference = np.linalg.eigh(flat @ flat.conj().T)[1][:, -1]
    phase = vector @ reference.conj()
    vector *= np.exp(-1j * np.angle(phase))[:, None]
    sensitivities = np.where((value > crop)[:, None], vector, 0)
    if not sensitivities.any():
        raise ModelError(
            f"coil maps: no voxel's eigenvalue exceeds the crop of {crop:g} (largest {value.max():.2f}); the calibration centre is "
            "too small or too noisy"
        )
    return np.ascontiguousarray(sensitivities.T.reshape(coils, *shape), dtype=np.complex64), value.reshape(shape)
