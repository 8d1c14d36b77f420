"""Which image a Pulseq file makes that does not say so: read from its k-space, its slices and its definitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.limits import GAMMA
from proband.mr.sequence.mr_sequence import MRSequence
from proband.mr.sequence.timeline import Pulse, Timeline

FLAT = 0.01  # of the largest extent of k-space: an axis that spans less is not encoded
BLOCK = 1e-5  # T/m: an excitation under less gradient selects no slice


@dataclass(frozen=True)
class MadeImage:
    """`axes`: the world's axes along read, phase and slice; `fov` (m) and `matrix` in that order; `centre`: where along the
    third axis the image's middle lies, m; `slices`: the slice of each of the timeline's readouts, none where there is one."""

    axes: tuple[int, int, int]
    fov: tuple[float, float, float]
    matrix: tuple[int, int, int]
    centre: float
    slices: tuple[int, ...] | None

    @property
    def info(self) -> dict[str, object]:
        return {"axes": self.axes, "FOV": self.fov, "matrix": self.matrix, "centre": self.centre, "slices": self.slices}


def image_of(sequence: MRSequence, fov: Sequence[float] = (), matrix: Sequence[int] = ()) -> MadeImage:
    """`fov` (m; along the world's axes, as Pulseq's definition FOV; the third may be left out) and `matrix` go before what
    the file says. The step of k-space is the inverse of the field of view, its extent tells the voxels; a slice lies where
    its pulse's frequency meets the gradient. Raises ModelError where that does not tell the image."""
    timeline, name = sequence.timeline, sequence.name
    some, k = imaging(sequence)
    if not some:
        raise ModelError(f"{name} has no readout that images.")
    axes, cartesian = _axes(k, name)
    said = _along(fov or sequence.info.get("FOV", ()), axes)  # type: ignore[arg-type]
    flat = bool(np.ptp(k[..., axes[2]]) < FLAT * np.ptp(k.reshape(-1, 3), axis=0).max())
    sides, counts = [], []
    for n, axis in enumerate(axes[: 2 if flat else 3]):
        along = k[..., axis]
        if n == 0 or not cartesian:
            step = float(np.median(np.abs(np.diff(along, axis=1))))
        else:
            step = _step(along.mean(1))
        side = (said[n] if said else 0.0) or (1 / step if cartesian and step > 0 else None)
        if side is None:
            raise ModelError(f"{name} does not say its field of view, and its trajectory does not show it; write fov into the scan's options, or FOV (three lengths in m) into the file's definitions.")  # fmt: skip
        reach = (
            float(np.median(np.ptp(along, axis=1)) + step) * side
            if n == 0 and cartesian
            else max(-2 * along.min() * side, 2 * (along.max() * side + 1))
            if cartesian
            else 2 * float(np.abs(along).max()) * side
        )
        sides.append(side)
        counts.append(2 * int(np.ceil(reach / 2 - 0.05)))
    centre, slices = 0.0, None
    if flat:
        places = [_place(timeline, timeline.readouts[i].start, axes[2]) for i in some]
        levels = np.unique(np.round([p for p, _ in places], 5))
        gaps = np.diff(levels)
        if len(levels) > 1 and np.ptp(gaps) > 0.02 * gaps.mean():
            raise ModelError(f"{name} plays slices at uneven distances ({', '.join(f'{v * 1e3:.1f}' for v in levels)} mm), which make no one grid.")  # fmt: skip
        thick = float(gaps.mean()) if len(levels) > 1 else said[2] if said and said[2] else places[0][1]
        if thick is None:
            raise ModelError(f"{name} excites without a slice gradient and does not say how thick its slice is; write three lengths as fov into the scan's options.")  # fmt: skip
        sides.append(thick * len(levels))
        counts.append(len(levels))
        centre = float(levels.mean())
        if len(levels) > 1:
            if axes[2] != 2:
                raise ModelError(f"{name} plays {len(levels)} slices across the world's {'xyz'[axes[2]]} axis; only transverse ones can be told apart without labels.")  # fmt: skip
            every = [_place(timeline, r.start, axes[2])[0] for r in timeline.readouts]
            slices = tuple(int(np.abs(levels - p).argmin()) for p in every)
    if matrix:
        counts[: len(matrix)] = [int(n) for n in matrix]
    if min(counts) < 1 or np.prod([float(n) for n in counts]) > 1e8:
        raise ModelError(f"{name} makes an image of {' × '.join(map(str, counts))} voxels, which cannot be right; write fov and matrix into the scan's options.")  # fmt: skip
    return MadeImage(axes, tuple(sides), tuple(counts), centre, slices)  # type: ignore[arg-type]


def centre_of(sequence: MRSequence) -> float:
    """Where along its third axis the slices, or the slab, of a file lie in the middle (m), by its pulses' frequencies."""
    some, _ = imaging(sequence)
    axis = tuple(sequence.info.get("axes", (0, 1, 2)))[2]
    places = [_place(sequence.timeline, sequence.timeline.readouts[i].start, axis)[0] for i in some]
    return float(np.unique(np.round(places, 5)).mean()) if places else 0.0


def imaging(sequence: MRSequence) -> tuple[list[int], np.ndarray]:
    """Which readouts make the image, those as long as most that are neither noise nor navigators, and their k (n, samples, 3) 1/m."""
    readouts = sequence.timeline.readouts
    lengths = [r.samples for r in readouts]
    usual = max(set(lengths), key=lengths.count)
    some = [
        i for i, r in enumerate(readouts) if r.samples == usual and not (r.labels.get("NOISE") or r.labels.get("NAV"))
    ]
    path = sequence.trajectory
    return some, np.array([path[i] for i in some]).reshape(-1, usual, 3)


def _axes(k: np.ndarray, name: str) -> tuple[tuple[int, int, int], bool]:
    """Read, phase and slice axis of k (readouts, samples, 3), and whether readouts are lines along one of them."""
    whole = np.ptp(k.reshape(-1, 3), axis=0)
    if not whole.max() > 0:
        raise ModelError(f"{name} encodes nothing: all its samples lie at one place of k-space.")
    encoded = whole > FLAT * whole.max()
    if encoded.sum() < 2:
        raise ModelError(f"{name} encodes one direction only, so it makes no image.")
    inside = np.ptp(k, axis=1)
    read = int(inside.mean(0).argmax())
    others = [a for a in range(3) if a != read]
    cartesian = bool((inside[:, others] < FLAT * whole.max()).all())
    if encoded.all():
        phase, third = (others[0], others[1])
    else:
        third = int(np.flatnonzero(~encoded)[0])
        phase = next(a for a in others if a != third)
    if not cartesian:
        read, phase = min(read, phase), max(read, phase)
    return (read, phase, third), cartesian


def _along(fov: Sequence[float], axes: tuple[int, int, int]) -> tuple[float, ...]:
    """World lengths in the order of `axes`; a third that is not given is 0."""
    if not len(fov):
        return ()
    world = (*[float(v) for v in fov], 0.0, 0.0)[:3]
    return tuple(world[a] for a in axes)


def _step(values: np.ndarray) -> float:
    """The usual distance of neighbouring lines, 1/m; 0 where there is one line."""
    steps = np.diff(np.unique(np.round(values, 3)))
    steps = steps[steps > 0.1]
    return float(steps.min()) if len(steps) else 0.0


def _place(timeline: Timeline, when: float, axis: int) -> tuple[float, float | None]:
    """Where along `axis` the last excitation before `when` selects (m), and how thick (m; None: without a gradient)."""
    pulse = max((p for p in timeline.pulses if p.use == "excitation" and p.start < when), key=lambda p: p.start, default=None)  # fmt: skip
    if pulse is None:
        return 0.0, None
    wave = timeline.gradients[axis]
    middle = pulse.start + pulse.step * np.atleast_2d(pulse.wave).shape[1] / 2
    gradient = float(np.interp(middle, wave.times, wave.values, 0, 0)) if len(wave.times) else 0.0
    if abs(gradient) < BLOCK:
        return 0.0, None
    return pulse.frequency / (GAMMA * gradient), _width(pulse) / abs(GAMMA * gradient)


def _width(pulse: Pulse) -> float:
    """Full width at half height of a pulse's spectrum, Hz (small flip angles)."""
    wave = np.atleast_2d(pulse.wave)[0]
    n = 1 << int(np.ceil(np.log2(16 * len(wave))))
    height = np.abs(np.fft.fft(wave, n))
    return float((height > height.max() / 2).sum()) / (n * pulse.step)
