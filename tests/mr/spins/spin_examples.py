"""Small timelines and patients that the tests of the spins share."""

import numpy as np

from proband.mr.phantom.spins import Isochromats
from proband.mr.sequence.timeline import Pulse, Readout, Timeline, Waveform
from proband.mr.spins.moments import GAMMA_BAR

NOTHING = Waveform(np.array([0.0, 1e-9]), np.zeros(2))


def spins(n=1, T1=1.0, T2=0.1, off=0.0, position=None, transmit=1.0, **more):
    """n spins, each property a number or an array."""
    place = np.zeros((n, 3)) if position is None else np.asarray(position, float)
    fill = lambda v: np.full(n, v, float) if np.ndim(v) == 0 else np.asarray(v, float)  # noqa: E731
    field = np.full((1, n), transmit, complex) if np.ndim(transmit) == 0 else np.asarray(transmit, complex)
    voxel = more.pop("voxel", np.arange(n))
    return Isochromats(place, fill(more.pop("density", 1.0)), fill(T1), fill(T2), fill(off), field, voxel, **more)


def hard(start, degrees, phase=0.0, use="excitation", time=1e-6, frequency=0.0):
    """A rectangular pulse of one sample that begins at `start`; phase in degrees."""
    wave = np.array([[degrees / 360 / time]], complex)
    return Pulse(start, time, wave, frequency, np.deg2rad(phase), use)


def timeline(pulses, readouts, duration, x=NOTHING, y=NOTHING, z=NOTHING):
    return Timeline(tuple(pulses), (x, y, z), tuple(readouts), duration)


def trapezoids(*lobes):
    """(start, ramp, flat, T/m) …: one waveform."""
    times, values = [], []
    for start, ramp, flat, strength in lobes:
        times += [start, start + ramp, start + ramp + flat, start + 2 * ramp + flat]
        values += [0.0, strength, strength, 0.0]
    return Waveform(np.array(times), np.array(values))


def gre(lines=4, samples=32, TR=10e-3, flip=15.0, fov=0.2, pulse=None, quadratic=117.0):
    """A spoiled gradient echo: phase encoding in y, readout in x, spoiler in z; RF phases grow by `quadratic` degrees."""
    pulses, readouts, x, y, z = [], [], [], [], []
    dwell = 10e-6
    flat = samples * dwell
    read = 1 / (fov * dwell * GAMMA_BAR)
    phase = 0.0
    for line in range(lines):
        t = line * TR
        phase += quadratic * line
        start = t + 1e-3 if pulse is None else t
        one = (
            hard(start, flip, phase)
            if pulse is None
            else Pulse(start, pulse.step, pulse.wave, pulse.frequency, np.deg2rad(phase))
        )
        pulses.append(one)
        ramp = 1e-4
        area = -read * (flat + ramp) / 2
        x += [(t + 2e-3, ramp, 4e-4, area / 5e-4), (t + 3e-3, ramp, flat, read)]
        y += [
            (t + 2e-3, ramp, 4e-4, (line - lines / 2) / fov / GAMMA_BAR / 5e-4),
            (t + 5e-3 + flat, ramp, 4e-4, -(line - lines / 2) / fov / GAMMA_BAR / 5e-4),
        ]
        z += [(t + 5e-3 + flat, ramp, 1e-3, 10e-3)]
        readouts.append(Readout(t + 3e-3 + ramp, dwell, samples, 0.0, np.deg2rad(phase), {"LIN": line}))
    return timeline(pulses, readouts, lines * TR, trapezoids(*x), trapezoids(*y), trapezoids(*z))
