"""Stejskal and Tanner's pair of gradients around a refocusing pulse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.draft import Draft
from proband.mr.sequence.limits import GAMMA

#: Share of the largest gradient that diffusion uses; assumed: cooling.
SHARE = 0.95
#: Share of the slew that the lobes' ramps use: nerves feel a long change most, and a lobe loses little by a longer ramp (assumed).
GENTLE = 0.6


@dataclass(frozen=True)
class DiffusionPair:
    """`delta` from the first ramp's beginning to the second's, `separation` of the two lobes, `ramp`; s. `largest`: b at
    full strength, s/m²."""

    amplitude: float  # Hz/m
    delta: float
    separation: float
    ramp: float
    largest: float

    @property
    def lobe(self) -> float:
        """s"""
        return self.delta + self.ramp

    def strength(self, b: float) -> float:
        """Share of the full amplitude that gives b (s/m²)."""
        return float(np.sqrt(b / self.largest)) if self.largest else 0.0


def b_value(amplitude: float, delta: float, separation: float, ramp: float) -> float:
    """s/m², of two trapezoids of `amplitude` in Hz/m (Stejskal and Tanner 1965; ramps after Price and Kuchel 1991)."""
    shape = delta**2 * (separation - delta / 3) + ramp**3 / 30 - delta * ramp**2 / 6
    return (2 * np.pi * amplitude) ** 2 * shape


def design(
    draft: Draft, b: float, before: float, after: float, between: float, TE: float | None
) -> tuple[DiffusionPair, float]:
    """The pair that reaches `b` (s/m²), and TE.

    `before`: time that excitation, crusher and half of the refocusing pulse take of the first half of TE, `after` that of
    the second half without the lobes, `between` from the end of the first lobe to the beginning of the second if nothing
    waits; s. Without TE the shortest is found."""
    raster = 2 * draft.limits.block_raster
    amplitude = SHARE * draft.limits.max_gradient * GAMMA
    ramp = float(np.ceil(amplitude / (GENTLE * draft.limits.max_slew * GAMMA) / (raster / 2)) * raster / 2)

    def echo_time(lobe: float) -> float:
        return float(np.ceil(2 * (max(before, after) + lobe) / raster - 1e-6) * raster)

    if b == 0:
        lobe = 0.0
        least = echo_time(0.0)
        if TE is not None and least - 1e-9 > TE:
            raise ModelError(f"TE {TE * 1e3:.4g} ms is too short; {least * 1e3:.4g} ms is the least.")
        return DiffusionPair(amplitude, 0.0, 0.0, 0.0, 0.0), draft.near((least if TE is None else TE) / raster * raster)
    for n in range(1, 20000):
        delta = ramp + n * raster / 2
        lobe = delta + ramp
        least = echo_time(lobe)
        if TE is not None and least > TE + 1e-9:
            raise ModelError(
                f"b = {b * 1e-6:g} s/mm² does not fit into TE {TE * 1e3:.4g} ms with {draft.limits.max_gradient * 1e3:g} mT/m."
            )
        echo = least if TE is None else float(np.rint(TE / raster) * raster)
        # The first lobe starts right after the excitation, the second right after the refocusing pulse's crusher.
        separation = lobe + between + (echo / 2 - before - lobe)
        largest = b_value(amplitude, delta, separation, ramp)
        if largest >= b:
            return DiffusionPair(amplitude, delta, separation, ramp, largest), echo
    raise ModelError(f"b = {b * 1e-6:g} s/mm² is out of reach.")


def directions(count: int) -> np.ndarray:
    """Unit vectors (count, 3): up to three are the axes; more lie on a Fibonacci spiral over half a sphere."""
    if count <= 3:
        return np.eye(3)[:count]
    z = (np.arange(count) + 0.5) / count
    turn = np.arange(count) * np.pi * (3 - np.sqrt(5))
    radius = np.sqrt(1 - z**2)
    return np.stack([radius * np.cos(turn), radius * np.sin(turn), z], axis=-1)
