"""Map of the diffusion coefficient: the logarithm of the signal falls with b."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError


def diffusion_coefficient(images: np.ndarray, b: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """(mean diffusion coefficient of the directions in m²/s, its standard error) of images (…, volumes) at `b` (s/mm², one
    each; every direction of a b is a volume). A straight line through ln|S| by weights |S|², as its noise `sigma`/|S| asks
    (Salvador et al. 2005); directions of one b weigh alike, so the mean is a third of the tensor's trace for three axes."""
    b = np.asarray(b, float) * 1e6
    if images.shape[-1] != b.size or np.unique(b).size < 2:
        raise ModelError(f"diffusion map: {images.shape[-1]} images for {b.size} b-values, where at least two different b are needed, one for each image")  # fmt: skip
    size = np.abs(images).astype(float)
    log = np.log(np.maximum(size, 1e-30))
    kinds, which = np.unique(b, return_inverse=True)
    # First the mean of ln|S| over the directions of each b, then the line through these.
    value = np.stack([log[..., which == n].mean(-1) for n in range(kinds.size)], -1)
    variance = np.stack([(sigma**2 / np.maximum(size[..., which == n], 1e-30) ** 2).mean(-1) / (which == n).sum() for n in range(kinds.size)], -1)  # fmt: skip
    weight = 1 / np.maximum(variance, 1e-30)
    total = weight.sum(-1)
    middle = (weight * kinds).sum(-1) / total
    away = kinds - middle[..., None]
    spread = (weight * away**2).sum(-1)
    return -(weight * away * value).sum(-1) / spread, 1 / np.sqrt(spread)
