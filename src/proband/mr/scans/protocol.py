"""What is scanned, on which scanner, and how the image is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SHIMS = ("quadrature", "static", "kt-points", "spokes")


@dataclass(frozen=True)
class Protocol:
    """One scan. Lengths in m, times in s, angles as the sequence's table has them.

    `sequence` is a name of the library with its `options`, or `file` a Pulseq file. `plane` "short_axis" turns a heart's
    scan into its axis; `slices` of such a stack. `anatomy`: voxels of the patient in one voxel of the image, along read,
    phase and slice; `points`: spins in one voxel of the image, whole multiples of `anatomy`."""

    name: str
    scanner: str
    sequence: str = ""
    file: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    array: str = "head"
    slew: float = (
        0.4  # share of the gradients' slew that the library's sequences use: nerves allow less than amplifiers
    )
    shim: str = "quadrature"
    adjust: tuple[
        str, ...
    ] = ()  # tissues to which transmitter and static field are calibrated and shimmed; none: all within the image
    heat: float = 1.0  # most SAR of a static shim, as a share of quadrature's
    mode: str = "normal"
    part: str = "trunk"  # of the body, for local SAR
    plane: str = "sequence"
    turn: tuple[float, ...] = (0.0, 0.0, 0.0)  # rad, of the slices about the world's x, y and z, one after the other
    offset: float = 0.0  # m, of the slices along their normal
    anatomy: tuple[int, int, int] = (2, 2, 2)
    points: tuple[int, int, int] = (2, 2, 24)
    margin: float = 0.5  # of a slice's thickness, simulated on both sides beyond it
    precision: str = "float32"
    gradients: str = "ideal"  # real: late, with eddy currents and the fields beside them, bent far from the isocentre
    receiver: str = "real"  # the decimation filter, and a frequency that stays while the field drifts
    t2_prime: str = "by sequence"  # rate, lorentzian or none
    noise: bool = True
    truth: str = ""  # the fully sampled scan whose noiseless image is this one's truth; none: its own
    method: str = "auto"
    reconstruction: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
