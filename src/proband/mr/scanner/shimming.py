"""Static radio-frequency shims: one complex weight for each transmit channel, found from the prescan's maps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from proband.model import ModelError
from proband.mr.scanner.fields import Fields
from proband.mr.sequence.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Shim:
    """`weights` (c,), of total power 1; `reference`: mean |B1+| over the region, in T for 1 √W in all channels together.

    A pulse of γB1/2π = f Hz is played with the amplitudes weights × f / (γ reference) √W; so a channel's share of the
    nominal field is its B1+ divided by `reference`."""

    name: str
    weights: np.ndarray
    reference: float
    variation: float  # coefficient of variation of |B1+| over the region
    local: float  # worst 10 g SAR of the reference field, W/kg per µT²

    def share(self, fields: Fields) -> np.ndarray:
        """B1+ of each channel as a share of the nominal one, (c, nx, ny, nz)."""
        return fields.transmit / self.reference


def quadrature(fields: Fields, region: np.ndarray) -> Shim:
    """The circularly polarised mode. `region` (nx, ny, nz), bool: where the reference is taken."""
    return _judged("quadrature", fields, region, fields.quadrature)


def static(
    fields: Fields,
    region: np.ndarray,
    heat: float = 1.0,
    rounds: int = 40,
    points: int = 3000,
) -> Shim:
    """The evenest |B1+| whose worst local and whole SAR at the same mean field are at most `heat` times quadrature's.

    Magnitude least squares by exchange of the phase (Setsompop et al. 2008, Magn Reson Med 59:908), each step with a
    heat penalty whose weights grow on those points and masses that are too hot. Starts from every circular mode and
    keeps the best, which is quadrature where none is better. Raises ModelError where no shim is as cool as asked."""
    base = quadrature(fields, region)
    T, Q = _sampled(fields, region, points), _hot(fields)
    T = T / base.reference
    cap = heat * np.real(np.einsum("i,qij,j->q", base.weights.conj(), Q, base.weights))
    cap = np.where(np.arange(len(Q)) < 2, cap, cap[2:].max() if len(Q) > 2 else 0.0)  # one cap for all local points
    best, least, coolest = (base.weights, _spread(T, base.weights), 1.0) if heat >= 1 else (None, np.inf, np.inf)
    c = T.shape[1]
    for mode in range(c if c > 2 else 4):
        w = _mode(c, mode)
        w = w / np.mean(np.abs(T @ w))
        price = np.full(len(Q), 1e-3) / cap
        gram, phase = T.conj().T @ T / len(T), np.exp(1j * np.angle(T @ w))
        for _ in range(rounds):
            for _ in range(6):
                w = np.linalg.solve(gram + np.tensordot(price, Q, 1), T.conj().T @ phase / len(T))
                phase = np.exp(1j * np.angle(T @ w))
            w = w / np.mean(np.abs(T @ w))
            hot = np.real(np.einsum("i,qij,j->q", w.conj(), Q, w)) / cap
            coolest = min(coolest, float(hot.max()))
            if hot.max() <= 1.0 and _spread(T, w) < least:
                best, least = w, _spread(T, w)
            price = np.clip(price * np.clip(hot, 0.5, 2.0) ** 2, 1e-8 / cap, 1e4 / cap)
    if best is None:
        raise ModelError(
            f"no shim was found with {heat:.0%} of quadrature's heat; the coolest has {heat * coolest:.0%}: allow that much."
        )
    return _judged("static", fields, region, best / np.linalg.norm(best))


def spread(timeline: Timeline, shim: Shim) -> Timeline:
    """The timeline with every one-channel pulse spread over the scanner's channels by the shim's weights."""
    pulses = []
    for pulse in timeline.pulses:
        wave = np.atleast_2d(pulse.wave)
        if len(wave) not in (1, len(shim.weights)):
            raise ModelError(
                f"the pulse at {pulse.start:.4f} s has {len(wave)} channels and the scanner has {len(shim.weights)}; "
                "one channel or all of them were expected."
            )
        pulses.append(replace(pulse, wave=shim.weights[:, None] * wave) if len(wave) == 1 else pulse)
    return replace(timeline, pulses=tuple(pulses))


def _mode(c: int, mode: int) -> np.ndarray:
    turn = np.pi / 2 if c == 2 else 2 * np.pi / c
    return np.exp(-1j * turn * mode * np.arange(c)) / np.sqrt(c)


def _sampled(fields: Fields, region: np.ndarray, points: int) -> np.ndarray:
    """B1+ (points, c) at evenly taken voxels of the region."""
    if region.shape != fields.grid.shape:
        raise ModelError(f"the shim's region has the shape {region.shape} and the fields have {fields.grid.shape}.")
    if not region.any():
        raise ModelError("the shim's region is empty; it must hold the voxels whose B1+ is to be even.")
    at = np.flatnonzero(region)
    at = at[:: max(1, len(at) // points)]
    return fields.transmit.reshape(len(fields.transmit), -1)[:, at].T.astype(complex)


def _hot(fields: Fields, most: int = 120) -> np.ndarray:
    """Matrices that a shim must not overheat, (q, c, c): the whole body, the head (or again the body), then the local
    ones that can be hottest, as virtual observation points."""
    from proband.mr.scanner.observation import points_of

    head = fields.absorbed_global if fields.absorbed_head is None else fields.absorbed_head
    local = points_of(fields, 0.15).matrices[:most]
    return np.concatenate([[fields.absorbed_global, head], local]).astype(complex)


def _spread(T: np.ndarray, w: np.ndarray) -> float:
    b = np.abs(T @ w)
    return float(b.std() / b.mean())


def _judged(name: str, fields: Fields, region: np.ndarray, w: np.ndarray) -> Shim:
    T = _sampled(fields, region, 100_000)
    b = np.abs(T @ w)
    worst = np.real(np.einsum("i,pij,j->p", w.conj(), fields.absorbed_local, w)).max(initial=0.0)
    return Shim(name, w, float(b.mean()), float(b.std() / b.mean()), float(worst / (b.mean() * 1e6) ** 2))
