"""Water and fat apart from multi-echo images, after IDEAL (Reeder 2005) with a multi-peak fat spectrum (Yu 2008).

Every voxel's residual is computed for all field offsets of a grid (variable projection). A voxel alone cannot always tell
water from fat, so the offset is chosen from residuals summed over a neighbourhood, coarse to fine: a swap needs a whole
region to prefer the wrong one. Stated limit: the field must vary less than about a third of the fat shift over the
coarsest neighbourhood, and an isolated island of fat with no water near it rests on the spectrum's side peaks alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.ndimage

from proband.model import ModelError

GYROMAGNETIC = 42.577478518e6  # Hz/T, CODATA 2018, shielded differences do not matter here
# Six-peak spectrum of human fat (Hamilton et al. 2011, NMR Biomed 24:784; as used by the ISMRM fat-water toolbox):
# shift against water in ppm, share of the area.
FAT_PPM = np.array([-3.80, -3.40, -2.60, -1.94, -0.39, 0.60])
FAT_SHARE = np.array([0.087, 0.693, 0.128, 0.004, 0.039, 0.048])


@dataclass(frozen=True, eq=False)
class WaterFat:
    """`water`, `fat` (…) complex; `field` (…) Hz; `water_error` (…), standard error of the water's real part."""

    water: np.ndarray
    fat: np.ndarray
    field: np.ndarray
    water_error: np.ndarray

    @property
    def fat_fraction(self) -> np.ndarray:
        """|fat|/(|water| + |fat|), 0 … 1."""
        total = np.abs(self.water) + np.abs(self.fat)
        return np.abs(self.fat) / np.where(total > 0, total, 1)


def fat_signal(TE: np.ndarray, B0: float) -> np.ndarray:
    """Σ share_p exp(−2πi f_p TE) of unit fat on a water-resonant receiver."""
    hertz = FAT_PPM * 1e-6 * GYROMAGNETIC * B0
    return np.exp(-2j * np.pi * np.outer(np.asarray(TE), hertz)) @ (FAT_SHARE / FAT_SHARE.sum())


def separate(
    images: np.ndarray, TE: np.ndarray, B0: float, scales: tuple[float, ...] = (8, 4, 2, 1), sigma: float | None = None
) -> WaterFat:
    """Images (nx, ny, echoes) complex at `TE` (s): water, fat and the field. `scales` (voxels) of the neighbourhoods."""
    TE = np.asarray(TE, float)
    if images.ndim != 3 or images.shape[-1] != TE.size or not np.iscomplexobj(images):
        raise ModelError(
            f"Dixon: images {images.shape} for {TE.size} echo times, where complex (nx, ny, echoes) is right"
        )
    if TE.size < 3 or (np.diff(TE) <= 0).any():
        raise ModelError(
            f"Dixon: {TE.size} echo times, where at least three rising ones are needed to know the field too"
        )
    if not np.isfinite(images).all():
        raise ModelError("Dixon: the images hold NaN, where every voxel must be a number")
    design = np.stack([np.ones(TE.size), fat_signal(TE, B0)], 1)
    if np.linalg.cond(design) > 5:
        raise ModelError(
            "Dixon: at these echo times water and fat are always in the same phase; space them by about a third of the fat period"
        )
    q, _ = np.linalg.qr(design)
    reach = 0.5 / np.diff(TE).min()  # beyond, the field's phase repeats from echo to echo
    offsets = np.linspace(-reach, reach, 97)[:-1] + reach / 96
    shape, echoes = images.shape[:2], TE.size
    m = images.reshape(-1, echoes)
    cost = np.empty((offsets.size, *shape), np.float32)
    energy = (np.abs(m) ** 2).sum(1)
    for i, f in enumerate(offsets):
        turned = m * np.exp(2j * np.pi * f * TE)
        cost[i] = (energy - (np.abs(turned @ q.conj()) ** 2).sum(1)).reshape(shape)
    chosen = None
    width = offsets[1] - offsets[0]
    fat_shift = abs(float(FAT_PPM @ FAT_SHARE)) * 1e-6 * GYROMAGNETIC * B0
    for scale in scales:
        around = scipy.ndimage.gaussian_filter(cost, (0, scale, scale), mode="nearest")
        if chosen is not None:  # stay near what the larger neighbourhood chose: far less than the distance to a swap
            far = np.abs(offsets[:, None, None] - chosen)
            far = np.minimum(far, 2 * reach - far)
            around = np.where(
                far <= max(0.3 * min(fat_shift, 2 * reach - fat_shift % (2 * reach)), width), around, np.inf
            )
        chosen = offsets[np.argmin(around, 0)]
    assert chosen is not None
    field = scipy.ndimage.median_filter(chosen, 3).ravel()
    # Gauss–Newton on field, water and fat together.
    amplitude = np.zeros((len(m), 2), complex)
    inverse = np.linalg.pinv(design)
    for _ in range(6):
        turn = np.exp(2j * np.pi * np.outer(field, TE))
        amplitude = (m * turn) @ inverse.T
        model = amplitude @ design.T
        rest = m * turn - model
        slope = -2j * np.pi * TE * model
        slope = slope - (slope @ q.conj()) @ q.T  # what water and fat cannot take up
        step = (slope.conj() * rest).real.sum(1) / np.maximum((np.abs(slope) ** 2).sum(1), 1e-30)
        field = field + np.clip(step, -width, width)
    turn = np.exp(2j * np.pi * np.outer(field, TE))
    amplitude = (m * turn) @ inverse.T
    rest = m * turn - amplitude @ design.T
    variance = np.full(len(m), sigma**2) if sigma is not None else (np.abs(rest) ** 2).sum(1) / max(2 * echoes - 5, 1)
    spread = np.linalg.inv(design.conj().T @ design).real[0, 0]
    return WaterFat(
        amplitude[:, 0].reshape(shape),
        amplitude[:, 1].reshape(shape),
        field.reshape(shape),
        np.sqrt(variance * spread).reshape(shape),
    )
