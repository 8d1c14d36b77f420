"""Timeline → tables: a sequence whose pulses or gradients were changed for a patient, in the blocks that it had, for a file.

The other way round than `playing`. What was not changed keeps its number; waits for the heart, labels and readouts stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.limits import GAMMA
from proband.mr.sequence.mr_sequence import MRSequence
from proband.mr.sequence.playing import SAME, on_clock, timeline_of
from proband.mr.sequence.tables import RF, Shaped, Tables
from proband.mr.sequence.timeline import Pulse, Timeline, Waveform

NOTHING = 1e-12  # T/m


def as_played(sequence: MRSequence, timeline: Timeline, weights: np.ndarray | None = None) -> MRSequence:
    """The sequence that plays `timeline`, which has the sequence's blocks, readouts and as many pulses.

    A pulse whose channels play by themselves has its waveforms in `waves`. For who has no side-car, the RF event holds what
    comes nearest to it with the channels fixed at `weights` (c,), the static shim."""
    tables = sequence.tables
    own = timeline_of(tables, sequence.limits.B0, sequence.waves)
    if len(own.pulses) != len(timeline.pulses) or abs(own.duration - timeline.duration) > SAME:
        raise ModelError(f"{sequence.name} is not played in its own blocks any more, so no file can hold it.")
    blocks = tables.blocks.copy()
    rf, waves = _pulses(sequence, own, timeline, blocks, weights)
    gradients: dict[int, Any] = dict(tables.gradients)
    known: dict[Any, int] = {}
    for axis in range(3):
        _gradient(tables, own.gradients[axis], timeline.gradients[axis], blocks[:, 2 + axis], gradients, known)
    played = {int(n) for n in np.unique(blocks[:, 2:5])}
    changed = replace(
        tables,
        blocks=blocks,
        rf={n: row for n, row in rf.items() if n in set(blocks[:, 1])},
        gradients={n: row for n, row in gradients.items() if n in played},
    )
    return MRSequence(sequence.name, changed, sequence.limits, sequence.info, waves)


def _pulses(
    sequence: MRSequence, own: Timeline, timeline: Timeline, blocks: np.ndarray, weights: np.ndarray | None
) -> tuple[dict[int, RF], dict[int, np.ndarray]]:
    tables, starts = sequence.tables, on_clock(sequence.tables.starts)
    rf, waves = dict(tables.rf), dict(sequence.waves)
    known: dict[Any, int] = {}
    alone: dict[int, np.ndarray] = {}  # one waveform for all channels, by the identity of theirs
    for n, before, pulse in zip(np.flatnonzero(blocks[:, 1]), own.pulses, timeline.pulses, strict=True):
        if _same_pulse(before, pulse):
            continue
        old = int(blocks[n, 1])
        delay = float(on_clock(pulse.start - starts[n]))
        frequency, phase = _six_digits(pulse)
        what = id(pulse.wave) if pulse.wave.shape != before.wave.shape or (pulse.wave != before.wave).any() else -old
        key = (what, delay, pulse.step, frequency, phase, pulse.use, pulse.center)
        if key not in known:
            row, number = tables.rf[old], max(rf) + 1
            known[key] = number
            if what != -old:
                if what not in alone:
                    alone[what] = _one_channel(pulse, weights)
                row = replace(row, signal=alone[what], times=_times(pulse, tables))
            if what != -old and len(pulse.wave) > 1:
                waves[number] = pulse.wave
            elif old in waves:
                waves[number] = waves[old]
            rf[number] = replace(
                row, delay=delay, frequency=frequency, phase=phase, frequency_ppm=0.0, phase_ppm=0.0, use=pulse.use,
                center=row.center if pulse.center is None else pulse.center,
            )  # fmt: skip
        blocks[n, 1] = known[key]
    still = set(blocks[:, 1])
    return rf, {n: wave for n, wave in waves.items() if n in still}


def _six_digits(pulse: Pulse) -> tuple[float, float]:
    """Frequency and phase: of a frequency the file keeps six digits, and the phase that is right in the pulse's middle."""
    frequency = float(f"{pulse.frequency:g}")
    middle = pulse.step * pulse.wave.shape[1] / 2
    phase = pulse.phase + 2 * np.pi * (pulse.frequency - frequency) * middle
    return frequency, float(np.round(phase % (2 * np.pi), 9))


def _same_pulse(a: Pulse, b: Pulse) -> bool:
    alike = (a.start, a.step, a.frequency, a.phase, a.use) == (b.start, b.step, b.frequency, b.phase, b.use)
    return alike and a.wave.shape == b.wave.shape and bool((a.wave == b.wave).all())


def _one_channel(pulse: Pulse, weights: np.ndarray | None) -> np.ndarray:
    if len(pulse.wave) == 1:
        return pulse.wave[0]
    w = np.ones(len(pulse.wave)) if weights is None else np.asarray(weights, complex)
    return w.conj() @ pulse.wave / np.vdot(w, w).real


def _times(pulse: Pulse, tables: Tables) -> np.ndarray | None:
    """The middles of its steps; None where they are the scanner's own."""
    if abs(pulse.step - tables.rf_raster) < SAME:
        return None
    return (np.arange(pulse.wave.shape[1]) + 0.5) * pulse.step


def _gradient(
    tables: Tables, before: Waveform, wave: Waveform, column: np.ndarray, events: dict[int, Any], known: dict[Any, int]
) -> None:
    """Number of the event that plays each block's part of a waveform, into `column`; new ones into `events`."""
    if _same_wave(before, wave):
        return
    starts = on_clock(tables.starts)
    first = np.searchsorted(wave.times, starts - SAME)
    own = {n: tables.gradients[n].knots(tables.gradient_raster) for n in np.unique(column) if n}
    for n, (begin, end) in enumerate(pairwise(starts)):
        t, v = _within(wave, int(first[n]), begin, end)
        if not len(t):
            column[n] = 0
            continue
        if column[n] and _same_knots(own[int(column[n])], t, v):
            continue
        key = (np.round(t, 9).tobytes(), np.round(v, 3).tobytes())
        if key not in known:
            known[key] = max(events, default=0) + 1
            events[known[key]] = _event(t, v, tables.gradient_raster)
        column[n] = known[key]


def _same_wave(a: Waveform, b: Waveform) -> bool:
    return a.times.shape == b.times.shape and bool((a.times == b.times).all() and (a.values == b.values).all())


def _within(wave: Waveform, at: int, begin: float, end: float) -> tuple[np.ndarray, np.ndarray]:
    """Knots from the block's start (m,) in s, and values (m,) in Hz/m; none where nothing is played. `at`: the first knot
    that is not before the block."""
    stop = at + int(np.searchsorted(wave.times[at:], end + SAME))
    # At a block's edge the waveform may jump: the last knot at the beginning and the first at the end are the block's.
    while at + 1 < stop and wave.times[at + 1] <= begin + SAME:
        at += 1
    while stop - 2 >= at and wave.times[stop - 2] >= end - SAME:
        stop -= 1
    t, v = wave.times[at:stop], wave.values[at:stop]
    for edge, last in ((begin, False), (end, True)):
        if len(t) and abs(t[-1 if last else 0] - edge) <= SAME:
            continue
        value = float(np.interp(edge, wave.times, wave.values, 0, 0)) if len(wave.times) else 0.0
        place = len(t) if last else 0
        t, v = np.insert(t, place, edge), np.insert(v, place, value)
    on = np.flatnonzero(np.abs(v) > NOTHING)
    if not len(on):
        return np.empty(0), np.empty(0)
    some = slice(max(0, on[0] - 1), on[-1] + 2)
    return on_clock(t[some] - begin), v[some] * GAMMA


def _same_knots(old: Sequence[np.ndarray], t: np.ndarray, v: np.ndarray) -> bool:
    return len(old[0]) == len(t) and bool(np.allclose(old[0], t, 0, 1e-9) and np.allclose(old[1], v, 1e-9, 1e-3))


def _event(t: np.ndarray, v: np.ndarray, raster: float) -> Shaped:
    """A straight line between knots on the raster; where one is not (the middle of a step), samples at every half step."""
    delay = float(np.floor(t[0] / raster + 1e-6) * raster)
    knots = (t - delay) / raster
    if np.abs(knots - np.rint(knots)).max() < 1e-4:
        return Shaped(v, np.rint(knots - knots[0]) * raster, float(v[0]), float(v[-1]), float(t[0]))
    steps = int(np.ceil(knots[-1] - 1e-4))
    half = np.interp(np.arange(2 * steps + 1) / 2, knots, v, 0 if t[0] > delay + SAME else v[0], 0)
    return Shaped(half[1:-1], None, float(half[0]), float(half[-1]), delay, half_raster=True)
