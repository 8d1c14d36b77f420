"""What the gradient coils play of what the sequence demands, and what fields they make besides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from proband.mr.scanner.scanner import GAMMA, Gradients
from proband.mr.sequence.timeline import Timeline, Waveform
from proband.mr.sequence.trajectory import centre

REFERENCE = 0.25  # m, the radius at which `Gradients.third` is stated


def played(timeline: Timeline, gradients: Gradients) -> Timeline:
    """The timeline as the coils play it: delayed, and bent by eddy currents.

    Each eddy term (share a, time τ) adds −a ∫ G'(s) e^{−(t − s)/τ} ds, the linear and time-invariant part of a gradient's
    impulse response; exact for waveforms that are linear between their knots. Afterwards the waveform is told on the old
    knots, with more between and after them where an eddy current still changes."""
    return replace(timeline, gradients=tuple(_bent(w, gradients, timeline.duration) for w in timeline.gradients))


def _bent(wave: Waveform, gradients: Gradients, end: float) -> Waveform:
    if len(wave.times) == 0 or not np.any(wave.values):
        return wave
    times = _knots(wave.times, gradients, end)
    values = np.interp(times, wave.times, wave.values, left=0.0, right=0.0)
    bent = values.copy()
    for share, decay in gradients.eddy:
        bent -= share * _lag(times, values, decay)
    # A jump at the first or last knot is a jump of the field, too.
    return Waveform(times + gradients.delay, bent)


def _knots(times: np.ndarray, gradients: Gradients, end: float) -> np.ndarray:
    """The waveform's knots, and others between them, so close that the decays are straight from one to the next."""
    extra = [times]
    steps = np.diff(times)
    for _, decay in gradients.eddy:
        near = decay * np.array([0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0])
        gap = np.concatenate([steps, [max(end - times[-1], 0.0)]])
        for d in near:
            extra.append((times + d)[gap > d])
    return np.unique(np.concatenate([*extra, [max(end, times[-1])]]))


def _lag(times: np.ndarray, values: np.ndarray, decay: float) -> np.ndarray:
    """∫ G'(s) e^{−(t − s)/τ} ds at each knot, with a jump from zero at the first."""
    step = np.diff(times)
    fade = np.exp(-step / decay)
    added = np.diff(values) / step * decay * (1 - fade)
    return recurrence(np.concatenate([[0.0], fade]), np.concatenate([values[:1], added]))


def recurrence(fade: np.ndarray, added: np.ndarray) -> np.ndarray:
    """out[i] = fade[i] out[i − 1] + added[i] along the last axis, in passes over the whole array (Hillis and Steele 1986)."""
    a, b = fade.copy(), added.copy()
    reach = 1
    while reach < a.shape[-1]:
        b[..., reach:] = b[..., reach:] + a[..., reach:] * b[..., :-reach]
        a[..., reach:] = a[..., reach:] * a[..., :-reach]
        if not a[..., reach:].any():
            break
        reach *= 2
    return b


def concomitant(G: np.ndarray, points: np.ndarray, B0: float) -> np.ndarray:
    """The fields that Maxwell's equations demand beside a gradient, to second order (Bernstein et al. 1998, Magn Reson Med
    39:300), in Hz at each of `points` (n, 3), m, for gradients `G` (…, 3) T/m: (…, n).

    For a cylindrical coil, with the field along z: ((G_x z − G_z x/2)² + (G_y z − G_z y/2)²) / (2 B0)."""
    x, y, z = np.moveaxis(points, -1, 0)
    Gx, Gy, Gz = (np.asarray(G)[..., i, None] for i in range(3))
    return GAMMA / (2 * B0) * ((Gx * z - Gz * x / 2) ** 2 + (Gy * z - Gz * y / 2) ** 2)


def concomitant_moments(timeline: Timeline, start: float, end: float) -> np.ndarray:
    """∫ G_i G_j dt from `start` to `end`, (3, 3) in T²/m² s: all that the phase of the concomitant fields needs."""
    knots = np.unique(np.concatenate([np.clip(w.times, start, end) for w in timeline.gradients] + [[start, end]]))
    step = np.diff(knots)
    within = 1e-9 * step  # a waveform may jump at its first and last knot

    def play(at: np.ndarray) -> np.ndarray:
        return np.stack(
            [np.interp(at, w.times, w.values, 0, 0) if len(w.times) else 0 * at for w in timeline.gradients]
        )

    a, b = play(knots[:-1] + within), play(knots[1:] - within)
    middle = (a + b) / 2  # a product of straight lines: Simpson's rule is exact
    product = lambda u, v: u[:, None] * v[None]  # noqa: E731
    return np.sum((product(a, a) + 4 * product(middle, middle) + product(b, b)) / 6 * step, axis=-1)


def concomitant_phase(moments: np.ndarray, points: np.ndarray, B0: float) -> np.ndarray:
    """Phase in rad at `points` (n, 3), from `concomitant_moments` (3, 3): (n,)."""
    x, y, z = np.moveaxis(points, -1, 0)
    M = moments
    square = (M[0, 0] + M[1, 1]) * z**2 + M[2, 2] * (x**2 + y**2) / 4 - M[0, 2] * x * z - M[1, 2] * y * z
    return 2 * np.pi * GAMMA / (2 * B0) * square


def beside_turns(timeline: Timeline, places: np.ndarray, B0: float) -> list[np.ndarray]:
    """By how many turns the concomitant fields have set back each sample of each readout at its place, (samples,) each; along
    the path of the last excitation, as `trajectory.k_space` counts it. `places` (readouts, 3), m."""
    marks = sorted((p.start + centre(p), p.use) for p in timeline.pulses if p.use in ("excitation", "refocusing"))
    if not timeline.readouts:
        return []
    at = np.array([t for t, _ in marks])
    times = [r.times for r in timeline.readouts]
    cuts = np.unique(np.concatenate([[0.0], at, *times, *(w.times for w in timeline.gradients)]))
    step = np.diff(cuts)
    sides = [
        np.stack([np.interp(cuts[:-1] + step * s, w.times, w.values, 0, 0) if len(w.times) else 0 * step for w in timeline.gradients])
        for s in (1e-6, 0.5, 1 - 1e-6)
    ]  # fmt: skip
    # Four products weigh z², x² + y², xz and yz: see `concomitant`.
    rows = [(G[0] ** 2 + G[1] ** 2, G[2] ** 2 / 4, -G[0] * G[2], -G[1] * G[2]) for G in map(np.asarray, sides)]
    whole = sum(w * np.stack(row) for w, row in zip((1, 4, 1), rows)) * step / 6
    gathered = np.concatenate([np.zeros((4, 1)), np.cumsum(whole, axis=1)], axis=1) * GAMMA / (2 * B0)
    x, y, z = np.asarray(places, float).T
    weights = np.stack([z * z, x * x + y * y, x * z, y * z], axis=1)
    at_marks = gathered[:, np.searchsorted(cuts, at)]
    offsets = np.zeros((4, len(marks) + 1))
    for n, (_, use) in enumerate(marks):
        here = at_marks[:, n]
        offsets[:, n + 1] = -2 * here - offsets[:, n] if use == "refocusing" else -here
    found = []
    for k, t in enumerate(times):
        path = gathered[:, np.searchsorted(cuts, t)] + offsets[:, np.searchsorted(at, t, side="right")]
        found.append(weights[k] @ path)
    return found


def displaced(points: np.ndarray, gradients: Gradients) -> np.ndarray:
    """Where a scanner with straight gradients would believe `points` (…, 3) to be, m.

    Each coil's field carries a third-order solid harmonic beside the first-order one: x(4z² − x² − y²) and its turn for y,
    z³ − 3z(x² + y²)/2 for z. `third` is the z coil's share at 25 cm on the axis (negative: the field flattens)."""
    x, y, z = np.moveaxis(points / REFERENCE, -1, 0)
    r2 = x**2 + y**2
    bent = np.stack([x * (4 * z**2 - r2) / 4, y * (4 * z**2 - r2) / 4, z**3 - 1.5 * z * r2], axis=-1)
    return points - gradients.third * REFERENCE * bent


def straightened(points: np.ndarray, gradients: Gradients, rounds: int = 30) -> np.ndarray:
    """The way back, by fixed-point iteration: where what appears at `points` (…, 3) really is, m."""
    found = points.copy()
    for _ in range(rounds):
        found = found + points - displaced(found, gradients)
    return found


def unwarped(image: np.ndarray, affine: np.ndarray, gradients: Gradients) -> np.ndarray:
    """An image (nx, ny, nz) on straight coordinates: moved back, and its brightness with the volume (Jacobian)."""
    from scipy.ndimage import map_coordinates

    index = np.stack(np.meshgrid(*[np.arange(n) for n in image.shape], indexing="ij"), axis=-1)
    points = index @ affine[:3, :3].T + affine[:3, 3]
    seen = displaced(points, gradients)
    inverse = np.linalg.inv(affine)
    where = np.moveaxis(seen @ inverse[:3, :3].T + inverse[:3, 3], -1, 0)
    take = lambda a: map_coordinates(a, where, order=1 if min(image.shape) < 4 else 3, mode="nearest")  # noqa: E731
    moved = take(np.real(image)) + 1j * take(np.imag(image)) if np.iscomplexobj(image) else take(image)
    return moved * jacobian(points, gradients)


def jacobian(points: np.ndarray, gradients: Gradients) -> np.ndarray:
    """How much larger a small volume at `points` (…, 3) appears."""
    return np.linalg.det(slopes(points, gradients))


def weakened(diffusion: np.ndarray, points: np.ndarray, gradients: Gradients) -> np.ndarray:
    """Tensors (n, 6), m²/s, of what bent gradients make of a diffusion (n,) at `points` (n, 3): a gradient g is there Jᵀg, and
    weakens by b = |Jᵀg|² where straight ones do by |g|² (Bammer et al. 2003, Magn Reson Med 50:560)."""
    J = slopes(points, gradients)
    M = J @ np.swapaxes(J, -1, -2)
    return diffusion[:, None] * M[:, [0, 1, 2, 0, 0, 1], [0, 1, 2, 1, 2, 2]]


def slopes(points: np.ndarray, gradients: Gradients, step: float = 1e-4) -> np.ndarray:
    """How each coordinate that the scanner believes in (first axis) changes with place, (…, 3, 3)."""
    columns = []
    for axis in range(3):
        d = np.zeros(3)
        d[axis] = step
        columns.append((displaced(points + d, gradients) - displaced(points - d, gradients)) / (2 * step))
    return np.stack(columns, axis=-1)
