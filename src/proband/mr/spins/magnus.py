"""Several samples of a pulse as one rotation, by the first two terms of Magnus' series.

Samples A₁, A₂, … (turns about x, y and z) played one after the other turn a spin as the single axis
Σ A − π Σ_{i<j} Aⱼ × Aᵢ does, but for terms of the fourth order and higher (Magnus 1954; Iserles and Nørsett 1999, Phil Trans R Soc
A 357:983). A pulse on a raster of 1 µs turns spins by a thousandth of a turn in each sample: ten of them are then one."""

from __future__ import annotations

import numpy as np

from proband.mr.spins.layout import MOST

ALLOWED = {
    4: 1e-5,
    8: 1e-9,
}  # rad, a bound (some twenty times what is found) of what the samples together may be off by; by bytes of the solver's number
LONGEST = 32  # samples that become one


def merged(
    moment: np.ndarray, wave: np.ndarray, step: float, reach: np.ndarray, fastest: float, transmit: float, size: int
) -> np.ndarray:
    """Rows of nine for the kernel: moment (3) turns/m, time s, wave (re, im) in turns, the second term's share of it for
    each turn about z (re, im), and what it adds to the turn about z for a spin of transmit field 1.

    `moment` (n, 3) turns/m and `wave` (n,) turns of each sample of `step` s; spins reach `reach` (3,) m, are off by
    `fastest` Hz and feel `transmit` times the wave at most. As many samples become one as the error allows."""
    together = 1
    for count in range(2, min(LONGEST, len(wave)) + 1):
        if len(wave) % count == 0 and _error(moment, wave, step, reach, fastest, transmit, count) <= ALLOWED[size]:
            together = count
    m, w = _folded(moment, together), _folded(wave, together)
    before = np.cumsum(w, axis=1) - w
    lead = w @ (together - 1.0 - 2.0 * np.arange(together))  # Σ_{i<j} (w_i − w_j)
    crossed = np.sum(np.imag(w * np.conj(before)), axis=1)
    whole = w.sum(axis=1)
    time = np.full(len(w), together * step)
    lead = np.pi * lead / together
    return np.column_stack([m.sum(axis=1), time, whole.real, whole.imag, lead.real, lead.imag, -np.pi * crossed])


def _folded(rows: np.ndarray, together: int) -> np.ndarray:
    return rows.reshape(-1, together, *rows.shape[1:])


def _error(moment, wave, step, reach, fastest, transmit, together: int) -> float:
    """What the neglected terms come to, rad: those of a field that is straight in time, and of what it bends besides."""
    m, w = _folded(moment, together), _folded(wave, together)
    place = np.arange(together) - (together - 1) / 2
    slope = np.sum(w * place, axis=1) / np.sum(place**2)
    mean = w.mean(axis=1)
    rest = np.abs(w - mean[:, None] - slope[:, None] * place).sum(axis=1)
    turn = 2 * np.pi * (transmit * np.abs(w).sum(axis=1) + np.abs(m.sum(axis=1)) @ reach + together * step * fastest)
    if turn.max() > 2 * np.pi * MOST:
        return np.inf
    rise = 2 * np.pi * transmit * np.abs(slope) * together**2
    bend = 2 * np.pi * transmit * rest
    uneven = 2 * np.pi * np.abs(m - m.mean(axis=1, keepdims=True)).sum(axis=1) @ reach
    each = turn**3 * rise / 720 + turn * rise**2 / 240 + turn**2 * bend / 60 + turn * uneven / 6
    return float(np.sum(each))
