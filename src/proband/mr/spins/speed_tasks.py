"""What the spins' speed is measured on: a spoiled gradient echo that other simulators were timed on, and shaped pulses."""

from __future__ import annotations

import numpy as np

from proband.mr.phantom.spins import Isochromats
from proband.mr.sequence.timeline import Pulse, Readout, Timeline, Waveform
from proband.mr.spins.moments import GAMMA_BAR

SPINS, LINES, SAMPLES = 130_496, 64, 64
TR, DWELL, FOV = 10e-3, 10e-6, 0.2


def patient(n: int) -> Isochromats:
    """Spins of a brain's T1 and T2 in a plane, B0 within some 50 Hz, B1 within 30 %."""
    rng = np.random.default_rng(0)
    place = np.zeros((n, 3))
    place[:, :2] = rng.uniform(-FOV / 2, FOV / 2, (n, 2))
    return Isochromats(
        place, rng.uniform(0.5, 1, n), rng.uniform(0.8, 2, n), rng.uniform(0.05, 0.2, n), rng.normal(0, 20, n),
        rng.uniform(0.7, 1.3, (1, n)).astype(complex), np.arange(n),
    )  # fmt: skip


def lobes(*trapezoids: tuple[float, float, float, float]) -> Waveform:
    """Trapezoids (start, ramp, flat, T/m) one after the other."""
    times, values = [np.zeros(1)], [np.zeros(1)]
    for start, ramp, flat, strength in trapezoids:
        times.append(np.array([start, start + ramp, start + ramp + flat, start + 2 * ramp + flat]))
        values.append(np.array([0, strength, strength, 0.0]))
    return Waveform(np.concatenate(times), np.concatenate(values))


def gradient_echo(lines: int = LINES) -> Timeline:
    """Hard pulses of 15°, phases quadratic by 117°, phase encoding with rewinding, spoiling along the readout."""
    ramp, lobe, flat = 1e-4, 4e-4, SAMPLES * DWELL
    read = 1 / (FOV * DWELL * GAMMA_BAR)
    pulses, readouts, x, y = [], [], [], []
    for line in range(lines):
        t, phase = line * TR, np.deg2rad(117.0 * line * (line + 1) / 2)
        pulses.append(Pulse(t + 1e-3, 1e-6, np.full((1, 1), 15 / 360 / 1e-6, complex), 0.0, phase))
        step = (line - LINES / 2) / FOV / GAMMA_BAR / (ramp + lobe)
        y += [(t + 2e-3, ramp, lobe, step), (t + 4e-3 + flat, ramp, lobe, -step)]
        x += [(t + 2e-3, ramp, lobe, -read * (flat + ramp) / 2 / (ramp + lobe)), (t + 3e-3, ramp, flat, read)]
        x += [(t + 4e-3 + flat, ramp, lobe, 0.02)]
        readouts.append(Readout(t + 3e-3 + ramp, DWELL, SAMPLES, 0.0, phase, {"LIN": line}))
    return Timeline(tuple(pulses), (lobes(*x), lobes(*y), lobes()), tuple(readouts), lines * TR)


def shaped_pulses(count: int = 16, samples: int = 128) -> Timeline:
    """Sinc pulses that all differ, so that none is kept, each under a slice gradient."""
    x = np.linspace(-2, 2, samples)
    pulses = [
        Pulse(0.01 * k + 1e-3, 1e-5, (np.sinc(x) * (300 + 10 * k))[None].astype(complex), 20.0 * k)
        for k in range(count)
    ]
    z = lobes(*[(p.start - 1e-4, 1e-4, samples * 1e-5, 0.005) for p in pulses])
    readout = Readout(0.01 * count, 1e-5, 8)
    return Timeline(tuple(pulses), (lobes(), lobes(), z), (readout,), 0.01 * count + 1e-3)
