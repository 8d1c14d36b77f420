"""A sequence as the spins meet it: pulses, gradients and readouts on one clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False)
class Pulse:
    """One radio-frequency pulse, piecewise constant.

    `wave` (channels, samples), complex, γB1/2π in Hz for a channel whose field is 1 at the spin; `frequency` in Hz and
    `phase` in rad are the transmitter's offset. One channel means that the scanner's shim spreads it over its own."""

    start: float
    step: float
    wave: np.ndarray
    frequency: float = 0.0
    phase: float = 0.0
    use: str = "excitation"
    center: float | None = None  # s after `start`, when the flip counts as done; None: the middle of the highest part


@dataclass(frozen=True, eq=False)
class Readout:
    """`samples` complex numbers every `dwell` s, the first at `start` + `dwell`/2; `labels` as Pulseq names them (LIN, SLC, …)."""

    start: float
    dwell: float
    samples: int
    frequency: float = 0.0
    phase: float = 0.0
    labels: Mapping[str, int] = field(default_factory=dict)
    modulation: np.ndarray | None = None  # (samples,) rad, added to the receiver's phase sample by sample

    @property
    def times(self) -> np.ndarray:
        """When each sample is taken, s."""
        return self.start + (np.arange(self.samples) + 0.5) * self.dwell


@dataclass(frozen=True, eq=False)
class Waveform:
    """One gradient axis, linear between its knots: `times` (n,) in s, `values` (n,) in T/m; zero outside."""

    times: np.ndarray
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class Timeline:
    """All that is played in one scan. Times in s from its beginning."""

    pulses: tuple[Pulse, ...]
    gradients: tuple[Waveform, Waveform, Waveform]
    readouts: tuple[Readout, ...]
    duration: float
    definitions: Mapping[str, object] = field(default_factory=dict)  # FOV, Name, … as in the Pulseq file
    triggers: tuple[float, ...] = ()  # when the sequence waits for the heart, s
    blocks: np.ndarray | None = None  # (n + 1,) s: the beginning of every Pulseq block and the end of the last
