"""Coils as thin wires: where their segments run, how the current of each channel flows, and its field in empty space.

Every current runs in closed loops and is the same all along a loop, as capacitors in a loop make it: no charge gathers,
and the field follows from the retarded vector potential alone. The screen behind the transmit coil is an
image: a mirror loop at shield²/radius with the opposite current, which is exact for long straight conductors and
assumed good for the rest."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from proband.mr.scanner.scanner import ReceiveArray, Transmitter
from proband.mr.scanner.wave import MU0

COPPER = 1.72e-8  # Ω m at 20 °C


@dataclass(frozen=True, eq=False)
class Conductors:
    """s segments, c channels. `current` (c, s): A in each segment for 1 A at a channel's port; images included.

    `resistance` (c,) Ω at the port, of the wires alone."""

    middle: np.ndarray  # (s, 3) m
    step: np.ndarray  # (s, 3) m
    current: np.ndarray  # (c, s)
    resistance: np.ndarray  # (c,)


def _path(points: np.ndarray, pieces: float) -> tuple[np.ndarray, np.ndarray]:
    """Segments of about `pieces` m along a polyline (n, 3)."""
    middle, step = [], []
    for a, b in itertools.pairwise(points):
        n = max(1, int(np.ceil(np.linalg.norm(b - a) / pieces)))
        d = (b - a) / n
        middle.append(a + (np.arange(n) + 0.5)[:, None] * d)
        step.append(np.repeat(d[None], n, 0))
    return np.concatenate(middle), np.concatenate(step)


def _arc(start: float, end: float, half_width: float, half_height: float, z: float) -> np.ndarray:
    phi = np.linspace(start, end, 7)
    return np.stack([half_width * np.cos(phi), half_height * np.sin(phi), np.full(7, z)], axis=1)


def _loop(start: float, end: float, half_width: float, half_height: float, low: float, high: float) -> np.ndarray:
    """A window on an elliptic cylinder, as a closed polyline; its current turns about the outward normal."""
    bottom = _arc(start, end, half_width, half_height, low)
    top = _arc(end, start, half_width, half_height, high)
    return np.concatenate([bottom, top, bottom[:1]])


def ohms_per_metre(wire: float, frequency: float) -> float:
    """A round copper wire of radius `wire` (m) whose current flows in the skin."""
    return float(np.sqrt(np.pi * frequency * MU0 * COPPER) / (2 * np.pi * wire))


def transmit(coil: Transmitter, frequency: float) -> Conductors:
    """The conductors of a transmit coil around the isocentre."""
    if coil.kind == "tem":
        return _legs_to_screen(coil, frequency)
    n = coil.rungs
    edges = 2 * np.pi * np.arange(n + 1) / n
    windows = 0.5 * (edges[1:] + edges[:-1])
    if coil.kind == "birdcage":  # the mesh currents of the two modes that turn at the Larmor frequency
        mesh = np.stack([np.cos(windows), np.sin(windows)])
    else:
        mesh = np.eye(n)
    gap = 0.0 if coil.kind == "birdcage" else 0.02 / coil.radius  # loops beside each other do not share a leg
    middle, step, current, wire = [], [], [], []
    for m in range(n):
        for radius, sign in ((coil.radius, 1.0), (coil.shield**2 / coil.radius, -1.0)):
            line = _loop(edges[m] + gap / 2, edges[m + 1] - gap / 2, radius, radius, -coil.length / 2, coil.length / 2)
            a, b = _path(line, 0.04)
            middle.append(a)
            step.append(b)
            current.append(np.repeat(sign * mesh[:, m : m + 1], len(a), 1))
            wire.append(np.full(len(a), sign > 0))
    middle, step, current = np.concatenate(middle), np.concatenate(step), np.concatenate(current, 1)
    return Conductors(middle, step, current, _loss(middle, step, current, np.concatenate(wire), coil, frequency))


def _legs_to_screen(coil: Transmitter, frequency: float) -> Conductors:
    """A TEM resonator (Vaughan et al. 1994 Magn Reson Med 32:206): no end rings; each leg's current goes over to the screen at
    its ends and comes back along it. The two modes that turn at the Larmor frequency: currents as the cosine and the sine."""
    angles = 2 * np.pi * np.arange(coil.rungs) / coil.rungs
    modes = np.stack([np.cos(angles), np.sin(angles)])
    end, mirror = coil.length / 2, coil.shield**2 / coil.radius
    there = [(coil.radius, -end), (coil.radius, end), (coil.shield, end)]
    rim = [*there, (mirror, end), (mirror, -end), (coil.shield, -end), there[0]]
    one = _path(np.array([(r, 0.0, z) for r, z in rim]), 0.04)
    around = [np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]) for a in angles]
    middle, step = (np.concatenate([part @ turn.T for turn in around]) for part in one)
    current = np.repeat(modes, len(one[0]), 1)
    wire = np.hypot(middle[:, 0], middle[:, 1]) < coil.shield
    return Conductors(middle, step, current, _loss(middle, step, current, wire, coil, frequency))


def _loss(middle, step, current, wire, coil, frequency) -> np.ndarray:
    """Ω. Where two windows share a leg, their currents are added before they are squared."""
    key = np.round(middle[wire] * 1e5).astype(int)
    _, place = np.unique(key, axis=0, return_inverse=True)
    along = current[:, wire, None] * step[wire]
    summed = np.zeros((len(current), place.max() + 1, 3))
    for c in range(len(current)):
        np.add.at(summed[c], place.ravel(), along[c])
    length = np.zeros(place.max() + 1)
    length[place.ravel()] = np.linalg.norm(step[wire], axis=1)
    per_metre = ohms_per_metre(coil.wire, frequency) * coil.loss_factor
    return np.sum(np.sum(summed**2, axis=2) / length, axis=1) * per_metre


def receive(array: ReceiveArray, centre: np.ndarray, half: np.ndarray, frequency: float) -> Conductors:
    """The loops of a receive array around a patient whose section has its `centre` (3,) and `half` sizes (2,), m."""
    a = max(array.half_width, float(half[0]) + array.gap)
    b = max(array.half_height, float(half[1]) + array.gap)
    tall = array.length / array.rings
    gap = 0.004  # between neighbours, which are taken as decoupled
    middle, step, owner = [], [], []
    for ring in range(array.rings):
        low = -array.length / 2 + ring * tall
        turn = np.pi / array.loops * (ring % 2)  # rings are staggered
        for m in range(array.loops):
            start = turn + 2 * np.pi * m / array.loops
            slip = gap / (a + b)
            line = _loop(
                start + slip, start + 2 * np.pi / array.loops - slip, a, b, low + gap / 2, low + tall - gap / 2
            )
            points, steps = _path(line + centre, 0.02)
            middle.append(points)
            step.append(steps)
            owner.append(np.full(len(points), len(owner)))
    owner = np.concatenate(owner)
    current = (owner[None] == np.arange(array.channels)[:, None]).astype(float)
    middle, step = np.concatenate(middle), np.concatenate(step)
    return Conductors(middle, step, current, _loss(middle, step, current, np.full(len(owner), True), array, frequency))


def incident(coil: Conductors, points: np.ndarray, k: float, frequency: float, closest: float):
    """E (c, 3, n) V/m and B (c, 3, n) T of 1 A in each channel at `points` (n, 3), complex64.

    Nearer than `closest` (m) to a wire, the field is that at this distance: a cell's mean has no pole."""
    weights = coil.current
    dl = coil.step
    source = np.concatenate([dl, np.cross(dl, coil.middle)], 1)  # dl × (r − s) = dl × r − dl × s
    table = (weights[:, :, None] * source).transpose(1, 0, 2).reshape(len(dl), -1).astype(np.float32)  # (s, 6 c)
    c, n = len(weights), len(points)
    E = np.empty((c, 3, n), np.complex64)
    B = np.empty((c, 3, n), np.complex64)
    mid = coil.middle.astype(np.float32)
    for start in range(0, n, 8192):
        r = points[start : start + 8192].astype(np.float32)
        d2 = np.sum(r**2, 1)[:, None] + np.sum(mid**2, 1)[None] - 2 * r @ mid.T
        R = np.sqrt(np.maximum(d2, np.float32(closest**2)))
        kr = np.float32(k) * R
        cos, sin = np.cos(kr), np.sin(kr)
        A = (cos / R) @ table - 1j * ((sin / R) @ table)
        R3 = R**3
        F = ((cos + kr * sin) / R3) @ table + 1j * (((kr * cos - sin) / R3) @ table)
        A, F = (v.reshape(len(r), c, 6) for v in (A, F))
        block = slice(start, start + len(r))
        E[:, :, block] = (-2j * np.pi * frequency * MU0 / (4 * np.pi) * A[:, :, :3]).transpose(1, 2, 0)
        B[:, :, block] = (MU0 / (4 * np.pi) * (np.cross(F[:, :, :3], r[:, None, :]) - F[:, :, 3:])).transpose(1, 2, 0)
    return E, B
