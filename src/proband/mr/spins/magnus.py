"""Several samples of a pulse as one rotation, by the first two terms of Magnus' series.

Samples A₁, A₂, … (turns about x, y and z) played one after the other turn a spin as the single axis
Σ A − π Σ_{i<j} Aⱼ × Aᵢ does, but for terms of the fourth order and higher (Magnus 1954; Iserles and Nørsett 1999, Phil Trans R Soc
A 357:983). A pulse on a raster of 1 µs turns spins by a thousandth of a turn in each sample: ten of them are then one."""

from __future__ import annotations

import numpy as np

from proband.mr.spins.layout import MOST, TOGETHER
from proband.mr.spins.subject import Subject

# rad, a bound (some twenty times what is found) of what the samples together may be off by; by bytes of the solver's number
ALLOWED = {4: 1e-5, 8: 1e-9}
LONGEST = 32  # samples that become one


def merged(
    moment: np.ndarray, wave: np.ndarray, step: float, frequency: float, subject: Subject, size: int
) -> tuple[np.ndarray, float]:
    """Rows of ten for the kernel: moment (3) turns/m, time s, wave (re, im) in turns, the second term's share of it for
    each turn about z (re, im), what it adds to the turn about z for a spin of transmit field 1, and turns about z. Then the
    frequency (Hz) of the frame that they are seen from: the pulse's, where the `subject`'s spins turn less in it.

    `moment` (n, 3) turns/m and `wave` (n,) Hz of each sample of `step` s, played at `frequency` Hz. As many samples become
    one as the error allows."""
    time = (np.arange(len(wave)) + 0.5) * step
    still = step * wave * np.exp(2j * np.pi * frequency * time)
    frame = frequency if subject.offset(moment, frequency * step).max() < subject.offset(moment).max() else 0.0
    shift, angle = frame * step, 2 * np.pi * frame * step
    # Within a sample the frame turns and the wave does not.
    inside = step * np.sinc(shift) * wave if frame else still
    together = 1
    for count in range(2, min(LONGEST, len(wave)) + 1):
        if len(wave) % count == 0 and _error(moment, inside, step, shift, subject, count) <= ALLOWED[size]:
            together = count
    if together == 1 and frame and subject.offset(moment, shift).max() + step * subject.fastest > MOST / 2:
        return merged(moment, still / step, step, 0.0, subject, size)  # parts of a sample turn about one axis
    m, w = _folded(moment, together), _folded(inside, together)
    before = np.cumsum(w, axis=1) - w
    # Σ_{i<j} (w_i − w_j), and what the turning frame does within each sample
    lead = w @ (together - 1.0 - 2.0 * np.arange(together)) + 1j * angle / 6 * w.sum(axis=1)
    crossed = np.sum(np.imag(w * np.conj(before)) - angle / 6 * np.abs(w) ** 2, axis=1)
    whole = w.sum(axis=1)
    lead = np.pi * lead / together
    rows = [m.sum(axis=1), np.full(len(w), together * step), whole.real, whole.imag, lead.real, lead.imag]
    return np.column_stack([*rows, -np.pi * crossed, np.full(len(w), -together * shift)]), frame


def _folded(rows: np.ndarray, together: int) -> np.ndarray:
    return rows.reshape(-1, together, *rows.shape[1:])


def _error(moment, wave, step, shift, subject: Subject, together: int) -> float:
    """What the neglected terms come to, rad: those of a field that is straight in time, and of what it bends besides."""
    m, w = _folded(moment, together), _folded(wave, together)
    place = np.arange(together) - (together - 1) / 2
    slope = np.sum(w * place, axis=1) / np.sum(place**2)
    mean = w.mean(axis=1)
    rest = np.abs(w - mean[:, None] - slope[:, None] * place).sum(axis=1)
    about_z = subject.offset(m.sum(axis=1), together * shift) + together * step * subject.fastest
    turn = 2 * np.pi * (subject.transmit * np.abs(w).sum(axis=1) + about_z)
    if turn.max() > 2 * np.pi * TOGETHER:
        return np.inf
    rise = 2 * np.pi * subject.transmit * np.abs(slope) * together**2
    bend = 2 * np.pi * subject.transmit * rest
    each = (m - m.mean(axis=1, keepdims=True)).reshape(-1, 3)
    uneven = 2 * np.pi * subject.offset(each).reshape(-1, together).sum(axis=1)
    far = turn**3 * rise / 720 + turn * rise**2 / 240 + turn**2 * bend / 60 + turn * uneven / 6
    return float(np.sum(far))
