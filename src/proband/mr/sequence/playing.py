"""Tables → timeline: every event of every block on one clock."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.limits import GAMMA
from proband.mr.sequence.tables import RF, Label, Tables, Trigger
from proband.mr.sequence.timeline import Pulse, Readout, Timeline, Waveform

#: Knots closer than this are one moment, s.
SAME = 1e-10


def timeline_of(tables: Tables, B0: float | None = None, waves: Mapping[int, np.ndarray] | None = None) -> Timeline:
    """All blocks, played one after the other. Gradients are exact: linear between the knots that the file gives.

    Phases count from the beginning of their event: a pulse is wave(t) · exp(i (phase + 2π · frequency · t)), t from its
    start, and a receiver demodulates with the same. `B0` in T is needed where offsets are given in ppm. `waves`: for an
    RF event's number, waveforms (channels, samples) in Hz that replace its own (see `side_car`)."""
    starts = on_clock(tables.starts)
    waits = tuple(
        float(on_clock(start + row.delay))
        for start, block in zip(starts, tables.blocks)
        if block[6]
        for row in tables.extensions[block[6]]
        if isinstance(row, Trigger) and row.kind == 2
    )
    return Timeline(
        pulses=_pulses(tables, starts, B0, waves or {}),
        gradients=(_gradient(tables, starts, 2), _gradient(tables, starts, 3), _gradient(tables, starts, 4)),
        readouts=_readouts(tables, starts, B0),
        duration=float(starts[-1]),
        definitions=dict(tables.definitions),
        triggers=waits,
        blocks=starts,
    )


def on_clock(times):
    """Times to a tenth of a nanosecond: the same moment, reached by different sums, is the same number."""
    return np.round(times, 10)


def _offsets(row, B0: float | None) -> tuple[float, float]:
    """Frequency in Hz and phase in rad, with what is said in ppm of the field."""
    if not row.frequency_ppm and not row.phase_ppm:
        return row.frequency, row.phase
    if B0 is None:
        raise ModelError("The sequence states offsets in ppm: say for which field (B0=3.0, in T).")
    megahertz = GAMMA * B0 * 1e-6
    return row.frequency + row.frequency_ppm * megahertz, row.phase + row.phase_ppm * megahertz


def steps(row: RF, raster: float) -> tuple[float, np.ndarray]:
    """Step in s and samples (n,) of an RF event, constant over each step.

    A shape with points of its own is linear between them: one whose points are the middles of equal steps is taken as
    it is, a constant one becomes one long step, any other is sampled in the middle of every raster step."""
    if row.times is None:
        return raster, row.signal
    t = row.times
    gaps = np.diff(t)
    if len(t) > 1 and np.ptp(gaps) < SAME and abs(t[0] - gaps[0] / 2) < SAME:
        return float(gaps[0]), row.signal
    if np.all(row.signal == row.signal[0]) and t[0] < SAME:
        return float(t[-1]), row.signal[:1]
    middles = (np.arange(max(1, round(t[-1] / raster))) + 0.5) * raster
    inside = (middles >= t[0]) & (middles <= t[-1])
    return raster, np.where(inside, np.interp(middles, t, row.signal), 0)


def _pulses(tables: Tables, starts, B0, waves) -> tuple[Pulse, ...]:
    # Pulses of one event share one array, so that who computes its rotation may keep it.
    made = {}
    for key, row in tables.rf.items():
        step, wave = steps(row, tables.rf_raster)
        if key in waves:
            if waves[key].shape[-1] != len(wave):
                raise ModelError(
                    f"RF pulse {key} has {len(wave)} samples, its waveforms by channel have {waves[key].shape[-1]}."
                )
            wave = waves[key]
        made[key] = (
            row.delay,
            step,
            np.atleast_2d(wave).astype(complex, copy=False),
            *_offsets(row, B0),
            row.use,
            row.center,
        )
    return tuple(
        Pulse(float(on_clock(start + delay)), *rest)
        for start, block in zip(starts, tables.blocks)
        if block[1]
        for delay, *rest in [made[block[1]]]
    )


def _gradient(tables: Tables, starts: np.ndarray, column: int) -> Waveform:
    events = tables.blocks[:, column]
    played = np.flatnonzero(events)
    knots = {key: tables.gradients[key].knots(tables.gradient_raster) for key in np.unique(events[played])}
    times, values = [np.empty(0)], [np.empty(0)]
    before_t, before_v = -1.0, 0.0
    for n in played:
        t, v = knots[events[n]]
        t = on_clock(t + starts[n])
        if t[-1] - t[0] < SAME:
            continue  # an event of no length
        # Where one event does not go on as the last one ended, the value jumps (and the hardware check says so).
        if before_v and t[0] - before_t > SAME:
            times.append(np.array([before_t]))
            values.append(np.zeros(1))
        if v[0] and t[0] - before_t > SAME:
            times.append(t[:1])
            values.append(np.zeros(1))
        joined = abs(t[0] - before_t) <= SAME and abs(v[0] - before_v) <= 1e-6 * max(abs(before_v), 1.0)
        times.append(t[1:] if joined else t)
        values.append(v[1:] if joined else v)
        before_t, before_v = float(t[-1]), float(v[-1])
    if before_v:
        times.append(np.array([before_t]))
        values.append(np.zeros(1))
    t, v = np.concatenate(times), np.concatenate(values) / GAMMA
    # Steps of no length within an event (a rise or flat top of 0 s) are no knots of their own.
    if len(t) > 1:
        twin = np.concatenate([[False], (np.diff(t) <= SAME) & (np.diff(v) == 0)])
        t, v = t[~twin], v[~twin]
    return Waveform(t, v)


def _readouts(tables: Tables, starts, B0) -> tuple[Readout, ...]:
    state: dict[str, int] = {}
    shared = dict(state)
    found = []
    offsets = {key: _offsets(row, B0) for key, row in tables.adc.items()}
    for start, block in zip(starts, tables.blocks):
        if block[6]:
            labels = [row for row in tables.extensions[block[6]] if isinstance(row, Label)]
            for row in sorted(labels, key=lambda row: row.increment):  # first set, then count on
                state[row.name] = state.get(row.name, 0) * row.increment + row.value
            shared = dict(state)
        if block[5]:
            row = tables.adc[block[5]]
            found.append(
                Readout(
                    float(on_clock(start + row.delay)),
                    row.dwell,
                    row.samples,
                    *offsets[block[5]],
                    shared,
                    row.modulation,
                )
            )
    return tuple(found)
