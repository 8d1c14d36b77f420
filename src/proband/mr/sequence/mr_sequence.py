"""A sequence with its protocol: what `build` and `read` give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from proband.mr.sequence.hardware import check_hardware
from proband.mr.sequence.limits import Limits
from proband.mr.sequence.playing import timeline_of
from proband.mr.sequence.reading import read_tables
from proband.mr.sequence.side_car import read_waves, write_waves
from proband.mr.sequence.tables import Tables
from proband.mr.sequence.timeline import Timeline
from proband.mr.sequence.trajectory import k_space
from proband.mr.sequence.writing import write_tables
from proband.mr.space import Grid

CENTRE = "ImageCentre"  # our definition in a file: where the image's middle lies in the world, m


@dataclass(frozen=True, eq=False)
class MRSequence:
    """`info` is the protocol: TE, TR, TI in s, flip in deg, FOV (3,) in m, matrix (3,), bandwidth in Hz per pixel,
    orientation, and what the sequence adds. `waves`: waveforms by channel for RF events that have them."""

    name: str
    tables: Tables
    limits: Limits = Limits()
    info: Mapping[str, Any] = field(default_factory=dict)
    waves: Mapping[int, np.ndarray] = field(default_factory=dict)

    @cached_property
    def timeline(self) -> Timeline:
        """Pulses, gradients and readouts on one clock, as if every trigger came at once (see `gating`)."""
        return timeline_of(self.tables, self.limits.B0, self.waves)

    @cached_property
    def trajectory(self) -> list[np.ndarray]:
        """Nominal k-space positions, one array (samples, 3) for each readout, cycles/m in world axes."""
        return k_space(self.timeline)

    @property
    def grid(self) -> Grid | None:
        """The image that the protocol asks for; None where the file does not say."""
        if "FOV" not in self.info or "matrix" not in self.info:
            return None
        axes = self.info.get("axes", (0, 1, 2))
        shape, voxel = [1, 1, 1], [1.0, 1.0, 1.0]
        for axis, n, fov in zip(axes, self.info["matrix"], self.info["FOV"], strict=True):
            shape[axis], voxel[axis] = int(n), float(fov) / int(n)
        grid = Grid.centred(tuple(shape), tuple(voxel))  # type: ignore[arg-type]
        if centre := self.info.get("centre", 0.0):
            grid.affine[axes[2], 3] += centre
        grid.affine[:3, 3] += self.info.get("image_centre", (0.0, 0.0, 0.0))
        return grid

    @property
    def pulseq(self) -> Any:
        """The same as a `pypulseq.Sequence`."""
        from proband.mr.sequence.pulseq import to_pulseq

        return to_pulseq(self.tables, self.limits)

    def check(self, limits: Limits | None = None) -> None:
        """Refuse what the scanner cannot play: which block, which limit, by how much."""
        check_hardware(self.timeline, limits or self.limits)

    def write(self, path: str | Path, version: str = "1.5") -> Path:
        """A signed `.seq` file, version 1.4.1 or 1.5, with `.ptx.h5` beside it where channels have waveforms."""
        place = write_tables(self.tables, path, version, self.limits)
        if self.waves:
            write_waves(place, self.tables, self.waves)
        return place

    def with_waves(self, waves: Mapping[int, np.ndarray]) -> MRSequence:
        """The same, played by every channel with waveforms (channels, samples) in Hz of its own."""
        return replace(self, waves=dict(waves))


def read(path: str | Path, limits: Limits | None = None, verify: bool = True) -> MRSequence:
    """A Pulseq file of version 1.2 to 1.5 with its side-car, if it has one. Raises ModelError, one sentence."""
    tables = read_tables(path, verify)
    said = tables.definitions
    info = _protocol(said)
    name = str(said.get("Name", "") or Path(path).stem)
    return MRSequence(name, tables, limits or Limits(), info, read_waves(path, tables))


def _protocol(said: Mapping[str, object]) -> dict[str, Any]:
    """What a file's definitions say of the protocol. They are free text: what is no number, or makes no sense, is left out."""
    info: dict[str, Any] = {}
    for title, key in (("TE", "TE"), ("TR", "TR"), ("TI", "TI"), ("FlipAngle", "flip"), ("Bandwidth", "bandwidth")):
        if isinstance(said.get(title), float | tuple):
            info[key] = said[title]
    if isinstance(place := said.get(CENTRE), tuple) and len(place) == 3 and all(abs(x) < 1 for x in place):
        info["image_centre"] = place
    fov, matrix, axes = (said.get(title) for title in ("FOV", "Matrix", "Axes"))
    if isinstance(fov, tuple) and len(fov) == 3 and min(fov) > 0:
        info["FOV"] = fov
    if isinstance(matrix, tuple) and len(matrix) == 3 and all(1 <= n <= 1e5 for n in matrix):
        info["matrix"] = tuple(int(n) for n in matrix)
    if isinstance(axes, tuple) and sorted(axes) == [0, 1, 2]:
        info["axes"] = tuple(int(n) for n in axes)
    return info
