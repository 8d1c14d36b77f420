"""Exact integrals of gradient waveforms: what turns a spin between two moments in time."""

from __future__ import annotations

import numpy as np

from proband.mr.sequence.timeline import Pulse, Timeline, Waveform

GAMMA_BAR = 42.577478518e6  # Hz/T, proton gyromagnetic ratio over 2π (CODATA 2018)


def between(gradients: tuple[Waveform, Waveform, Waveform], edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Zeroth and first moment of each interval between ascending `edges` (m + 1,), s: (m, 3) cycles/m and (m, 3) cycles·s/m.

    The first moment counts time from the interval's beginning. Each interval is summed from its own pieces, so that
    nothing of a long scan's past is rounded into it."""
    zeroth, first = np.zeros((2, len(edges) - 1, 3))
    for axis, wave in enumerate(gradients):
        if len(wave.times) < 2 or not np.any(wave.values):
            continue
        knots = np.asarray(wave.times, float)
        inner = knots[(knots > edges[0]) & (knots < edges[-1])]
        cuts = np.union1d(edges, inner)
        a, b = cuts[:-1], cuts[1:]
        middle = 0.5 * (a + b)
        segment = np.searchsorted(knots, middle, side="right") - 1
        inside = (segment >= 0) & (segment < len(knots) - 1)
        k = np.clip(segment, 0, len(knots) - 2)
        rise = np.diff(wave.values)[k] / np.where(np.diff(knots)[k] > 0, np.diff(knots)[k], np.inf)
        start = np.where(inside, wave.values[k] + rise * (a - knots[k]), 0.0)
        slope = np.where(inside, rise, 0.0)
        h = b - a
        owner = np.searchsorted(edges, middle, side="right") - 1
        since = a - edges[owner]
        area = h * (start + 0.5 * slope * h)
        moment = since * area + h * h * (start / 2 + slope * h / 3)
        zeroth[:, axis] = GAMMA_BAR * np.bincount(owner, area, len(edges) - 1)
        first[:, axis] = GAMMA_BAR * np.bincount(owner, moment, len(edges) - 1)
    return zeroth, first


def beside(gradients: tuple[Waveform, Waveform, Waveform], edges: np.ndarray, B0: float) -> np.ndarray:
    """What the fields beside the gradients turn a spin by in each interval between ascending `edges`: (m, 4), turns for one m²
    of z², x² + y², xz and yz.

    Maxwell's equations demand ((G_x z − G_z x/2)² + (G_y z − G_z y/2)²) / (2 B0) beside a gradient (Bernstein et al. 1998, Magn
    Reson Med 39:300). Exact: products of straight pieces, by Simpson's rule."""
    edges = np.asarray(edges, float)
    inner = np.concatenate([np.asarray(w.times, float) for w in gradients])
    cuts = np.union1d(edges, inner[(inner > edges[0]) & (inner < edges[-1])])
    middle, h = (cuts[:-1] + cuts[1:]) / 2, np.diff(cuts)
    sides = np.zeros((3, 3, len(h)))  # axis, beginning and middle and end of each piece
    for axis, wave in enumerate(gradients):
        times, values = np.asarray(wave.times, float), np.asarray(wave.values, float)
        if len(times) < 2:
            continue
        k = np.clip(np.searchsorted(times, middle, side="right") - 1, 0, len(times) - 2)
        inside = (middle > times[0]) & (middle < times[-1])
        rise = (values[k + 1] - values[k]) / np.where(times[k + 1] > times[k], times[k + 1] - times[k], np.inf)
        for n, t in enumerate((cuts[:-1], middle, cuts[1:])):
            sides[axis, n] = np.where(inside, values[k] + rise * (t - times[k]), 0.0)
    weigh = np.array([1, 4, 1])[:, None] * h / 6
    product = lambda i, j: np.sum(sides[i] * sides[j] * weigh, axis=0)  # noqa: E731
    rows = (product(0, 0) + product(1, 1), product(2, 2) / 4, -product(0, 2), -product(1, 2))
    owner = np.searchsorted(edges, middle, side="right") - 1
    return np.stack([GAMMA_BAR / (2 * B0) * np.bincount(owner, row, len(edges) - 1) for row in rows], axis=1)


def knots(timeline: Timeline) -> np.ndarray:
    """Every time at which a gradient bends, ascending, s."""
    return np.unique(np.concatenate([np.asarray(w.times, float) for w in timeline.gradients]))


def middle(pulse: Pulse) -> float:
    """When a pulse counts as done, s after its start."""
    return 0.5 * pulse.step * np.shape(pulse.wave)[-1] if pulse.center is None else pulse.center


def b_values(timeline: Timeline, times: np.ndarray) -> np.ndarray:
    """Diffusion weighting ∫|2πk|² dt gathered since the beginning at each of the ascending `times`, s/m²."""
    return b_tensors(timeline, times)[:, :3].sum(axis=1)


def b_tensors(timeline: Timeline, times: np.ndarray) -> np.ndarray:
    """Diffusion weighting ∫(2πk_i)(2πk_j) dt gathered since the beginning at each of the ascending `times`, (…, 6) s/m²: xx, yy,
    zz, and twice xy, xz, yz, as they meet the entries of a tensor of diffusion.

    k is that of the main pathway: each excitation starts at k = 0, each refocusing pulse turns k into −k, any other
    pulse leaves no transverse magnetisation that counts. Pulses act at one moment, their `center`. Exact: k² is a polynomial of
    fourth degree between two knots, which three Gauss points integrate."""
    acts = {p.start + middle(p): p.use for p in timeline.pulses}
    ends = np.array([0.0, timeline.duration])
    cuts = np.unique(np.concatenate([ends, knots(timeline), np.array(list(acts), float), times]))
    h = np.diff(cuts)
    points = 0.5 + 0.5 * np.array([-np.sqrt(0.6), 0.0, np.sqrt(0.6)])
    fine = np.unique(np.concatenate([cuts, *(cuts[:-1] + p * h for p in points)]))
    dk = between(timeline.gradients, fine)[0]
    k = np.concatenate([np.zeros((1, 3)), np.cumsum(dk, axis=0)])
    place = np.searchsorted(cuts, np.array(sorted(acts), float))
    at_cut = np.searchsorted(fine, cuts)
    # k of the pathway = sign · (k − origin), both changed by pulses only
    sign, origin = np.ones(len(cuts)), np.zeros((len(cuts), 3))
    alive = np.zeros(len(cuts))
    for i, t in zip(place, sorted(acts), strict=True):
        now = k[at_cut[i]]
        if acts[t] == "refocusing":
            path = sign[i] * (now - origin[i])
            sign[i:], origin[i:] = 1.0, now + path
        else:
            sign[i:], origin[i:] = 1.0, now
            alive[i:] = acts[t] == "excitation"
    total = np.zeros((len(cuts) - 1, 6))
    for point, weight in zip(points, (5 / 18, 8 / 18, 5 / 18), strict=True):
        x, y, z = (2 * np.pi * (k[np.searchsorted(fine, cuts[:-1] + point * h)] - origin[:-1])).T
        total += (weight * h)[:, None] * np.stack([x * x, y * y, z * z, 2 * x * y, 2 * x * z, 2 * y * z], axis=1)
    gathered = np.concatenate([np.zeros((1, 6)), np.cumsum(total * alive[:-1, None], axis=0)])
    return gathered[np.searchsorted(cuts, times)]


def spread(timeline: Timeline, edges: np.ndarray) -> np.ndarray:
    """What of a random walk's turns its two ends do not tell, for each interval between `edges`, s/m².

    A walker with diffusion D whose step over the interval is d turns by the mean gradient's share of d and, besides, by
    a normal deviate of variance 2·D·spread: ∫F² − (∫F)²/τ, F(t) being the moment still to come."""
    cuts = np.union1d(edges, knots(timeline))
    cuts = cuts[(cuts >= edges[0]) & (cuts <= edges[-1])]
    h = np.diff(cuts)
    points = 0.5 + 0.5 * np.array([-np.sqrt(0.6), 0.0, np.sqrt(0.6)])
    fine = np.unique(np.concatenate([cuts, *(cuts[:-1] + p * h for p in points)]))
    k = np.concatenate([np.zeros((1, 3)), np.cumsum(between(timeline.gradients, fine)[0], axis=0)])
    owner = np.searchsorted(edges, cuts[:-1], side="right") - 1
    last = k[np.searchsorted(fine, edges)][owner + 1]
    mean, square = np.zeros((2, len(edges) - 1, 3))
    for point, weight in zip(points, (5 / 18, 8 / 18, 5 / 18), strict=True):
        still = last - k[np.searchsorted(fine, cuts[:-1] + point * h)]
        np.add.at(mean, owner, (weight * h)[:, None] * still)
        np.add.at(square, owner, (weight * h)[:, None] * still**2)
    time = np.diff(edges)[:, None]
    left = square - np.divide(mean**2, time, out=np.zeros_like(mean), where=time > 0)
    return np.maximum(left, 0.0).sum(axis=1)
