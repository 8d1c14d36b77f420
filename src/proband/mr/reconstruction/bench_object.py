"""A textured head-like slice and a ring of receive loops: the object of the reconstruction's timings and tests.

It stands for no patient. Its outlines are ellipses with a folded rim, its texture is band-limited noise, since an image
of flat ellipses would flatter every sparsity."""

from __future__ import annotations

import numpy as np


def coordinates(n: int) -> tuple[np.ndarray, np.ndarray]:
    """x, y of voxel centres as shares of half the field of view; index n//2 is the origin."""
    r = (np.arange(n) - n // 2) / (n / 2)
    x, y = np.meshgrid(r, r, indexing="ij")
    return x, y


def head(n: int = 256, seed: int = 0, texture: float = 0.06) -> np.ndarray:
    """Complex image (n, n), brightest about 1, with a slowly varying phase of up to ± 1 rad."""
    x, y = coordinates(n)
    radius, angle = np.hypot(x / 0.72, y / 0.9), np.arctan2(y, x)
    soft = 1.5 / n  # edges as wide as a voxel, so that truth has no aliasing of its own

    def inside(r, limit):
        return 1 / (1 + np.exp(np.clip((r - limit) / soft, -40, 40)))

    image = 0.85 * inside(radius, 1.0) - 0.75 * inside(radius, 0.93)  # scalp, dark bone
    image += 0.5 * inside(radius, 0.88)  # rim of fluid
    folds = radius + 0.03 * np.sin(23 * angle) + 0.02 * np.sin(41 * angle + 1) * radius
    image += 0.18 * inside(folds, 0.84)  # cortex
    image -= 0.22 * inside(folds + 0.02 * np.cos(17 * angle), 0.73)  # white matter
    for side in (-1, 1):
        ventricle = np.hypot((x - side * 0.12) / 0.07, (y - 0.08) / 0.26)
        image += 0.35 * inside(ventricle, 1.0)
        nucleus = np.hypot((x - side * 0.27) / 0.09, (y - 0.05) / 0.15)
        image += 0.1 * inside(nucleus, 1.0)
    for k in range(6):  # a row of small details, each smaller than the one before
        image += 0.25 * inside(np.hypot(x - 0.05 * k + 0.14, y + 0.45), 0.018 - 0.0025 * k)
    random = np.random.default_rng(seed)
    spectrum = np.fft.fft2(random.standard_normal((n, n)))
    k = np.hypot(*np.meshgrid(np.fft.fftfreq(n), np.fft.fftfreq(n), indexing="ij")) * n
    grain = np.fft.ifft2(spectrum * np.exp(-((k / 28) ** 2))).real
    image = image * (1 + texture * grain / grain.std() * inside(radius, 0.9))
    phase = 0.6 * x - 0.5 * y + 0.7 * x * y + 0.4 * np.cos(2 * y)
    return (np.clip(image, 0, None) * np.exp(1j * phase)).astype(np.complex64)


def loops(n: int = 256, coils: int = 8, radius: float = 1.25, opening: float = 0.33) -> np.ndarray:
    """Sensitivities (coils, n, n), complex64, of long rectangular loops on a ring; Σ|S|² = 1 in every voxel.

    Each is the Biot–Savart field of two straight wires at `radius` (in halves of the field of view), ± `opening` rad
    apart; B_x − i B_y of a wire at w0 is proportional to 1/(w − w0)."""
    x, y = coordinates(n)
    w = x + 1j * y
    maps = []
    for c in range(coils):
        at = 2 * np.pi * (c + 0.5) / coils
        wires = [radius * np.exp(1j * (at + side * opening)) for side in (-1, 1)]
        maps.append(1 / (w - wires[0]) - 1 / (w - wires[1]))
    maps = np.array(maps)
    return (maps / np.sqrt((np.abs(maps) ** 2).sum(0))).astype(np.complex64)


def line_mask(n: int = 256, acceleration: float = 4, centre: int = 20, seed: int = 1) -> np.ndarray:
    """Which phase-encoding lines are sampled (n,), bool: a full centre, and outside a random choice that thins out as
    1/(distance + 0.1)."""
    random = np.random.default_rng(seed)
    distance = np.abs(np.arange(n) - n // 2) / (n / 2)
    chosen = np.abs(np.arange(n) - n // 2 + 0.5) < centre / 2
    weight = np.where(chosen, 0, 1 / (distance + 0.1))
    extra = round(n / acceleration) - int(chosen.sum())
    chosen[random.choice(n, extra, replace=False, p=weight / weight.sum())] = True
    return chosen


def nrmse(image: np.ndarray, truth: np.ndarray) -> float:
    """‖image − truth‖/‖truth‖ after the best complex factor, since every program scales in its own way."""
    factor = np.vdot(image, truth) / max(float(np.vdot(image, image).real), 1e-30)
    return float(np.linalg.norm(factor * image - truth) / np.linalg.norm(truth))
