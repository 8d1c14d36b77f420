"""Where in k-space each sample is taken: the gradients' integral since the last excitation."""

from __future__ import annotations

import numpy as np

from proband.mr.sequence.limits import GAMMA
from proband.mr.sequence.timeline import Pulse, Timeline, Waveform


def k_space(timeline: Timeline) -> list[np.ndarray]:
    """One array (samples, 3) for each readout, cycles/m.

    An excitation sets k to 0 and a refocusing pulse turns its sign, both at the pulse's centre; pulses of any other use
    leave it. This is the path of the magnetisation that the last excitation tipped: stimulated echoes take others."""
    marks = [
        (p.start + centre(p), p.use) for p in timeline.pulses if p.use in ("excitation", "refocusing", "undefined")
    ]
    marks.sort()
    moments = [Moment(each) for each in timeline.gradients]
    at = np.array([when for when, _ in marks])
    at_marks = np.stack([moment(at) for moment in moments], axis=-1) if len(marks) else np.zeros((0, 3))
    # After each mark k(t) = m(t) + offset.
    offsets = np.zeros((len(marks) + 1, 3))
    for n, (_, use) in enumerate(marks):
        offsets[n + 1] = -2 * at_marks[n] - offsets[n] if use == "refocusing" else -at_marks[n]
    if not timeline.readouts:
        return []
    times = np.concatenate([each.times for each in timeline.readouts])
    k = np.stack([moment(times) for moment in moments], axis=-1) + offsets[np.searchsorted(at, times, side="right")]
    return np.split(k, np.cumsum([each.samples for each in timeline.readouts])[:-1])


def centre(pulse: Pulse) -> float:
    """When a pulse's flip counts as done, s after its start."""
    if pulse.center is not None:
        return pulse.center
    size = np.abs(pulse.wave).max(axis=0)
    top = np.flatnonzero(size >= 0.99999 * size.max())
    return float(top[0] + top[-1] + 1) / 2 * pulse.step


class Moment:
    """γ/2π times the integral of one gradient axis from the beginning, cycles/m."""

    def __init__(self, wave: Waveform):
        self._t, self._g = wave.times, wave.values * GAMMA
        steps = np.diff(self._t)
        self._m = np.concatenate([[0.0], np.cumsum(steps * (self._g[1:] + self._g[:-1]) / 2)])

    def __call__(self, times: np.ndarray) -> np.ndarray:
        """At `times` (n,) in s."""
        if not len(self._t):
            return np.zeros(np.shape(times))
        n = np.clip(np.searchsorted(self._t, times, side="right") - 1, 0, max(len(self._t) - 2, 0))
        if len(self._t) < 2:
            return np.zeros(np.shape(times))
        step = self._t[n + 1] - self._t[n]
        inside = np.clip(times - self._t[n], 0.0, step)
        slope = np.divide(self._g[n + 1] - self._g[n], step, out=np.zeros_like(step), where=step > 0)
        return self._m[n] + inside * (self._g[n] + slope * inside / 2)
