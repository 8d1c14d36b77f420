"""Maps of the static field (B0, Hz) and of the transmit field (B1, share of the nominal flip angle), each with its error.

`sigma` is the standard deviation of the real and of the imaginary part of an image's noise."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError


def _wrapped(phase: np.ndarray) -> np.ndarray:
    return np.angle(np.exp(1j * phase))


def b0_map(images: np.ndarray, TE: np.ndarray, sigma: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """(off-resonance in Hz, its standard error) from complex echoes `images` (…, echoes) at `TE` (s).

    The shortest spacing gives the first estimate (range ± 1/(2 ΔTE)); later echoes are unwrapped on it and fitted by
    weights |m|². Phase error of an echo is sigma/|m|. Signal ∝ exp(−2πi f TE), the sign of precession used in this wing;
    the frequency is positive where the field is higher."""
    TE = np.asarray(TE, float)
    if images.shape[-1] != TE.size or TE.size < 2 or (np.diff(TE) <= 0).any():
        raise ModelError(
            f"B0 map: {images.shape[-1]} images for {TE.size} echo times, where two or more rising times are needed"
        )
    first = np.angle((images[..., :-1].conj() * images[..., 1:])[..., int(np.argmin(np.diff(TE)))])
    rate = -first / np.diff(TE).min()
    weight = np.abs(images) ** 2
    total = np.maximum(weight.sum(-1), 1e-30)
    reference = np.angle(images[..., :1])
    # Echo after echo: predict, keep the remainder within ± π, refit.
    phase = np.zeros(images.shape)
    for e in range(1, TE.size):
        predicted = -rate * (TE[e] - TE[0])
        phase[..., e] = predicted + _wrapped(np.angle(images[..., e]) - reference[..., 0] - predicted)
        part = slice(0, e + 1)
        w = weight[..., part]
        W = np.maximum(w.sum(-1), 1e-30)
        mean_t = (w * TE[part]).sum(-1) / W
        spread = (w * (TE[part] - mean_t[..., None]) ** 2).sum(-1)
        rate = -(w * (TE[part] - mean_t[..., None]) * phase[..., part]).sum(-1) / np.maximum(spread, 1e-30)
    mean_t = (weight * TE).sum(-1) / total
    spread = (weight * (TE - mean_t[..., None]) ** 2).sum(-1)
    if sigma is None:
        if TE.size < 3:
            raise ModelError("B0 map: with two echoes the error needs `sigma`, the noise of the images; pass it")
        fit = -rate[..., None] * (TE - mean_t[..., None])
        rest = _wrapped(phase - (weight * phase).sum(-1, keepdims=True) / total[..., None] - fit)
        sigma2 = (weight * rest**2).sum(-1) / (TE.size - 2)
    else:
        sigma2 = sigma**2
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(sigma2 / spread) / (2 * np.pi)
    return rate / (2 * np.pi), np.where(spread > 0, error, np.inf)


def b1_double_angle(single: np.ndarray, double: np.ndarray, flip: float, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """(share of the nominal angle, error) from magnitudes at `flip` and 2·`flip` (rad), long TR (Insko & Bolinger 1993).

    cos α = S2/(2 S1), which holds for α in 0 … π; voxels without a solution are NaN in both maps."""
    if not 0 < flip < np.pi:
        raise ModelError(f"B1 map: a nominal angle of {flip:g} rad, where it must lie between 0 and π")
    single, double = np.real(single).astype(float), np.real(double).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = double / (2 * single)
        angle = np.where(np.abs(ratio) <= 1, np.arccos(np.clip(ratio, -1, 1)), np.nan)
        error = sigma * np.sqrt(1 + 4 * ratio**2) / (2 * np.abs(single) * np.sqrt(1 - np.minimum(ratio**2, 1)))
    return angle / flip, np.where(np.isfinite(angle), error / flip, np.nan)


def b1_actual_flip(first: np.ndarray, second: np.ndarray, TR1: float, TR2: float, flip: float, sigma: float):
    """(share of the nominal angle, error) by two interleaved TR, TR1 < TR2 ≪ T1, spoiled (AFI, Yarnykh 2007).

    cos α = (r n − 1)/(n − r) with r = S2/S1 and n = TR2/TR1."""
    if not 0 < TR1 < TR2:
        raise ModelError(f"B1 map: TR1 {TR1:g} s and TR2 {TR2:g} s, where 0 < TR1 < TR2 is needed")
    first, second, n = np.abs(first).astype(float), np.abs(second).astype(float), TR2 / TR1
    with np.errstate(divide="ignore", invalid="ignore"):
        r = second / first
        cosine = (r * n - 1) / (n - r)
        angle = np.where(np.abs(cosine) <= 1, np.arccos(np.clip(cosine, -1, 1)), np.nan)
        slope = (n * n - 1) / (n - r) ** 2 / np.sqrt(np.maximum(1 - cosine**2, 1e-12))
        error = slope * sigma * np.sqrt(1 + r**2) / first
    return angle / flip, np.where(np.isfinite(angle), error / flip, np.nan)
