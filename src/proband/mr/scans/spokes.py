"""Spokes in place of the slice pulse of a two-dimensional gradient echo: every channel plays short sincs by itself, between blips.

What selects the slice and rewinds it goes out of every repetition, the spokes and their own rewinder go in; the spoiler stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from proband.model import ModelError
from proband.mr.scanner.fields import Fields
from proband.mr.scanner.parallel_transmit import Design, spokes, spokes_fit
from proband.mr.scanner.scanner import GAMMA, Scanner
from proband.mr.scanner.shimming import Shim
from proband.mr.scans.kt_points import DEAR, with_blips
from proband.mr.scans.turning import Plane
from proband.mr.sequence import MRSequence
from proband.mr.sequence.timeline import Timeline, Waveform


def with_spokes(
    sequence: MRSequence, fields: Fields, region: np.ndarray, shim: Shim, scanner: Scanner, plane: Plane
) -> tuple[Timeline, Design]:
    """The sequence's timeline with spokes for its pulses, and their design. Raises ModelError where they do not fit."""
    timeline, info = sequence.timeline, sequence.info
    if sequence.name != "spoiled_gre" or info["matrix"][2] > 1 or info["axes"][2] != 2:
        raise ModelError("spokes excite one transverse slice: they are for a two-dimensional spoiled_gre of one slice.")
    if not np.allclose(plane.turn, np.eye(3)):
        raise ModelError("spokes excite a transverse slice, and this one is turned; leave `turn` out, or take another shim.")  # fmt: skip
    thickness, flip = float(info["FOV"][2]), np.deg2rad(float(info["flip"]))
    first = timeline.pulses[0]
    room = first.step * np.atleast_2d(first.wave).shape[1]
    blocks = timeline.blocks
    assert blocks is not None  # of the library
    began = lambda times: blocks[np.searchsorted(blocks, np.asarray(times) + 1e-9) - 1]  # noqa: E731
    opens = began([p.start for p in timeline.pulses])
    heard = timeline.readouts[0].start
    closes = opens + began(heard) - opens[opens < heard][-1]  # until a readout's block the slice's axis is the pulse's
    tip = spokes_fit(fields, region, scanner, thickness, room, lead=first.start - float(opens[0]))
    if tip is None:
        raise ModelError(f"three spokes do not fit into the pulse's {room * 1e3:.2f} ms; ask for a longer rf_duration.")
    design = _moved(spokes(fields, region, shim, scanner, flip, thickness, tip=tip, power=DEAR), float(plane.centre[2]))
    wave, step = design.pulse.wave, design.pulse.step
    loud = np.flatnonzero(np.abs(wave).any(axis=0))
    begin, end = int(loud[0]), int(loud[-1]) + 1
    pulse = replace(design.pulse, wave=np.ascontiguousarray(wave[:, begin:end]))
    ends = np.array([p.start for p in timeline.pulses]) + room
    starts = np.floor((ends - end * step) / 1e-5 + 1e-6) * 1e-5
    if (starts < opens - 1e-9).any() or (starts + design.duration > closes + 1e-9).any():
        raise ModelError("the spokes' gradients do not fit beside the pulse; ask for a longer rf_duration or TE.")
    gradients = [*timeline.gradients[:2], _silent(timeline.gradients[2], opens, closes)]
    gradients = [with_blips(g, blip, starts.tolist()) for g, blip in zip(gradients, design.gradients, strict=True)]
    last = (end - begin) * step - tip / 2  # the middle of the last sinc
    pulses = tuple(
        replace(pulse, start=float(t) + begin * step, phase=p.phase, use="excitation", center=last)
        for t, p in zip(starts, timeline.pulses)
    )
    return replace(timeline, gradients=tuple(gradients), pulses=pulses), design  # type: ignore[arg-type]


def _moved(design: Design, height: float) -> Design:
    """The design for a slice at this height (m): what is tipped at t turns by the gradient's moment that is still to come."""
    if not height:
        return design
    pulse, along = design.pulse, design.gradients[2]
    samples = pulse.wave.shape[1]
    edges = np.interp(np.arange(samples + 1) * pulse.step, along.times, along.values, 0, 0)
    area = (edges[1:] + edges[:-1]) / 2 * pulse.step
    left = GAMMA * (area[::-1].cumsum()[::-1] - area / 2)  # cycles/m, from the middle of each sample
    return replace(design, pulse=replace(pulse, wave=pulse.wave * np.exp(-2j * np.pi * height * left)))


def _silent(wave: Waveform, opens: np.ndarray, closes: np.ndarray) -> Waveform:
    """A waveform that rests between each `opens` and `closes`."""
    n = np.clip(np.searchsorted(opens, wave.times + 1e-9) - 1, 0, len(opens) - 1)
    inside = (wave.times > opens[n] - 1e-9) & (wave.times < closes[n] + 1e-9)
    return Waveform(wave.times, np.where(inside, 0.0, wave.values))
