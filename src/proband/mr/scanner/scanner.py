"""A scanner as data: what its sheet says, in SI units, with the source of every figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as row

GAMMA = 42.577478518e6  # Hz/T, of the proton in water (CODATA 2018)


@dataclass(frozen=True)
class Magnet:
    """Static field. `residual` (ppm of B0 at `radius`): coefficient of each real solid harmonic after shimming the
    empty magnet, by name as in `proband.mr.scanner.harmonics`."""

    bore: float  # m, inner diameter
    radius: float  # m, of the sphere on which the residual is stated
    residual: Mapping[str, float]  # ppm
    shim_order: int
    shim_limit: float  # Hz at 0.1 m, for one harmonic
    drift: float  # Hz/s while gradients heat the passive shims


@dataclass(frozen=True)
class LowPass:
    """One filter of a model of nerves: its time constant (s), its share, and whether it hears the slew or the slew's size."""

    time: float
    share: float
    rectified: bool = False


@dataclass(frozen=True)
class NerveFilter:
    """A SAFE-type model of one gradient axis (Hebrank and Gebhardt 2000, Proc ISMRM 8:2007): low-pass filters (makers use
    three, the second of them rectified), the slew (T/m/s) that is the limit, and a scale of the whole."""

    filters: tuple[LowPass, ...]
    limit: float
    scale: float


@dataclass(frozen=True)
class Gradients:
    """Gradient coils and amplifiers. One eddy term: (share, time constant in s): the field lags by that share."""

    maximum: float  # T/m on one axis
    slew: float  # T/m/s on one axis
    rms: float  # T/m that an axis may hold for ever
    rms_window: float  # s
    raster: float  # s
    delay: float  # s, of the field behind the demand
    eddy: tuple[tuple[float, float], ...]
    third: float  # share by which a radial third-order term bends the field at 0.25 m
    acoustic_sensitivity: float  # Pa for 1 T/m/s of slew at the peak of the response
    acoustic_resonance: float  # Hz
    acoustic_width: float  # Hz
    nerves: tuple[NerveFilter, ...] = ()  # one for each axis; none: the standard's default law is what limits


@dataclass(frozen=True)
class Transmitter:
    """Radio-frequency transmission: `kind` is "birdcage" or "tem" (two quadrature ports) or "loops" (one channel a loop)."""

    kind: str
    channels: int
    power: float  # W, peak of one amplifier
    duty: float  # share of the time at peak power that an amplifier holds
    cable: float  # share of the power that reaches the coil
    radius: float  # m, of the conductors
    shield: float  # m, radius of the screen
    length: float  # m, along the bore
    rungs: int
    wire: float  # m, radius of the round conductor that equals the strip
    loss_factor: float  # loss of capacitors and joints: resistance over that of copper alone
    raster: float  # s
    dead_time: float  # s
    ringdown: float  # s


@dataclass(frozen=True)
class ReceiveArray:
    """Loops on an elliptic cylinder around the patient: `rings` along the bore times `loops` around it.

    The former keeps `gap` from the skin and is never smaller than `half_width` × `half_height`."""

    name: str
    rings: int
    loops: int
    length: float  # m
    half_width: float  # m
    half_height: float  # m
    gap: float  # m
    wire: float  # m
    loss_factor: float
    noise_figure: float  # dB of the first amplifier

    @property
    def channels(self) -> int:
        return self.rings * self.loops


@dataclass(frozen=True)
class VolumeCoil:
    """The transmit coil once more: a coil that sends and hears. Its channels are the transmitter's."""

    name: str
    noise_figure: float  # dB of the first amplifier


@dataclass(frozen=True)
class Converter:
    """Analogue-to-digital conversion."""

    shortest_dwell: float  # s
    longest_dwell: float  # s
    raster: float  # s
    dead_time: float  # s
    passband: float  # share of the sampled band that the decimation filter passes flat


@dataclass(frozen=True)
class Scanner:
    """A whole-body scanner. `sources` names where each row of the sheet comes from."""

    name: str
    title: str
    description: str
    field: float  # T
    magnet: Magnet
    gradients: Gradients
    transmitter: Transmitter
    arrays: Mapping[str, ReceiveArray | VolumeCoil]
    converter: Converter
    sources: Mapping[str, str] = row(default_factory=dict)

    @property
    def larmor(self) -> float:
        """Hz, of water's protons."""
        return GAMMA * self.field
