"""Fewer virtual coils from many (compression), and one image from several (combination)."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError


def _refuse_more_than_there_are(coils: int, wanted: int) -> None:
    if not 1 <= wanted <= coils:
        raise ModelError(
            f"coil compression: {wanted} virtual coils asked of {coils} real ones, where 1 … {coils} is possible"
        )


def compress(kspace: np.ndarray, virtual: int, calibration: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Virtual coils by singular vectors (Buehrer 2007; Huang 2008): (kspace (virtual, …), matrix (virtual, coils)).

    kspace (coils, …); the matrix is found on `calibration` (coils, …) where given. Prewhitened noise stays white."""
    _refuse_more_than_there_are(len(kspace), virtual)
    source = (kspace if calibration is None else calibration).reshape(len(kspace), -1)
    _, vectors = np.linalg.eigh(source @ source.conj().T)
    matrix = vectors[:, ::-1][:, :virtual].conj().T
    return np.tensordot(matrix, kspace, axes=1).astype(np.complex64), matrix


def compress_geometric(hybrid: np.ndarray, virtual: int, axis: int = 1, window: int = 5) -> np.ndarray:
    """Virtual coils that follow the place along a fully sampled axis (Zhang 2013, MRM 69:571): (virtual, …).

    `hybrid` (coils, …) in image space along `axis`. A matrix is found at every place on `window` neighbours, then turned
    towards its neighbour's by the nearest unitary matrix, so that virtual sensitivities stay smooth."""
    _refuse_more_than_there_are(len(hybrid), virtual)
    lines = np.moveaxis(hybrid, axis, 0)
    n, coils = lines.shape[:2]
    flat = lines.reshape(n, coils, -1)
    gram = flat @ flat.conj().transpose(0, 2, 1)
    half = window // 2
    gram = np.array([gram[max(0, i - half) : i + half + 1].sum(0) for i in range(n)])
    _, vectors = np.linalg.eigh(gram)
    matrices = vectors[:, :, ::-1][:, :, :virtual].conj().transpose(0, 2, 1)
    start = int(np.argmax(np.einsum("icc->i", gram).real))  # where there is most signal
    for step in (1, -1):
        i = start + step
        while 0 <= i < n:
            left, _, right = np.linalg.svd(matrices[i] @ matrices[i - step].conj().T)
            matrices[i] = (left @ right).conj().T @ matrices[i]
            i += step
    out = (matrices @ flat).reshape(n, virtual, *lines.shape[2:])
    return np.ascontiguousarray(np.moveaxis(out, 0, axis), dtype=np.complex64)


def root_sum_of_squares(images: np.ndarray) -> np.ndarray:
    """Magnitude of coil images (coils, …), real."""
    return np.sqrt((np.abs(images) ** 2).sum(0))


def combine(images: np.ndarray, maps: np.ndarray) -> np.ndarray:
    """The best linear combination for white noise (Roemer 1990): Σ S* m/Σ|S|², complex; 0 where there is no map."""
    power = (np.abs(maps) ** 2).sum(0)
    return (maps.conj() * images).sum(0) / np.where(power > 0, power, 1)
