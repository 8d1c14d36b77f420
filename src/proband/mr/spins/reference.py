"""The Bloch equations spelled out with NumPy: slow, short, and the judge of every faster solver.

Conventions of this room. M+ = Mx + iMy. Protons precess clockwise: a spin Δf Hz too fast turns as exp(−i 2πΔf t), and a
gradient turns it as exp(−i 2πk·r), so the signal is the Fourier transform of the object with its usual sign. Phases and
frequencies of transmitter and receiver are counted in the sense of precession, as Pulseq does: a pulse whose `frequency`
is +f meets spins whose off-resonance is +f, and a readout whose `phase` is its pulse's hears the same number for any phase.
A pulse of phase 0 turns +z towards +y."""

from __future__ import annotations

import itertools

import numpy as np

from proband.mr.phantom.spins import Isochromats
from proband.mr.sequence.timeline import Pulse, Readout, Timeline
from proband.mr.spins.moments import GAMMA_BAR, b_tensors, middle


def reference(timeline: Timeline, spins: Isochromats, receive: np.ndarray, B0: float | None = None) -> list[np.ndarray]:
    """What each coil hears in each readout: a list of (coils, samples), complex. `receive` (coils, n), complex. With `B0` (T)
    the fields beside the gradients count."""
    density = np.asarray(spins.density, float)
    m = np.stack([0 * density, 0 * density, density])  # (3, n)
    now, heard = 0.0, []

    def relax(m: np.ndarray, time: float) -> np.ndarray:
        e1, e2 = np.exp(-time / spins.T1), np.exp(-time / spins.T2)
        return np.stack([m[0] * e2, m[1] * e2, density + (m[2] - density) * e1])

    def precess(m: np.ndarray, begin: float, end: float) -> np.ndarray:
        """Free precession, relaxation, and diffusion along the main pathway."""
        plus = (m[0] + 1j * m[1]) * np.exp(-2j * np.pi * turns(timeline, spins, begin, end, B0))
        if spins.diffusion is not None and np.any(spins.diffusion):
            # What a pulse's first half gathers counts before it, the rest behind it.
            halves = {p.start: p.start + middle(p) for p in timeline.pulses}
            halves |= {p.start + p.step * np.shape(p.wave)[-1]: p.start + middle(p) for p in timeline.pulses}
            before, after = b_tensors(timeline, np.array([halves.get(begin, begin), halves.get(end, end)]))
            D = np.asarray(spins.diffusion)
            tensors = D if D.ndim == 2 else D[:, None] * [1, 1, 1, 0, 0, 0]
            plus = plus * np.exp(-tensors @ (after - before))
        return relax(np.stack([plus.real, plus.imag, m[2]]), end - begin)

    def strike(m: np.ndarray, pulse: Pulse) -> np.ndarray:
        wave = np.atleast_2d(pulse.wave)
        time = (np.arange(wave.shape[1]) + 0.5) * pulse.step
        wave = wave * np.exp(1j * (pulse.phase + 2 * np.pi * pulse.frequency * time))
        field = np.conj(wave.T @ np.atleast_2d(spins.transmit))  # (samples, n), Hz
        for k in range(wave.shape[1]):
            begin = pulse.start + k * pulse.step
            z = turns(timeline, spins, begin, begin + pulse.step, B0)
            axis = 2 * np.pi * np.stack([field[k].real * pulse.step, field[k].imag * pulse.step, z])
            m = relax(rotate(relax(m, pulse.step / 2), axis), pulse.step / 2)
        return m

    for event in in_order(timeline):
        m = precess(m, now, event.start) if event.start > now else m
        now = event.start
        if isinstance(event, Pulse):
            m = strike(m, event)
            now = event.start + event.step * np.shape(event.wave)[-1]
            continue
        signal = np.empty((len(receive), event.samples), complex)
        for s, t in enumerate(event.times):
            m = precess(m, now, t)
            now = t
            signal[:, s] = receive @ (m[0] + 1j * m[1])
        heard.append(signal * receiver(event))
    return heard


def receiver(readout: Readout) -> np.ndarray:
    """What demodulation multiplies each sample with: (samples,)."""
    angle = readout.phase + 2 * np.pi * readout.frequency * (readout.times - readout.start)
    return np.exp(1j * (angle if readout.modulation is None else angle + readout.modulation))


def in_order(timeline: Timeline) -> list:
    """Pulses and readouts by time."""
    return sorted([*timeline.pulses, *timeline.readouts], key=lambda e: e.start)


def rotate(m: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """Turn vectors (3, n) clockwise about `axis` (3, n) by its length in rad (Rodrigues)."""
    angle = np.linalg.norm(axis, axis=0)
    n = axis / np.where(angle > 0, angle, 1.0)
    cross = np.cross(n, m, axis=0)
    along = np.sum(n * m, axis=0)
    return m * np.cos(angle) - cross * np.sin(angle) + n * along * (1 - np.cos(angle))


def turns(timeline: Timeline, spins: Isochromats, begin: float, end: float, B0: float | None = None) -> np.ndarray:
    """How often each spin turns from `begin` to `end`: off-resonance and γ∫G·r dt, (n,), and the fields beside the gradients.

    Between two bends of gradient and path both are linear in time, so Simpson's rule is exact."""
    total = spins.off_resonance * (end - begin)
    bends = [np.asarray(w.times, float) for w in timeline.gradients]
    if spins.shift_times is not None:
        bends.append(np.asarray(spins.shift_times, float))
    inner = np.concatenate(bends)
    inner = np.unique(inner[(inner > begin) & (inner < end)])
    cuts = np.concatenate([[begin], inner, [end]])
    for a, b in itertools.pairwise(cuts):
        middle, h = 0.5 * (a + b), b - a
        field = [strengths(timeline, middle, t) for t in (a, middle, b)]
        if B0 is not None:
            spot = place(spins, middle)
            total = total + h / 6 * sum(w * extra(g, spot, B0) for w, g in zip((1, 4, 1), field, strict=True))
        if spins.velocity is None and spins.shift is None:
            total = total + GAMMA_BAR * h * (spins.position @ field[1])
            continue
        spots = [place(spins, t) for t in (a, middle, b)]
        total = total + GAMMA_BAR * h / 6 * sum(w * (r @ g) for w, r, g in zip((1, 4, 1), spots, field, strict=True))
    return total


def extra(G: np.ndarray, spot: np.ndarray, B0: float) -> np.ndarray:
    """The field beside gradients G (3,) T/m at places (n, 3), Hz (Bernstein et al. 1998, Magn Reson Med 39:300)."""
    x, y, z = spot.T
    return GAMMA_BAR / (2 * B0) * ((G[0] * z - G[2] * x / 2) ** 2 + (G[1] * z - G[2] * y / 2) ** 2)


def strengths(timeline: Timeline, piece: float, time: float) -> np.ndarray:
    """Gradients (3,) at `time`, T/m, on the straight piece that holds the time `piece`."""
    result = np.zeros(3)
    for axis, wave in enumerate(timeline.gradients):
        k = int(np.searchsorted(wave.times, piece, side="right")) - 1
        if 0 <= k < len(wave.times) - 1:
            share = (time - wave.times[k]) / (wave.times[k + 1] - wave.times[k])
            result[axis] = wave.values[k] + share * (wave.values[k + 1] - wave.values[k])
    return result


def place(spins: Isochromats, time: float) -> np.ndarray:
    """Where the spins are, (n, 3) m: displacement linear between its frames and constant outside them."""
    spot = np.asarray(spins.position, float)
    if spins.velocity is not None:
        spot = spot + spins.velocity * time
    if spins.shift is not None and spins.shift_times is not None:
        frames, times = np.asarray(spins.shift), np.asarray(spins.shift_times, float)
        k = int(np.clip(np.searchsorted(times, time, side="right") - 1, 0, max(len(times) - 2, 0)))
        if len(times) == 1:
            return spot + frames[0]
        share = float(np.clip((time - times[k]) / (times[k + 1] - times[k]), 0.0, 1.0))
        spot = spot + (1 - share) * frames[k] + share * frames[k + 1]
    return spot
