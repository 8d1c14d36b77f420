"""Pulses that play every channel by itself while gradients step through k-space: kT-points and spokes.

Small flip angles, designed in space (Grissom et al. 2006, Magn Reson Med 56:620): the transverse magnetisation is linear in
what the channels play, and a wanted magnitude with free phase is found by exchange of the phase (Setsompop et al. 2008)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proband.model import ModelError
from proband.mr.scanner.fields import Fields
from proband.mr.scanner.scanner import GAMMA, Gradients, Scanner
from proband.mr.scanner.shimming import Shim, _hot
from proband.mr.sequence.timeline import Pulse, Waveform

Point = tuple[float, float, float]  # cycles/m


@dataclass(frozen=True, eq=False)
class Design:
    """A pulse and its gradients, from time 0. `flip` (points,) rad: what the design expects at `voxels` (flat indices).

    `variation` is that flip's coefficient of variation, `error` its root mean square from the wanted one over the wanted."""

    pulse: Pulse
    gradients: tuple[Waveform, Waveform, Waveform]
    places: tuple[Point, ...]
    coefficients: np.ndarray  # (places, c), rad in a field of share 1
    flip: np.ndarray
    voxels: np.ndarray
    variation: float
    error: float
    duration: float


# The middle, and one step along each axis both ways, at this part of a cycle over the body (assumed: B1+ varies over a
# quarter to half a wavelength in the body).
STEP = 0.5


def kt_points(
    fields: Fields,
    region: np.ndarray,
    shim: Shim,
    scanner: Scanner,
    flip: float,
    places: tuple[Point, ...] | None = None,
    tip: float = 100e-6,
    power: float = 1.0,
    room: float | None = None,
) -> Design:
    """A non-selective pulse of short rectangles between blips (Cloos et al. 2012, Magn Reson Med 67:72).

    `flip` rad; `places` in k-space (cycles/m), the last at the middle where the pulse ends; `tip` s, of one rectangle;
    `power`: how dear heat is, against quadrature's; `room` s: time that the parts fill, no shorter than `tip`. Raises ModelError where the channels' amplifiers cannot do it."""
    size = np.ptp(fields.grid.points()[region], axis=0) if region.any() else np.ones(3)
    if places is None:
        k = STEP / np.maximum(size, 0.05)
        places = (
            (k[0], 0, 0),
            (0, k[1], 0),
            (0, 0, k[2]),
            (-k[0], 0, 0),
            (0, -k[1], 0),
            (0, 0, -k[2]),
            (0.0, 0.0, 0.0),
        )
    if room is not None:
        # Heat falls as the parts of a pulse grow: they fill the time that is there.
        blips = _Plan(places, tip, None, scanner.gradients).end - len(places) * tip
        tip = max(tip, float(np.floor((room - blips) / len(places) / 1e-5 + 1e-6) * 1e-5))
    step = scanner.transmitter.raster
    n = max(1, round(tip / step))
    shape = np.ones(n) / (2 * np.pi * n * step)  # Hz for 1 rad
    return _design(fields, region, shim, scanner, flip, places, shape, step, None, power)


def spokes(
    fields: Fields,
    region: np.ndarray,
    shim: Shim,
    scanner: Scanner,
    flip: float,
    thickness: float,
    places: tuple[Point, ...] | None = None,
    tip: float = 1e-3,
    cycles: int = 4,
    power: float = 1.0,
) -> Design:
    """A slice across z of `thickness` (m) at the isocentre, from sinc pulses between in-plane blips (Saekho et al. 2006,
    Magn Reson Med 55:719). `region` holds the slice's voxels; `tip` s is one sinc's length, `cycles` its zero crossings."""
    places = _spokes_places(fields, region) if places is None else places
    step = scanner.transmitter.raster
    n = max(8, round(tip / step))
    t = (np.arange(n) + 0.5) / n - 0.5
    shape = np.sinc(cycles * t) * (0.54 + 0.46 * np.cos(2 * np.pi * t))
    shape = shape / (2 * np.pi * shape.sum() * step)
    strength = _selecting(n * step, cycles, thickness)
    if strength > scanner.gradients.maximum:
        raise ModelError(
            f"a slice of {thickness * 1e3:.3g} mm with a sinc of {tip * 1e3:.3g} ms needs {strength * 1e3:.0f} mT/m and "
            f"{scanner.name} has {scanner.gradients.maximum * 1e3:.0f}; take a longer sinc or a thicker slice."
        )
    return _design(fields, region, shim, scanner, flip, places, shape, step, strength, power)


def spokes_fit(
    fields: Fields,
    region: np.ndarray,
    scanner: Scanner,
    thickness: float,
    room: float,
    lead: float = 0.0,
    cycles: int = 4,
) -> float | None:
    """The longest sinc (s) of `spokes` with which all of them sound within `room` s, after a gradient's rise that may begin
    `lead` s sooner; None where none is long enough."""
    places, raster = _spokes_places(fields, region), scanner.gradients.raster
    for n in range(int(room / len(places) / raster + 1e-6), 0, -1):
        tip = n * raster
        strength = _selecting(tip, cycles, thickness)
        if strength > scanner.gradients.maximum:
            return None
        starts = _Plan(places, tip, strength, scanner.gradients).starts
        if starts[-1] + tip - min(starts[0], lead) <= room + 1e-9:
            return tip
    return None


def _spokes_places(fields: Fields, region: np.ndarray) -> tuple[Point, ...]:
    size = np.ptp(fields.grid.points()[region], axis=0) if region.any() else np.ones(3)
    k = STEP / np.maximum(size, 0.05)
    return ((k[0], 0, 0), (0, k[1], 0), (0.0, 0.0, 0.0))


def _selecting(tip: float, cycles: int, thickness: float) -> float:
    """The gradient (T/m) under which a sinc of `cycles` in `tip` s selects a slice."""
    return cycles / tip / (GAMMA * thickness)


def _design(fields, region, shim, scanner, flip, places, shape, step, select, power) -> Design:
    if region.shape != fields.grid.shape or not region.any():
        raise ModelError(
            f"the pulse's region must be a mask of the fields' shape {fields.grid.shape} that is not empty."
        )
    voxels = np.flatnonzero(region)
    voxels = voxels[:: max(1, len(voxels) // 4000)]
    r = fields.grid.points().reshape(-1, 3)[voxels]
    share = fields.transmit.reshape(len(fields.transmit), -1)[:, voxels].T / shim.reference  # (points, c)
    plan = _Plan(places, len(shape) * step, select, scanner.gradients)
    middle = np.array(plan.starts) + len(shape) * step / 2
    where = np.array(places) - np.array(places[-1])
    if select is not None:
        where = where * [1, 1, 0]
    # What is tipped at t turns until the end: by its place in k-space and by its off-resonance.
    turn = r @ where.T + fields.off_resonance.ravel()[voxels, None] * (middle[-1] - middle)
    A = (share[:, None, :] * np.exp(2j * np.pi * turn)[:, :, None]).reshape(len(r), -1)
    heat = _penalty(fields, shim, len(places), power)
    gram, rows = A.conj().T @ A / len(r) + heat, A.conj().T / len(r)
    x = np.concatenate([shim.weights / len(places)] * len(places)) * flip
    best, least = x, np.inf
    for start in range(4):
        phase = np.exp(1j * (np.angle(A @ x) + start * (r @ np.array([2.0, 1.0, 0.0]))))
        for _ in range(200):
            now = np.linalg.solve(gram, rows @ (flip * phase))
            phase = np.exp(1j * np.angle(A @ now))
        cost = float(np.mean((np.abs(A @ now) - flip) ** 2) + np.real(now.conj() @ heat @ now))
        if cost < least:
            best, least = now, cost
    b = best.reshape(len(places), -1)
    wave = np.zeros((b.shape[1], round(plan.end / step)), complex)
    for begin, one in zip(plan.starts, b):
        at = round(begin / step)
        wave[:, at : at + len(shape)] = one[:, None] * shape
    peak = np.abs(wave).max() / (GAMMA * shim.reference)
    most = np.sqrt(scanner.transmitter.power * scanner.transmitter.cable)
    if peak > most:
        raise ModelError(
            f"the pulse needs {peak**2 / 1e3:.1f} kW in one channel and {scanner.name} brings {most**2 / 1e3:.1f} kW to "
            "the coil; lengthen its parts or lower the flip angle."
        )
    reached = np.abs(A @ best)
    return Design(
        pulse=Pulse(0.0, step, wave),
        gradients=plan.waveforms(),
        places=places,
        coefficients=b,
        flip=reached,
        voxels=voxels,
        variation=float(reached.std() / reached.mean()),
        error=float(np.sqrt(np.mean((reached - flip) ** 2)) / flip),
        duration=plan.end,
    )


def _penalty(fields: Fields, shim: Shim, places: int, power: float) -> np.ndarray:
    """A ridge of heat: whole and mean local SAR of each sub-pulse, scaled so that quadrature's would cost 1 % of its flip."""
    Q = _hot(fields)
    mean = Q[0] / np.real(np.trace(Q[0])) + Q[2:].mean(0) / np.real(np.trace(Q[2:].mean(0)))
    w = fields.quadrature
    one = np.real(w.conj() @ mean @ w)
    return np.kron(np.eye(places), mean / one * 1e-4 * power * places)


class _Plan:
    """When the sub-pulses are played, and the gradients between them."""

    def __init__(self, places, length: float, select: float | None, coils: Gradients):
        self.coils, self.select, self.length = coils, select, length
        self.starts: list[float] = []
        self.knots: list[list[tuple[float, float]]] = [[], [], []]
        now, sign = 0.0, 1.0
        edge = self._up(abs(select) / coils.slew) if select else 0.0
        for i in range(len(places)):
            if select:
                self._trapezoid(2, now, edge, length, sign * select)
                now += edge
            self.starts.append(now)
            now += length + edge
            if i + 1 < len(places):
                # Behind sub-pulse i the way left in k-space shrinks from places[i] to places[i + 1].
                area = (np.array(places[i]) - np.array(places[i + 1])) / GAMMA
                if select:
                    area[2] = 0.0
                now += self._blip(now, area)
                sign = -sign
        if select:  # from the middle of the last sinc to its end
            area = np.array([0, 0, -sign * select * (length + edge) / 2])
            now += self._blip(now, area)
        self.end = now

    def _up(self, time: float) -> float:
        return float(np.ceil(time / self.coils.raster - 1e-9) * self.coils.raster)

    def _blip(self, start: float, area: np.ndarray) -> float:
        """Trapezoids of these areas (T s/m), all as long as the longest needs; returns their length, s."""
        largest = float(np.abs(area).max())
        if largest == 0:
            return 0.0
        g, slew = 0.9 * self.coils.maximum, 0.9 * self.coils.slew
        ramp = self._up(min(np.sqrt(largest / slew), g / slew))
        flat = self._up(max(0.0, largest / min(g, slew * ramp) - ramp))
        for axis in range(3):
            if area[axis]:
                self._trapezoid(axis, start, ramp, flat, area[axis] / (ramp + flat))
        return 2 * ramp + flat

    def _trapezoid(self, axis: int, start: float, ramp: float, flat: float, top: float) -> None:
        knots = [(start, 0.0), (start + ramp, top), (start + ramp + flat, top), (start + 2 * ramp + flat, 0.0)]
        for t, g in knots:
            if not self.knots[axis] or t > self.knots[axis][-1][0] + 1e-9:
                self.knots[axis].append((t, g))
            else:
                self.knots[axis][-1] = (self.knots[axis][-1][0], g)

    def waveforms(self) -> tuple[Waveform, Waveform, Waveform]:
        return tuple(Waveform(*np.array(k).reshape(-1, 2).T) for k in self.knots)  # pyright: ignore[reportReturnType]
