"""A sequence while it is being written: blocks are played one after the other on pypulseq's Sequence."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.limits import Limits
from proband.mr.sequence.mr_sequence import MRSequence
from proband.mr.sequence.pulseq import from_pulseq

#: Which physical axes are read, phase and slice.
ORIENTATIONS = {"transverse": "xyz", "sagittal": "yzx", "coronal": "xzy"}


class Draft:
    """Plays events; counts labels; keeps one copy of every event. Areas are in cycles/m, times in s, angles in rad."""

    def __init__(self, limits: Limits, orientation: str = "transverse"):
        import pypulseq as pp

        self.pp: Any = pp  # its annotations are narrower than what it takes and gives
        self.limits = limits
        self.system = limits.system
        self.seq: Any = pp.Sequence(self.system)
        self.read, self.phase, self.slice = ORIENTATIONS[orientation]
        self.axes = tuple("xyz".index(axis) for axis in ORIENTATIONS[orientation])
        self.orientation = orientation
        self.clock = 0.0
        self._labels: dict[str, int] = {}
        self._kept: dict[Any, Any] = {}

    # ------------------------------------------------------------------------------------------------------ time

    def up(self, time: float) -> float:
        """The next step of the block raster, s."""
        raster = self.limits.block_raster
        return float(np.ceil(time / raster - 1e-6) * raster)

    def near(self, time: float) -> float:
        """The nearest step of the block raster, s."""
        raster = self.limits.block_raster
        return float(np.rint(time / raster) * raster)

    def wait(self, time: float, what: str = "the delay") -> None:
        """A pause, on the block raster; none if it is shorter than half a step."""
        time = self.near(time)
        if time < 0:
            raise ModelError(f"{what} is too short by {-time * 1e3:.3g} ms.")
        if time > 0:
            self.play(self.pp.make_delay(time))

    def wait_until(self, clock: float, what: str = "the delay") -> None:
        """A pause until this time of the sequence's clock."""
        self.wait(clock - self.clock, what)

    # ---------------------------------------------------------------------------------------------------- events

    def trapezoid(self, axis: str, area: float, duration: float | None = None) -> Any:
        """A gradient of this area, as short as the limits allow or of a given duration; None where the area is 0."""
        if abs(area) < 1e-9:
            return None
        key = ("trapezoid", axis, round(area, 6), None if duration is None else round(duration, 9))
        if key not in self._kept:
            if duration is not None and duration < self.shortest(area) + 1e-9:
                duration = None  # as long as the shortest one: rounding must not make it too short
            more = {} if duration is None else {"duration": duration}
            self._kept[key] = self.keep(self.pp.make_trapezoid(axis, area=area, system=self.system, **more))
        return self._kept[key]

    def shortest(self, area: float) -> float:
        """How long a gradient of this area takes at least, s."""
        event = self.trapezoid(self.read, abs(area))
        return 0.0 if event is None else self.up(self.pp.calc_duration(event))

    def scaled(self, event: Any, axis: str, factor: float) -> Any:
        """A gradient on another axis, times a factor; None where nothing is left of it."""
        if event is None or abs(factor) < 1e-9:
            return None
        key = ("scaled", id(event), axis, round(factor, 9))
        if key not in self._kept:
            made = copy(event)
            made.channel = axis
            made.__dict__.pop("id", None)
            if made.type == "trap":
                made.amplitude, made.area, made.flat_area = (
                    factor * x for x in (made.amplitude, made.area, made.flat_area)
                )
            else:
                made.waveform = made.waveform * factor
                made.first, made.last = made.first * factor, made.last * factor
            self._kept[key] = (self.keep(made), event)  # the event is kept, too: its id names it
        return self._kept[key][0]

    def keep(self, event: Any) -> Any:
        """Register an event once: played again, it is found by its number."""
        if event is not None and not hasattr(event, "id"):
            if event.type in ("trap", "grad"):
                number = self.seq.register_grad_event(event)
            elif event.type == "rf":
                number = self.seq.register_rf_event(event)
            elif event.type == "adc":
                number = self.seq.register_adc_event(event)
            else:
                return event
            event.id = number[0] if isinstance(number, tuple) else number
        return event

    def pulse(self, rf: Any, phase: float = 0.0, frequency: float = 0.0, scale: float = 1.0) -> Any:
        """The pulse with this phase at its centre, off by a frequency in Hz, its flip scaled."""
        key = ("rf", id(rf), round(phase % (2 * np.pi), 6), round(frequency, 6), round(scale, 9))
        if key not in self._kept:
            made = copy(rf)
            made.__dict__.pop("id", None)
            made.signal = rf.signal * scale
            made.freq_offset = rf.freq_offset + frequency
            made.phase_offset = (rf.phase_offset + phase - 2 * np.pi * frequency * rf.center) % (2 * np.pi)
            self._kept[key] = (self.keep(made), rf)
        return self._kept[key][0]

    def receiver(self, adc: Any, phase: float = 0.0) -> Any:
        """The readout with this phase."""
        key = ("adc", id(adc), round(phase % (2 * np.pi), 6))
        if key not in self._kept:
            made = copy(adc)
            made.__dict__.pop("id", None)
            made.phase_offset = phase % (2 * np.pi)
            self._kept[key] = (self.keep(made), adc)
        return self._kept[key][0]

    # ------------------------------------------------------------------------------------------------------ play

    def play(self, *events: Any, **labels: int) -> float:
        """One block; what is None is left out. Labels are set where they change. Gives the block's duration, s."""
        played = [event for event in events if event is not None]
        if self._labels.get("NOISE") and "NOISE" not in labels:
            labels["NOISE"] = 0
        for name, value in labels.items():
            if self._labels.get(name) != value:
                self._labels[name] = int(value)
                played.append(self.pp.make_label(type="SET", label=name, value=int(value)))
        length = self.up(max(self._length(event) for event in played))
        played.append(self.pp.make_delay(length))
        self.seq.add_block(*played)
        self.clock += length
        return length

    def _length(self, event: Any) -> float:
        return 0.0 if event.type in ("labelset", "labelinc") else float(self.pp.calc_duration(event))

    def trigger(self) -> None:
        """Wait for the heart."""
        self.play(self.pp.make_trigger("physio1", duration=self.limits.block_raster, system=self.system))

    def noise(self, samples: int) -> None:
        """Listen before anything is played."""
        dwell = max(10e-6, self.limits.adc_raster)
        adc = self.pp.make_adc(samples, dwell=dwell, delay=self.limits.adc_dead_time, system=self.system)
        self.play(adc, NOISE=1)
        self.wait(10 * self.limits.block_raster)

    def finish(self, name: str, info: Mapping[str, Any]) -> MRSequence:
        """The sequence with its protocol; the file's definitions say it, too."""
        info = dict(info) | {"orientation": self.orientation, "axes": self.axes}
        if "spoiler" in info:
            # Said along read and slice; told along the world's axes.
            along = dict(zip((self.axes[0], self.axes[2]), info["spoiler"]))
            info["spoiler"] = tuple(float(along.get(axis, 0.0)) for axis in range(3))
        said = {"Name": name, "Axes": [float(axis) for axis in self.axes]}
        names = {"FOV": "FOV", "TE": "TE", "TR": "TR", "TI": "TI", "matrix": "Matrix", "flip": "FlipAngle"}
        for key, title in {**names, "bandwidth": "Bandwidth"}.items():
            value = info.get(key)
            if value is not None:
                said[title] = [float(x) for x in value] if isinstance(value, (tuple, list)) else float(value)
        for key, value in said.items():
            self.seq.set_definition(key, value)
        return MRSequence(name, from_pulseq(self.seq), self.limits, info)
