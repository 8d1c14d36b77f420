"""How loud a sequence is: a figure, not a limit."""

from __future__ import annotations

import numpy as np

from proband.mr.scanner.scanner import Gradients
from proband.mr.sequence.timeline import Timeline

HEARD = 20e-6  # Pa, of 0 dB
RASTER = 25e-6  # s
LONGEST = 4.0  # s of the sequence that are listened to


def a_weighting(f: np.ndarray) -> np.ndarray:
    """The ear's answer as an amplitude, 1 at 1 kHz (IEC 61672-1)."""
    f2 = np.asarray(f, float) ** 2
    r = 12194.0**2 * f2**2 / ((f2 + 20.6**2) * np.sqrt((f2 + 107.7**2) * (f2 + 737.9**2)) * (f2 + 12194.0**2))
    return r * 10 ** (2.0 / 20)


def loudness(timeline: Timeline, gradients: Gradients) -> float:
    """dB(A) in the bore while the sequence plays, from the spectrum of the gradients' slew.

    Assumed: every axis presses in proportion to its slew, through one resonance (the data sheet's `acoustic_…` rows), and the
    axes' powers add. It compares sequences on one scanner; it is no measurement."""
    used = [w for w in timeline.gradients if len(w.times)]
    if not used:
        return 0.0
    begin = min(w.times[0] for w in used)
    end = min(max(w.times[-1] for w in used), begin + LONGEST)
    t = np.arange(begin, end, RASTER)
    if len(t) < 8:
        return 0.0
    f = np.fft.rfftfreq(len(t), RASTER)
    f0, width = gradients.acoustic_resonance, gradients.acoustic_width
    answer = 1 / np.sqrt(1 + ((f - f0) / (width / 2)) ** 2) * gradients.acoustic_sensitivity * a_weighting(f)
    power = 0.0
    for w in used:
        slew = np.gradient(np.interp(t, w.times, w.values, 0, 0), RASTER)
        power += 2 * np.sum(np.abs(np.fft.rfft(slew) / len(t) * answer) ** 2)
    return float(20 * np.log10(max(np.sqrt(power) / HEARD, 1.0)))
