"""The worst mean over a sliding window."""

from __future__ import annotations

import numpy as np


def worst_mean(times: np.ndarray, energy: np.ndarray, window: float, duration: float) -> tuple[np.ndarray, np.ndarray]:
    """Of pulses at `times` (n,), s, rising, that bring `energy` (n, q): the worst mean power in any window, (q,), and when
    it begins, (q,).

    A scan shorter than the window may be played again at once: its mean is over its own duration."""
    if len(times) == 0:
        return np.zeros(energy.shape[1]), np.zeros(energy.shape[1])
    span = min(window, max(duration, times[-1] - times[0], 1e-9))
    total = np.concatenate([np.zeros((1, energy.shape[1])), np.cumsum(energy, axis=0)])
    end = np.searchsorted(times, times + span * (1 - 1e-9), side="left")
    within = (total[end] - total[:-1]) / span
    at = within.argmax(axis=0)
    return within[at, np.arange(within.shape[1])], times[at]


def worst_rms(times: np.ndarray, values: np.ndarray, window: float) -> tuple[float, float]:
    """Of a wave linear between its knots: the worst root mean square in any window, and when that window ends.

    What is shorter than the window counts with rest around it: heat gathers over the whole window."""
    if len(times) < 2:
        return 0.0, 0.0
    a, b, step = values[:-1], values[1:], np.diff(times)
    area = np.concatenate([[0.0], np.cumsum((a * a + a * b + b * b) / 3 * step)])
    begin = np.interp(times - window, times, area, left=0.0)
    mean = (area - begin) / window
    at = int(mean.argmax())
    return float(np.sqrt(mean[at])), float(times[at])
