"""Pulses and readouts of a timeline one after the other: when each begins, ends and is sampled, and where it is straight."""

from __future__ import annotations

import itertools

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.timeline import Pulse, Readout, Timeline

STRAIGHT = 1e-9  # turns by which samples may leave the straight path that they are computed on


def in_order(timeline: Timeline, start: float, stop: float) -> list[Pulse | Readout]:
    """Pulses and readouts in a stretch of time, which may cut none of them."""
    events = sorted([*timeline.pulses, *timeline.readouts], key=lambda e: e.start)
    inside, end, before = [], -np.inf, ""
    for event in events:
        name = f"the {'pulse' if isinstance(event, Pulse) else 'readout'} at {event.start:.6g} s"
        last = finish(event)
        if event.start < end - 1e-9:
            raise ModelError(f"{name} begins before {before} has ended")
        end, before = last, name
        if last <= start + 1e-13 or event.start >= stop - 1e-13:
            continue
        if event.start < start - 1e-9 or last > stop + 1e-9:
            raise ModelError(f"{name} is cut by the stretch from {start:.6g} to {stop:.6g} s that is to be played")
        inside.append(event)
    return inside


def finish(event: Pulse | Readout) -> float:
    """When a pulse or the last sample of a readout is over, s."""
    if isinstance(event, Pulse):
        return event.start + event.step * np.shape(event.wave)[-1]
    return event.start + event.dwell * (event.samples - 0.5)


def moments_of(events: list[Pulse | Readout]) -> list[np.ndarray]:
    """When each event's samples begin and end (of a pulse) or are taken (of a readout), s."""
    counts = np.array([np.shape(e.wave)[-1] + 1 if isinstance(e, Pulse) else e.samples for e in events], int)
    if not len(counts):
        return []
    starts = np.array([e.start for e in events])
    steps = np.array([e.step if isinstance(e, Pulse) else e.dwell for e in events])
    late = np.array([0.0 if isinstance(e, Pulse) else 0.5 for e in events])
    ends = np.cumsum(counts)
    place = np.arange(ends[-1]) - np.repeat(ends - counts, counts) + np.repeat(late, counts)
    return np.split(np.repeat(starts, counts) + place * np.repeat(steps, counts), ends[:-1])


SLICES = 4  # directions under which pulses are played that are worth a look at every spin


def slices(timeline: Timeline) -> np.ndarray:
    """The directions (n, 3) of the gradients in the middle of shaped pulses; none where there are more than a few."""
    middles = [p.start + p.step * np.shape(p.wave)[-1] / 2 for p in timeline.pulses if np.shape(p.wave)[-1] > 1]
    fields = np.stack([np.interp(middles, g.times, g.values) if len(g.times) else np.zeros(len(middles)) for g in timeline.gradients], -1)  # fmt: skip
    strength = np.linalg.norm(fields, axis=1)
    fields = fields[strength > 1e-6] / strength[strength > 1e-6, None]
    if not len(fields):
        return fields
    found = np.unique(np.round(fields * np.sign(fields[np.arange(len(fields)), np.abs(fields).argmax(1)])[:, None], 6), axis=0)  # fmt: skip
    return found / np.linalg.norm(found, axis=1, keepdims=True) if len(found) <= SLICES else np.zeros((0, 3))


def straights(steps: np.ndarray, samples: int, least: int) -> list[tuple[int, int, bool]]:
    """Cut a readout into stretches (first, last + 1, straight or not). `steps` (samples − 1, 3): turns at the rim."""
    if samples < 2:
        return [(0, samples, False)]
    path = np.cumsum(steps, axis=0) - np.arange(1, samples)[:, None] * np.mean(steps, axis=0)
    if np.max(np.abs(path)) < STRAIGHT:
        return [(0, samples, True)]
    change = np.nonzero(np.any(np.abs(np.diff(steps, axis=0)) > STRAIGHT / samples, axis=1))[0] + 1
    ends = [0, *change.tolist(), samples - 1]
    result: list[tuple[int, int, bool]] = []
    done = 0
    for a, b in itertools.pairwise(ends):  # intervals a … b − 1 join samples a … b
        if b - max(a, done) >= least:
            first = max(a, done)
            if first > done:
                result.append((done, first, False))
            result.append((first, b + 1, True))
            done = b + 1
    if done < samples:
        result.append((done, samples, False))
    return result
