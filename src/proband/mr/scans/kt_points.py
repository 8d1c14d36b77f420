"""kT-points in place of the slab pulse of a three-dimensional gradient echo: every channel plays by itself, between blips.

The slab's gradient and what rewinds it are the same in every repetition: they are taken out, the pulse goes in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.scanner.fields import Fields
from proband.mr.scanner.parallel_transmit import Design, kt_points
from proband.mr.scanner.scanner import Scanner
from proband.mr.scanner.shimming import Shim
from proband.mr.scans.turning import Plane, turned
from proband.mr.sequence import MRSequence
from proband.mr.sequence.timeline import Timeline, Waveform

SHORTEST = 100e-6  # s, of a part
# How dear heat is in the design: at 5 T in an abdomen 10 takes a third of the local SAR of 1, for a third more variation.
DEAR = 10.0


def with_kt_points(
    sequence: MRSequence, fields: Fields, region: np.ndarray, shim: Shim, scanner: Scanner, plane: Plane
) -> tuple[Timeline, Design]:
    """The sequence's timeline in its plane with kT-points for its pulses, and their design. Raises ModelError where they do not fit."""
    timeline, info = sequence.timeline, sequence.info
    if sequence.name != "spoiled_gre" or info["matrix"][2] < 2:
        raise ModelError(
            "kT-points excite a whole volume: they are for a three-dimensional spoiled_gre (partitions above 1)."
        )
    slab = sequence.info["axes"][2]
    first = timeline.pulses[0]
    room = first.step * np.atleast_2d(first.wave).shape[1]
    flip = np.deg2rad(float(info["flip"]))
    design = kt_points(fields, region, shim, scanner, flip, tip=SHORTEST, power=DEAR, room=room)
    if design.duration > room + 1e-9:
        raise ModelError(
            f"the kT-points take {design.duration * 1e3:.2f} ms and the pulse has {room * 1e3:.2f} ms; ask for an rf_duration of "
            f"{np.ceil(design.duration * 1e4) / 10 + 0.1:.1f} ms or more."
        )
    gradients = list(timeline.gradients)
    gradients[slab] = _without_slab(timeline, slab, info)
    # The image is turned; the blips are not, since they are designed for the patient as he lies.
    timeline = turned(replace(timeline, gradients=tuple(gradients)), plane)  # type: ignore[arg-type]
    gradients = list(timeline.gradients)
    starts = [round((p.start + room - design.duration) / 1e-5) * 1e-5 for p in timeline.pulses]
    for axis in range(3):
        gradients[axis] = with_blips(gradients[axis], design.gradients[axis], starts)
    pulses = tuple(
        replace(design.pulse, start=t, phase=p.phase, use="excitation", center=design.duration)
        for t, p in zip(starts, timeline.pulses)
    )
    return replace(timeline, gradients=tuple(gradients), pulses=pulses), design  # type: ignore[arg-type]


def _without_slab(timeline: Timeline, axis: int, info: Any) -> Waveform:
    """The slab axis less what it plays in a repetition whose partition is the middle one (and encodes nothing)."""
    wave, TR = timeline.gradients[axis], float(info["TR"])
    begins = np.array([p.start for p in timeline.pulses])
    middle = info["matrix"][2] // 2
    lead = float(begins[0])
    plain = None
    for r in timeline.readouts:
        if r.labels.get("PAR", 0) == middle:
            plain = float(begins[np.searchsorted(begins, r.start) - 1]) - lead
            break
    if plain is None:
        raise ModelError("no repetition has the middle partition, so the slab's own gradient cannot be told.")
    knots = wave.times[(wave.times >= plain - 1e-9) & (wave.times <= plain + TR + 1e-9)] - plain
    all_knots = np.unique(np.round(np.concatenate([wave.times, *[knots + b - lead for b in begins]]), 10))
    all_knots = all_knots[(all_knots >= 0) & (all_knots <= timeline.duration)]
    repetition = np.clip(np.searchsorted(begins - lead, all_knots + 1e-9, side="right") - 1, 0, len(begins) - 1)
    inside = all_knots - (begins[repetition] - lead)
    values = np.interp(all_knots, wave.times, wave.values, 0, 0) - np.interp(
        plain + inside, wave.times, wave.values, 0, 0
    )
    values[np.abs(values) < 1e-9] = 0.0
    return Waveform(all_knots, values)


def with_blips(wave: Waveform, blip: Waveform, starts: list[float]) -> Waveform:
    """A waveform with another one played on it at each start."""
    if not len(blip.times):
        return wave
    own = [blip.times + s for s in starts]
    knots = np.unique(np.round(np.concatenate([wave.times, *own]), 10))
    values = np.interp(knots, wave.times, wave.values, 0, 0) if len(wave.times) else np.zeros(len(knots))
    place = np.clip(np.searchsorted(starts, knots + 1e-10, side="right") - 1, 0, len(starts) - 1)
    values = values + np.interp(knots - np.array(starts)[place], blip.times, blip.values, 0, 0)
    return Waveform(knots, values)
