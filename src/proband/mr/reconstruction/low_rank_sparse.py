"""Dynamic images as a low-rank background and a part that is sparse in time's spectrum (Otazo et al. 2015, MRM 73:1125)."""

from __future__ import annotations

import numpy as np
import scipy.fft

from proband.model import ModelError
from proband.mr import threads


def _shrink(values: np.ndarray, threshold: float) -> np.ndarray:
    size = np.abs(values)
    return values * (np.maximum(size - threshold, 0) / np.maximum(size, 1e-30))


def reconstruct(
    kspace: np.ndarray,
    mask: np.ndarray,
    maps: np.ndarray,
    axes: tuple[int, ...],
    low_rank: float = 0.01,
    sparse: float = 0.01,
    iterations: int = 60,
) -> tuple[np.ndarray, np.ndarray]:
    """(background, dynamic part), both (frames, n0, n1), whose sum is the film.

    kspace (frames, coils, n0, n1), mask (frames, n0, n1), maps (coils, n0, n1), `axes` of the image that are in k-space.
    Thresholds are shares: of the first estimate's largest singular value and of its largest temporal coefficient."""
    if len(kspace) < 3:
        raise ModelError(f"low rank plus sparse: {len(kspace)} frames, where at least 3 make a film")
    inner = tuple(a - 2 for a in axes)
    norm = float((np.abs(maps) ** 2).sum(0).max())
    # Origins at the first index all the way, so that no transform of an iteration moves them.
    maps, mask, kspace = (scipy.fft.ifftshift(a, axes=inner) for a in (maps, mask, kspace))
    heard, how = maps.conj() / np.float32(norm), {"axes": inner, "norm": "ortho", "workers": threads.count()}

    def adjoint(samples):
        return np.array(
            [
                (heard * np.asarray(scipy.fft.ifftn(m * s, overwrite_x=True, **how))).sum(0)
                for m, s in zip(mask, samples, strict=True)
            ]
        )

    def normal(film):
        # The mask is taken once: what it leaves out is nothing twice.
        return adjoint([np.asarray(scipy.fft.fftn(maps * f, overwrite_x=True, **how)) for f in film])

    def temporal(film):
        return np.asarray(scipy.fft.fft(film, axis=0, norm="ortho", workers=threads.count()))

    right = adjoint(kspace).astype(np.complex64)
    frames = len(right)
    # The fair first guess is the zero-filled film scaled to its sampling; its static part sets both thresholds.
    first = np.linalg.norm(right.reshape(frames, -1), 2)
    if not np.isfinite(first) or first == 0:
        raise ModelError(
            "low rank plus sparse: the samples are empty or hold NaN, where every k-space sample must be a number"
        )
    rank_threshold, sparse_threshold = low_rank * first, sparse * float(np.abs(temporal(right)).max())
    film, dynamic = right.copy(), np.zeros_like(right)
    background = film
    for _ in range(iterations):
        left, size, turned = np.linalg.svd((film - dynamic).reshape(frames, -1).T, full_matrices=False)
        background = ((left * np.maximum(size - rank_threshold, 0)) @ turned).T.reshape(film.shape)
        dynamic = np.asarray(
            scipy.fft.ifft(_shrink(temporal(film - background), sparse_threshold), axis=0, norm="ortho")
        )
        total = background + dynamic
        film = (total - normal(total) + right).astype(np.complex64)
        if not np.isfinite(film).all():
            raise ModelError("low rank plus sparse: the iteration diverged to NaN; the data are out of range")
    background, film = (scipy.fft.fftshift(a, axes=inner) for a in (background, film))
    return background.astype(np.complex64), (film - background).astype(np.complex64)
