"""Peripheral nerve stimulation by switched gradients: a SAFE-type model, and the standard's default law beside it."""

from __future__ import annotations

import numpy as np

from proband.mr.scanner.gradients import recurrence
from proband.mr.scanner.scanner import NerveFilter
from proband.mr.sequence.timeline import Timeline

RHEOBASE = 20.0  # T/s (IEC 60601-2-33, default of whole-body coils, from memory)
CHRONAXIE = 0.36e-3  # s (as above)
ARM = 0.30  # m: dB/dt over the slew, at the surface of a body of 20 cm radius (assumed: field of a whole-body coil)


def slews(timeline: Timeline) -> tuple[np.ndarray, np.ndarray]:
    """All knots (n,), s, and the slew between them on each axis, (3, n − 1), T/m/s."""
    used = [w.times for w in timeline.gradients if len(w.times)]
    if not used:
        return np.array([0.0, max(timeline.duration, 1e-3)]), np.zeros((3, 1))
    knots = np.unique(np.concatenate(used))
    knots = knots[np.concatenate([[True], np.diff(knots) > 1e-9])]
    G = np.stack([np.interp(knots, w.times, w.values, 0, 0) if len(w.times) else 0 * knots for w in timeline.gradients])
    return knots, np.diff(G, axis=1) / np.diff(knots)


def safe(knots: np.ndarray, slew: np.ndarray, axes: tuple[NerveFilter, ...]) -> np.ndarray:
    """Stimulation as a share of the threshold at each knot but the first, (n − 1,).

    Each axis: its filters' answers, |low-pass of the slew| or low-pass of |slew|, summed with their shares; the axes are
    summed as squares. Exact for waves that are linear between knots."""
    step = np.diff(knots)
    total = np.zeros(len(step))
    for axis, rate in zip(axes, slew):
        answer = np.zeros(len(step))
        for one in axis.filters:
            fade = np.exp(-step / one.time)
            answer += one.share * np.abs(recurrence(fade, (np.abs(rate) if one.rectified else rate) * (1 - fade)))
        total += (axis.scale / axis.limit * answer) ** 2
    return np.sqrt(total)


def default_law(knots: np.ndarray, slew: np.ndarray) -> np.ndarray:
    """dB/dt of every ramp over the standard's default threshold 20 T/s (1 + 0.36 ms/t), at each interval, (n − 1,).

    A ramp is a run of slews of one sign; its time t is the whole change over its steepest slew. Axes are summed as squares."""
    total = np.zeros(len(knots) - 1)
    step = np.diff(knots)
    for rate in slew:
        sign = np.sign(rate)
        run = np.cumsum(np.concatenate([[0], (np.diff(sign) != 0).astype(int)]))
        change = np.abs(np.bincount(run, rate * step))
        steepest = np.zeros(len(change))
        np.maximum.at(steepest, run, np.abs(rate))
        moving = steepest > 1e-6
        t = np.where(moving, change / np.where(moving, steepest, 1.0), 1.0)
        share = np.where(moving, ARM * steepest / (RHEOBASE * (1 + CHRONAXIE / t)), 0.0)
        total += share[run] ** 2
    return np.sqrt(total)
