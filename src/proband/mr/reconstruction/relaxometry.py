"""T1 and T2 maps with a standard error in every voxel.

All models are linear in their amplitudes and not in one time constant: the constant is searched on a grid where the
amplitudes solve themselves (variable projection, Golub & Pereyra 1973), then all are refined together by Gauss–Newton.
The error is that of the linearised fit; its noise is `sigma` where given (standard deviation of one real image value),
else the residual. Data are (…, times); maps come back as (…)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from proband.model import ModelError


@dataclass(frozen=True, eq=False)
class Fit:
    """`time` (…) s and `error` (…) s; `amplitudes` (…, m); `residual` (…), root mean square. NaN where nothing fits."""

    time: np.ndarray
    error: np.ndarray
    amplitudes: np.ndarray
    residual: np.ndarray


Basis = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def _recovery(t, tau):
    """1 and exp(−t/τ), and their slopes with τ: (…, times, 2)."""
    e = np.exp(-t / tau[..., None])
    return np.stack([np.ones_like(e), e], -1), np.stack([np.zeros_like(e), e * t / tau[..., None] ** 2], -1)


def _saturation(t, tau):
    e = np.exp(-t / tau[..., None])
    return (1 - e)[..., None], (-e * t / tau[..., None] ** 2)[..., None]


def _decay(t, tau):
    e = np.exp(-t / tau[..., None])
    return e[..., None], (e * t / tau[..., None] ** 2)[..., None]


def _check(data: np.ndarray, times: np.ndarray, unknowns: int, name: str) -> None:
    if data.shape[-1] != times.size:
        raise ModelError(f"{name}: {data.shape[-1]} images for {times.size} times, where each image needs its time")
    if times.size < unknowns:
        raise ModelError(f"{name}: {times.size} times for {unknowns} unknowns, where at least as many are needed")
    if (times < 0).any() or np.unique(times).size < unknowns:
        raise ModelError(
            f"{name}: times {times.tolist()} s, where {unknowns} different ones that are not negative are needed"
        )
    if not np.isfinite(data).all():
        raise ModelError(f"{name}: the images hold NaN, where every voxel must be a number")


def _fit(data: np.ndarray, times: np.ndarray, basis: Basis, grid: np.ndarray, sigma: float | None):
    """Real data (voxels, times): (τ, amplitudes (voxels, m), covariance (voxels, m + 1, m + 1), sum of squares); τ last."""
    best = np.full(len(data), np.inf)
    tau = np.full(len(data), grid[0])
    for candidate in grid:
        design = basis(times, np.array(candidate))[0]
        q, _ = np.linalg.qr(design)
        rest = (data**2).sum(1) - ((data @ q) ** 2).sum(1)
        better = rest < best
        best[better], tau[better] = rest[better], candidate
    design, _ = basis(times, tau)
    amplitudes = np.linalg.lstsq(basis(times, np.array(np.median(tau)))[0], data.T, rcond=None)[0].T
    m = amplitudes.shape[1]

    def solve(design):
        gram = np.swapaxes(design, 1, 2) @ design
        gram = gram + 1e-12 * np.trace(gram, axis1=1, axis2=2)[:, None, None] * np.eye(gram.shape[-1])
        return gram

    gram = solve(design)
    amplitudes = np.linalg.solve(gram, np.swapaxes(design, 1, 2) @ data[:, :, None])[:, :, 0]
    ratio = grid[1] / grid[0]
    jacobian = np.concatenate([design, np.zeros((*design.shape[:2], 1))], 2)
    for _ in range(8):
        design, slope = basis(times, tau)
        rest = data - (design @ amplitudes[:, :, None])[:, :, 0]
        # τ in units of itself, so that the normal equations stay well scaled
        last = (slope @ amplitudes[:, :, None])[:, :, 0] * tau[:, None]
        jacobian = np.concatenate([design, last[:, :, None]], 2)
        size = np.maximum(np.linalg.norm(jacobian, axis=1), 1e-30)
        scaled = jacobian / size[:, None, :]
        step = np.linalg.solve(solve(scaled), np.swapaxes(scaled, 1, 2) @ rest[:, :, None])[:, :, 0] / size
        tau = tau * np.exp(np.clip(step[:, -1], -2 * np.log(ratio), 2 * np.log(ratio)))
        tau = np.clip(tau, grid[0] / ratio, grid[-1] * ratio)
        design, _ = basis(times, tau)
        amplitudes = np.linalg.solve(solve(design), np.swapaxes(design, 1, 2) @ data[:, :, None])[:, :, 0]
    rest = data - (design @ amplitudes[:, :, None])[:, :, 0]
    square = (rest**2).sum(1)
    freedom = max(times.size - m - 1, 1)
    variance = np.full(len(data), sigma**2) if sigma is not None else square / freedom
    size = np.maximum(np.linalg.norm(jacobian, axis=1), 1e-30)
    scaled = jacobian / size[:, None, :]
    covariance = np.linalg.inv(solve(scaled)) / (size[:, :, None] * size[:, None, :]) * variance[:, None, None]
    covariance[:, -1, :] *= tau[:, None]
    covariance[:, :, -1] *= tau[:, None]
    return tau, amplitudes, covariance, square


def _signed(data: np.ndarray, times: np.ndarray, basis: Basis, grid: np.ndarray) -> np.ndarray:
    """Magnitudes of a recovery with their lost signs: the number of negative first values that fits best."""
    order = np.argsort(times)
    best, chosen = np.full(len(data), np.inf), data.copy()
    for negative in range(times.size + 1):
        trial = data.copy()
        trial[:, order[:negative]] *= -1
        square = _coarse(trial, times, basis, grid)
        better = square < best
        best[better], chosen[better] = square[better], trial[better]
    return chosen


def _coarse(data, times, basis, grid):
    best = np.full(len(data), np.inf)
    for candidate in grid:
        q, _ = np.linalg.qr(basis(times, np.array(candidate))[0])
        best = np.minimum(best, (data**2).sum(1) - ((data @ q) ** 2).sum(1))
    return best


def _with_phase_removed(images: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Real, signed data of complex images: the phase of the latest time is taken as that of positive signal."""
    last = images[..., [int(np.argmax(times))]]
    return np.real(images * np.exp(-1j * np.angle(last)))


def _grid(low: float, high: float) -> np.ndarray:
    return np.geomspace(low, high, int(np.ceil(np.log(high / low) / np.log(1.08))) + 1)


def t1_inversion_recovery(
    images: np.ndarray, TI: np.ndarray, sigma: float | None = None, look_locker: bool = False, limits=(0.05, 6.0)
) -> Fit:
    """S = a − b exp(−TI/T1*): T1* = T1 of an inversion recovery with long TR, or MOLLI's apparent constant.

    `look_locker` turns T1* into T1 = T1* (b/a − 1) (Deichmann & Haase 1992), the usual MOLLI correction: exact for a
    continuous low-angle readout and ideal inversion, an approximation for balanced readouts with pauses. Complex images are
    signed by the phase of the longest time; magnitudes get their signs from the best fit. amplitudes (a, b)."""
    times = np.asarray(TI, float)
    _check(images, times, 3, "T1 map")
    grid, shape = _grid(*limits), images.shape[:-1]
    if np.iscomplexobj(images):
        data = _with_phase_removed(images, times).reshape(-1, times.size)
    else:
        data = _signed(np.abs(images).reshape(-1, times.size).astype(float), times, _recovery, grid)
    tau, amplitudes, covariance, square = _fit(data.astype(float), times, _recovery, grid, sigma)
    a, b = amplitudes[:, 0], -amplitudes[:, 1]
    slope = np.zeros((len(tau), 3))
    slope[:, 2] = 1
    value = tau
    if look_locker:
        with np.errstate(divide="ignore", invalid="ignore"):
            value = tau * (b / a - 1)
            slope[:, 0], slope[:, 1], slope[:, 2] = -tau * b / a**2, -tau / a, b / a - 1  # d/da, d/d(−b), dτ
    with np.errstate(invalid="ignore"):
        error = np.sqrt(np.einsum("vi,vij,vj->v", slope, covariance, slope))
    good = (np.abs(data).max(1) > 0) & np.isfinite(value) & (value > 0)
    return _pack(value, error, np.stack([a, b], -1), square, good, shape, times.size)


def t1_saturation_recovery(
    images: np.ndarray, TS: np.ndarray, sigma: float | None = None, complete: bool = True, limits=(0.05, 6.0)
) -> Fit:
    """S = a (1 − exp(−TS/T1)); with `complete=False` S = a − b exp(−TS/T1), for a saturation that leaves a rest."""
    times = np.asarray(TS, float)
    _check(images, times, 2 if complete else 3, "T1 map")
    data = (
        (_with_phase_removed(images, times) if np.iscomplexobj(images) else images)
        .reshape(-1, times.size)
        .astype(float)
    )
    return _plain(data, images.shape[:-1], times, _saturation if complete else _recovery, limits, sigma)


def t2_decay(images: np.ndarray, TE: np.ndarray, sigma: float | None = None, limits=(0.003, 3.0)) -> Fit:
    """S = a exp(−TE/T2), magnitudes; also T2* of gradient echoes. Long echoes near the noise floor should be left out."""
    times = np.asarray(TE, float)
    _check(images, times, 2, "T2 map")
    data = np.abs(images).reshape(-1, times.size).astype(float)
    return _plain(data, images.shape[:-1], times, _decay, limits, sigma)


def _plain(data, shape, times, basis, limits, sigma):
    tau, amplitudes, covariance, square = _fit(data, times, basis, _grid(*limits), sigma)
    return _pack(tau, np.sqrt(covariance[:, -1, -1]), amplitudes, square, np.abs(data).max(1) > 0, shape, times.size)


def _pack(value, error, amplitudes, square, good, shape, n):
    return Fit(
        np.where(good, value, np.nan).reshape(shape),
        np.where(good, error, np.nan).reshape(shape),
        amplitudes.reshape(*shape, -1),
        np.sqrt(square / n).reshape(shape),
    )
