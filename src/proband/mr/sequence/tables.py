"""What a Pulseq file says, decoded: one row for each event, one for each block. Any version, one form (that of 1.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

#: Initial of an RF pulse's use in the file → the word.
USES = {
    "e": "excitation",
    "r": "refocusing",
    "i": "inversion",
    "s": "saturation",
    "p": "preparation",
    "o": "other",
    "u": "undefined",
}  # fmt: skip

#: Labels of the Pulseq specification 1.5: counters first, then flags.
LABELS = (
    "SLC", "SEG", "REP", "AVG", "SET", "ECO", "PHS", "LIN", "PAR", "ACQ", "NAV", "REV", "SMS", "REF", "IMA", "NOISE",
    "PMC", "NOROT", "NOPOS", "NOSCL", "ONCE", "TRID", "OFF",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class RF:
    """`signal` (n,) complex in Hz; `times` (n,) in s from the pulse's start, None where every raster step holds a sample."""

    signal: np.ndarray
    times: np.ndarray | None
    center: float
    delay: float
    frequency_ppm: float
    phase_ppm: float  # rad/MHz
    frequency: float
    phase: float
    use: str

    def duration(self, raster: float) -> float:
        """s"""
        return len(self.signal) * raster if self.times is None else float(self.times[-1])


@dataclass(frozen=True, eq=False)
class Trapezoid:
    """`amplitude` in Hz/m, times in s."""

    amplitude: float
    rise: float
    flat: float
    fall: float
    delay: float

    def knots(self, raster: float) -> tuple[np.ndarray, np.ndarray]:
        """Times from the block's start (n,) in s and values (n,) in Hz/m."""
        t = self.delay + np.cumsum([0.0, self.rise, self.flat, self.fall])
        return t, np.array([0.0, self.amplitude, self.amplitude, 0.0])


@dataclass(frozen=True, eq=False)
class Shaped:
    """`waveform` (n,) in Hz/m at `times` (n,) in s, or, where `times` is None, in the middle of each raster step."""

    waveform: np.ndarray
    times: np.ndarray | None
    first: float
    last: float
    delay: float
    half_raster: bool = False  # sampled at every half step, the first after half a step

    def knots(self, raster: float) -> tuple[np.ndarray, np.ndarray]:
        """Times from the block's start (m,) in s and values (m,) in Hz/m."""
        if self.times is not None:
            return self.delay + self.times, self.waveform
        n = len(self.waveform)
        if self.half_raster:
            inner, end = np.arange(1, n + 1) * raster / 2, (n + 1) * raster / 2
        else:
            inner, end = (np.arange(n) + 0.5) * raster, n * raster
        t = self.delay + np.concatenate([[0.0], inner, [end]])
        return t, np.concatenate([[self.first], self.waveform, [self.last]])


@dataclass(frozen=True, eq=False)
class ADC:
    """Times in s; `modulation` (samples,) in rad, None where there is none."""

    samples: int
    dwell: float
    delay: float
    frequency_ppm: float
    phase_ppm: float
    frequency: float
    phase: float
    modulation: np.ndarray | None = None


@dataclass(frozen=True)
class Label:
    """`increment`: add `value` instead of setting it."""

    name: str
    value: int
    increment: bool


@dataclass(frozen=True)
class Trigger:
    """`kind` 1 is an output, 2 a wait for an input (channel 1: physiology); times in s."""

    kind: int
    channel: int
    delay: float
    duration: float


@dataclass(frozen=True)
class SoftDelay:
    """A delay that the operator may change: (block's duration − offset) × factor is the time shown."""

    number: int
    offset: float
    factor: float
    hint: str


@dataclass(frozen=True, eq=False)
class Tables:
    """`blocks` (n, 7), int: the file's number, RF, GX, GY, GZ, ADC, extension list (0: none); `durations` (n,) in s."""

    version: tuple[int, int, int]
    blocks: np.ndarray
    durations: np.ndarray
    rf: Mapping[int, RF]
    gradients: Mapping[int, Trapezoid | Shaped]
    adc: Mapping[int, ADC]
    extensions: Mapping[int, tuple[Label | Trigger | SoftDelay, ...]]
    gradient_raster: float
    rf_raster: float
    adc_raster: float
    block_raster: float
    definitions: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def starts(self) -> np.ndarray:
        """Beginning of every block and end of the last, (n + 1,), s."""
        # Counted in whole rasters: a sum of 100,000 floats would drift.
        ticks = np.rint(self.durations / self.block_raster)
        whole = np.allclose(ticks * self.block_raster, self.durations, rtol=0, atol=1e-9)
        sums = np.concatenate([[0.0], np.cumsum(ticks if whole else self.durations)])
        return sums * self.block_raster if whole else sums
