"""From readouts to sorted k-space: which image grid, which lines, which frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proband.model import ModelError
from proband.mr.raw import RawData
from proband.mr.reconstruction import ghosts
from proband.mr.reconstruction.noise import prewhiten
from proband.mr.reconstruction.readout import lines_to_image

FRAME_LABELS = ("PHS", "REP", "ECO", "SET")  # each combination of these that was played becomes one frame


@dataclass(frozen=True, eq=False)
class CartesianScan:
    """A Cartesian scan, readout already in image space.

    `data` (frames, coils, nx, ny, nz) complex64, prewhitened; `mask` (frames, nx, ny, nz) 0 or 1; `axes`: which grid axes
    are still in k-space (index n//2 is its centre); `times` (frames,) s, mean time of a frame's samples; `labels` the value
    of every frame label; `sigma`: standard deviation of the complex noise of one number of `data`."""

    data: np.ndarray
    mask: np.ndarray
    axes: tuple[int, ...]
    times: np.ndarray
    labels: dict[str, np.ndarray]
    sigma: float


@dataclass(frozen=True, eq=False)
class FreeScan:
    """A two-dimensional scan along any trajectory, prewhitened: per frame and slice `samples` (coils, n), `k` (n, 2) in
    cycles per voxel along grid axes 0 and 1, `times` (n,) s since the first sample of its readout."""

    samples: list[list[np.ndarray]]
    k: list[list[np.ndarray]]
    sample_times: list[list[np.ndarray]]
    times: np.ndarray
    labels: dict[str, np.ndarray]


def check(raw: RawData) -> None:
    """One sentence for raw data that cannot be sorted."""
    signal, k = np.asarray(raw.signal), np.asarray(raw.trajectory)
    if signal.ndim != 3 or k.shape != (signal.shape[0], signal.shape[2], 3):
        raise ModelError(
            f"raw data: signal {signal.shape} and trajectory {k.shape}, where (readouts, coils, samples) and (readouts, samples, 3) belong together"
        )
    if not np.isfinite(signal).all() or not np.isfinite(k).all():
        raise ModelError("raw data: signal or trajectory hold NaN or infinity, where every sample must be a number")
    if not signal.size or not np.abs(signal).any():
        raise ModelError("raw data: all samples are zero, so there is nothing to reconstruct")
    if np.shape(raw.noise) != (signal.shape[1],) * 2:
        raise ModelError(
            f"raw data: noise covariance {np.shape(raw.noise)} for {signal.shape[1]} coils, where (coils, coils) is right"
        )
    for name, values in raw.labels.items():
        if len(values) != len(signal):
            raise ModelError(
                f"raw data: label {name} has {len(values)} values for {len(signal)} readouts, where there must be one each"
            )


def voxel_frequencies(raw: RawData) -> np.ndarray:
    """k in cycles per voxel along the grid's axes, (readouts, samples, 3)."""
    return np.asarray(raw.trajectory, float) @ raw.grid.affine[:3, :3]


def _label(raw: RawData, name: str) -> np.ndarray:
    return np.asarray(raw.labels[name]) if name in raw.labels else np.zeros(len(raw.signal), int)


def _frames(raw: RawData, imaging: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """(frame of every readout, −1 where none; value of each varying label by frame)."""
    table = np.stack([_label(raw, name) for name in FRAME_LABELS], axis=1)
    kinds, which = np.unique(table[imaging], axis=0, return_inverse=True)
    frame = np.full(len(imaging), -1)
    frame[imaging] = which.ravel()
    return frame, {name: kinds[:, i] for i, name in enumerate(FRAME_LABELS) if len(np.unique(kinds[:, i])) > 1}


def _signal_about_grid(raw: RawData) -> np.ndarray:
    """Prewhitened signal whose phases refer to voxel n//2 of the grid instead of the isocentre."""
    middle = raw.grid.affine[:3, :3] @ [n // 2 for n in raw.grid.shape] + raw.grid.affine[:3, 3]
    white = prewhiten(np.asarray(raw.signal), raw.noise)
    return (white * np.exp(2j * np.pi * (np.asarray(raw.trajectory) @ middle))[:, None, :]).astype(np.complex64)


def _imaging(raw: RawData) -> np.ndarray:
    return (_label(raw, "NOISE") == 0) & (_label(raw, "NAV") == 0)


def _slices(raw: RawData, in_plane: bool) -> np.ndarray:
    """Which grid slice a readout belongs to (2-D scans)."""
    if raw.grid.shape[2] == 1 or not in_plane:
        return np.zeros(len(raw.signal), int)
    if "SLC" not in raw.labels:
        raise ModelError(
            f"raw data: the grid has {raw.grid.shape[2]} slices and k-space only one, where label SLC must tell each readout's slice"
        )
    slices = np.asarray(raw.labels["SLC"])
    if slices.min() < 0 or slices.max() >= raw.grid.shape[2]:
        raise ModelError(
            f"raw data: label SLC runs {slices.min()} … {slices.max()}, where the grid has {raw.grid.shape[2]} slices"
        )
    return slices


def is_cartesian(raw: RawData) -> bool:
    """Whether every imaging readout is a line along one common grid axis, on integer positions of the others."""
    k = voxel_frequencies(raw)[_imaging(raw)]
    if not len(k):
        raise ModelError(
            "raw data: no imaging readout is left beside noise and navigators, where at least one is needed"
        )
    span = np.ptp(k, axis=1) * raw.grid.shape
    axis = int(np.argmax(span.mean(0)))
    others = [a for a in range(3) if a != axis]
    position = (k * raw.grid.shape).mean(1)[:, others]
    return bool((span[:, others] < 0.1).all() and (np.abs(position - np.round(position)) < 0.1).all())


def sort_cartesian(raw: RawData) -> CartesianScan:
    """Readouts on the grid's k-space; repeated lines are averaged, EPI ghosts are corrected where navigators were played."""
    check(raw)
    shape = np.array(raw.grid.shape)
    k, imaging = voxel_frequencies(raw), _imaging(raw)
    signal = _signal_about_grid(raw)
    axis = int(np.argmax((np.ptp(k[imaging], axis=1) * shape).mean(0)))
    others = [a for a in range(3) if a != axis]
    lines, variance = lines_to_image(signal, k[:, :, axis], int(shape[axis]), imaging | (_label(raw, "NAV") == 1))
    if (_label(raw, "NAV") == 1).any():
        lines = ghosts.correct(lines, k[:, :, axis], _label(raw, "NAV") == 1, _label(raw, "SLC"))
    flat = bool((np.abs(k[imaging][:, :, 2]) * shape[2] < 0.1).all()) if axis != 2 else False
    slices = _slices(raw, flat)
    frame, labels = _frames(raw, imaging)
    frames, coils = int(frame.max()) + 1, signal.shape[1]
    in_kspace = tuple(a for a in others if not (a == 2 and flat))
    data = np.zeros((frames, *shape, coils), np.complex64)
    hits = np.zeros((frames, *shape), np.float32)
    index = np.round(k.mean(1) * shape).astype(int) + shape // 2
    if flat:
        index[:, 2] = slices
    outside = imaging & ((index[:, others] < 0) | (index[:, others] >= shape[others])).any(1)
    if outside.any():
        worst = int(np.flatnonzero(outside)[0])
        raise ModelError(
            f"trajectory: readout {worst} lies at line {tuple(int(i) for i in index[worst, others])}, outside the grid's "
            f"{tuple(int(n) for n in shape[others])} lines; matrix and sequence do not match"
        )
    for r in np.flatnonzero(imaging):
        place: list = [0, 0, 0]
        place[axis] = slice(None)
        for a in others:
            place[a] = int(index[r, a])
        data[(frame[r], *place)] += lines[r].T
        hits[(frame[r], *place)] += 1
    lines_count = np.prod([shape[a] for a in in_kspace]) if in_kspace else 1
    data /= np.maximum(hits, 1)[..., None] * np.sqrt(lines_count)
    when = np.array([np.asarray(raw.times)[frame == f].mean() for f in range(frames)])
    averages = hits[hits > 0].mean()
    return CartesianScan(
        np.ascontiguousarray(np.moveaxis(data, -1, 1)),
        (hits > 0).astype(np.float32),
        in_kspace,
        when,
        labels,
        float(np.sqrt(variance / lines_count / averages)),
    )


TRAIN = (
    5.0  # readouts' lengths that may lie between the readouts of one train (assumed: echo trains leave less than one)
)


def elapsed_in_train(raw: RawData) -> np.ndarray:
    """Time of each sample since the first of its train, s: readouts that follow closely belong to one excitation."""
    times = np.asarray(raw.times)
    order = np.argsort(times[:, 0], kind="stable")
    starts, ends = times[order, 0], times[order, -1]
    new = np.append(True, starts[1:] - ends[:-1] > TRAIN * np.median(ends - starts))
    first = np.empty(len(order))
    first[order] = starts[np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))]
    return times - first[:, None]


def sort_free(raw: RawData, trains: bool = False) -> FreeScan:
    """Readouts of a 2-D scan by frame and slice; `trains`: time counts from the first readout of each train on."""
    check(raw)
    k, imaging = voxel_frequencies(raw), _imaging(raw)
    if (np.abs(k[imaging][:, :, 2]) * raw.grid.shape[2] > 0.1).any():
        raise ModelError(
            "trajectory: it leaves the plane of the grid's first two axes, where non-Cartesian scans must be 2-D (any slices)"
        )
    signal, slices = _signal_about_grid(raw), _slices(raw, True)
    frame, labels = _frames(raw, imaging)
    elapsed = elapsed_in_train(raw) if trains else np.asarray(raw.times) - np.asarray(raw.times)[:, :1]
    samples, places, times = [], [], []
    for f in range(int(frame.max()) + 1):
        rows = [[np.flatnonzero((frame == f) & (slices == z)) for z in range(raw.grid.shape[2])]]
        for z, r in enumerate(rows[0]):
            if not len(r):
                raise ModelError(f"raw data: frame {f} has no readout of slice {z}, where every slice needs its own")
        samples.append([np.moveaxis(signal[r], 1, 0).reshape(signal.shape[1], -1) for r in rows[0]])
        places.append([k[r, :, :2].reshape(-1, 2) for r in rows[0]])
        times.append([elapsed[r].ravel() for r in rows[0]])
    when = np.array([np.asarray(raw.times)[frame == f].mean() for f in range(len(samples))])
    return FreeScan(samples, places, times, when, labels)
