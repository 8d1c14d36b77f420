"""What the orders must know of the spins to which a timeline is played: bounds, and what they can do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proband.model import ModelError
from proband.mr.phantom.spins import Isochromats


@dataclass(frozen=True)
class Slab:
    """How far the spins reach along a direction, m."""

    direction: tuple[float, float, float]  # of length 1
    low: float
    high: float


@dataclass(frozen=True)
class Subject:
    """What the orders must know of the spins: bounds, and what they can do."""

    reach: np.ndarray  # (3,) m, largest distance along each axis
    fastest: float  # Hz
    transmit: float  # largest share of the nominal field, all channels together
    moving: bool
    bends: np.ndarray  # times at which paths bend, s
    frames: int
    diffusing: bool
    walking: bool
    coils: int
    channels: int
    slabs: tuple[Slab, ...] = ()  # along the gradients under which pulses are played
    B0: float | None = None  # T, where the fields beside the gradients count

    @property
    def key(self) -> tuple:
        """The same for subjects to which the same orders are given."""
        rest = (self.fastest, self.transmit, self.moving, self.frames, self.diffusing, self.walking, self.coils)
        return (self.reach.tobytes(), self.bends.tobytes(), *rest, self.channels, self.slabs, self.B0)

    def offset(self, moment: np.ndarray, turns: np.ndarray | float = 0.0) -> np.ndarray:
        """Most that any spin may turn by a gradient's moment (n, 3), turns/m, less some turns (n,): in a thin oblique slice far
        less than the box around it would let one think."""
        most = np.abs(moment) @ self.reach + np.abs(turns)
        for slab in self.slabs:
            along = moment @ np.array(slab.direction)
            aside = np.abs(moment - along[:, None] * np.array(slab.direction)) @ self.reach
            ends = np.maximum(np.abs(along * slab.low - turns), np.abs(along * slab.high - turns))
            most = np.minimum(most, ends + aside)
        return most

    @classmethod
    def of(
        cls,
        spins: Isochromats,
        coils: int,
        diffusion: str,
        B0: float | None = None,
        directions: np.ndarray | None = None,
    ) -> Subject:
        """`directions` (n, 3): along which the spins' reach is looked up. Raises ModelError where a place or a field is no
        number."""
        field = np.atleast_2d(np.ascontiguousarray(spins.transmit, complex))
        reach = np.maximum(1e-3, furthest(np.asarray(spins.position, float)))
        if spins.shift is not None:
            reach = reach + np.max(np.abs(spins.shift), axis=(0, 1), initial=0.0)
        times = (
            np.zeros(0) if spins.shift is None or spins.shift_times is None else np.asarray(spins.shift_times, float)
        )
        diffusing = spins.diffusion is not None and bool(np.any(spins.diffusion))
        walking = diffusing and diffusion == "walk"
        moving = spins.velocity is not None or len(times) > 0 or walking
        transmit = np.sqrt(2) * float(np.max(furthest(field.view(float).reshape(-1, 1))))
        fastest = float(furthest(np.reshape(np.asarray(spins.off_resonance, float), (-1, 1)))[0])
        for name, found in (("position", reach), ("off_resonance", fastest), ("transmit", transmit)):
            if not np.all(np.isfinite(found)):
                raise ModelError(f"{name} of some spins is no finite number")
        slabs = []
        for direction in np.zeros((0, 3)) if directions is None or moving else directions:
            high, low = extremes((np.asarray(spins.position) @ direction)[:, None])
            slabs.append(Slab(tuple(direction.tolist()), float(low[0]), float(high[0])))
        return cls(
            reach, fastest, transmit, moving, times, len(times), diffusing, walking, coils, len(field), tuple(slabs),
            None if moving else B0,
        )  # fmt: skip


def furthest(x: np.ndarray) -> np.ndarray:
    """Largest magnitude in each column."""
    high, low = extremes(x)
    return np.maximum(np.abs(high), np.abs(low))


def extremes(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Largest and smallest number of each column of (n > 0, k); NaN where there is one.

    Many rows are compared at once, since NumPy is slow along a short axis."""
    n, k = x.shape
    whole = n // 256 * 256 if k > 1 and x.flags.c_contiguous else 0
    if not whole:
        return x.max(axis=0), x.min(axis=0)
    first, rest = x[:whole].reshape(-1, 256 * k), x[whole:]
    high, low = first.max(axis=0).reshape(-1, k), first.min(axis=0).reshape(-1, k)
    return np.concatenate([high, rest]).max(axis=0), np.concatenate([low, rest]).min(axis=0)
