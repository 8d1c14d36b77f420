"""The scan itself: spins are played to in stretches that are kept, coils hear them with noise, the image is made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from typing import Protocol as Shape

import numpy as np

from proband.model import ModelError
from proband.mr.images.image import Image
from proband.mr.phantom.spins import Isochromats
from proband.mr.phantom.voxels import VoxelPatient
from proband.mr.raw import RawData
from proband.mr.scanner.converter import drifting, filtered
from proband.mr.scanner.gradients import beside_turns
from proband.mr.scans.preparing import Prepared, portions, prepare, spins_of
from proband.mr.scans.protocol import Protocol
from proband.mr.scans.subject import Subject
from proband.mr.sequence.timeline import Timeline
from proband.mr.sequence.trajectory import k_space

EDITION = "3"  # of the chain: another one takes nothing over that an earlier one had kept
STRETCH = 2e10  # spin-steps played between two looks at the clock (some seconds); the same on every machine

MAPPED = ("auto", "cg-sense", "l1-wavelet", "tv", "low-rank-sparse")  # methods that use coil maps

Tell = Callable[[float, str], None]


class Keeper(Shape):
    """Where finished stretches stay, so that a scan that was stopped can go on."""

    def recall(self, key: str) -> Mapping[str, np.ndarray] | None: ...

    def remember(self, key: str, arrays: Mapping[str, np.ndarray]) -> None: ...


class Forgets:
    """Nothing is kept."""

    def recall(self, key: str) -> None:
        return None

    def remember(self, key: str, arrays: Mapping[str, np.ndarray]) -> None:
        pass


@dataclass(frozen=True, eq=False)
class Finished:
    """A scan with its image. `ideal` is the same k-space as heard by an ideal receiver (readouts, samples), without noise;
    `silent` that of the array without noise, (readouts, coils, samples)."""

    ready: Prepared
    raw: RawData
    silent: np.ndarray
    ideal: np.ndarray
    image: Image
    again: Image | None  # the same with another noise, for SNR; none where there is no noise or only a map is asked for
    patient: VoxelPatient
    maps: Mapping[str, Image]
    spins: int
    spin_steps: float
    taken_over: int = 0
    seconds: float = 0.0
    cine: Any = None


def scan(
    subject: Subject, protocol: Protocol, *, keeper: Keeper | None = None, tell: Tell | None = None, threads: int | None = None,
    key: str = "",
) -> Finished:  # fmt: skip
    """Prepare, play, listen, reconstruct. `tell` hears the share that is done; `key` names all that decides the numbers.

    Raises ModelError, one sentence, where something cannot be; an interruption leaves finished stretches with the keeper."""
    import time

    begin = time.perf_counter()
    tell = tell or (lambda share, doing: None)
    tell(0.0, f"{protocol.name}: fields and limits")
    ready = prepare(subject, protocol)
    if ready.protocol.sequence == "cine" and subject.beating:
        from proband.mr.scans.cine import scan_cine

        return scan_cine(ready, keeper or Forgets(), tell, threads, key)
    tell(0.01, f"{protocol.name}: spins")
    patient, parts = portions(ready)
    keeper = keeper or Forgets()
    heard: list[np.ndarray] = []
    taken, steps, count = 0, 0.0, 0
    for n, only in enumerate(parts):

        def share(done: float, doing: str, n: int = n) -> None:
            tell(0.02 + 0.88 * (n + done) / len(parts), doing)

        spins, receive, _ = spins_of(ready, patient, only)
        mark = key if len(parts) == 1 else f"{key} portion {n} of {len(parts)}"
        some, old, played_ = listen(ready, spins, receive, keeper, share, threads, mark)
        heard = [a + b for a, b in zip(heard, some, strict=True)] if heard else some
        taken, steps, count = taken + old, steps + played_, count + len(spins.density)
    tell(0.9, f"{protocol.name}: image")
    found = finish(ready, patient, heard, count, steps)
    return replace(found, taken_over=taken, seconds=time.perf_counter() - begin)


def played(ready: Prepared) -> Timeline:
    """The timeline as spins meet it: played by the gradient coils, in a field that drifts."""
    machine, timeline = ready.scene.scanner, ready.timeline
    if ready.protocol.gradients == "real":
        from proband.mr.scanner.gradients import played as by_coils

        timeline = by_coils(timeline, machine.gradients)
    if ready.protocol.receiver == "real":
        timeline = drifting(timeline, machine.magnet)
    return timeline


def received(ready: Prepared, signal: np.ndarray, turns: np.ndarray | None = None) -> np.ndarray:
    """A readout (coils, …, samples) as it leaves the receiver; the last row is the ideal one's. `turns` (samples,): what is known
    of the concomitant fields' phase in the middle of the slice, which the receiver takes back (as King et al. 1999, Magn Reson
    Med 41:103, do)."""
    signal = np.asarray(signal, complex)
    if turns is not None:
        signal = signal * np.exp(2j * np.pi * turns)
    if ready.protocol.receiver == "ideal":
        return signal.astype(np.complex64)
    return np.concatenate([filtered(signal[:-1], ready.scene.scanner.converter), signal[-1:]]).astype(np.complex64)


def middles(ready: Prepared) -> np.ndarray:
    """The middle of the slice, or of the slab, that each readout belongs to, (readouts, 3) m."""
    grid = ready.grid
    index = np.tile((np.array(grid.shape) - 1) / 2, (len(ready.timeline.readouts), 1))
    for n, readout in enumerate(ready.timeline.readouts):
        if "SLC" in readout.labels and grid.shape[2] > 1:
            index[n, 2] = readout.labels["SLC"]
    return index @ grid.affine[:3, :3].T + grid.affine[:3, 3]


def stretches(timeline: Timeline, spins: int) -> list[float]:
    """When each stretch ends, s: the same for every run of a scan."""
    steps = np.array([r.samples + 4 for r in timeline.readouts], float) * spins
    parts = max(1, int(np.ceil(steps.sum() / STRETCH)))
    if parts == 1 or timeline.blocks is None:
        return [timeline.duration]
    done = np.cumsum(steps) / steps.sum()
    ends = []
    for n in range(1, parts):
        last = timeline.readouts[int(np.searchsorted(done, n / parts))]
        after = timeline.blocks[np.searchsorted(timeline.blocks, last.start + last.samples * last.dwell)]
        if (not ends or after > ends[-1]) and after < timeline.duration:
            ends.append(float(after))
    return [*ends, timeline.duration]


def listen(
    ready: Prepared, spins: Isochromats, receive: np.ndarray, keeper: Keeper, tell: Tell, threads: int | None, key: str
) -> tuple[list[np.ndarray], int, float]:
    """What every coil hears in every readout, (coils, samples); the stretches taken over; the spin-steps. `tell` hears the share."""
    from proband.mr.spins import play

    timeline, protocol = played(ready), ready.protocol
    ends = stretches(timeline, len(spins.density))
    beside = ready.scene.scanner.field if protocol.gradients == "real" else None
    turns = None if beside is None else beside_turns(ready.timeline, middles(ready), beside)
    name = f"{protocol.name}-{hashlib.sha256(f'{EDITION} {key} {protocol}'.encode()).hexdigest()[:16]}"
    heard, state = _taken_over(keeper, name, ends)
    taken = len(heard)
    signals = [row for part in heard for row in part]
    for n in range(taken, len(ends)):

        def progress(share: float, n: int = n) -> None:
            tell((n + share) / len(ends), f"{protocol.name}: shot {n + 1} of {len(ends)}")

        some, state = play(
            timeline, spins, receive, state=state, stop=ends[n], precision=protocol.precision, threads=threads,
            progress=progress, seed=protocol.seed, B0=beside,
        )  # fmt: skip
        first = len(signals)
        some = [received(ready, s, None if turns is None else turns[first + k]) for k, s in enumerate(some)]
        signals += some
        # A stretch may be without a readout, or its readouts of several lengths: one line of numbers holds them all.
        lengths = np.array([s.shape[1] for s in some], int)
        flat = np.concatenate([s.ravel() for s in some]).astype(np.complex64) if some else np.zeros(0, np.complex64)
        keeper.remember(f"{name}-{n}", {"signal": flat, "lengths": lengths, "coils": np.array(len(receive))})
        over = n + 1 == len(ends)  # no spin is asked again
        magnetisation, walk = (np.zeros(0), np.zeros(0)) if over else (state.magnetisation, state.walk)
        keeper.remember(f"{name}-state", {"shot": np.array(n), "magnetisation": magnetisation, "walk": walk})
    return signals, taken, float(len(spins.density)) * sum(r.samples + 2 for r in timeline.readouts)


def _taken_over(keeper: Keeper, name: str, ends: list[float]) -> tuple[list[list[np.ndarray]], Any]:
    """The signals of the stretches that an earlier run had finished, and the spins' state after the last of them."""
    from proband.mr.spins import State

    last = keeper.recall(f"{name}-state")
    if last is None:
        return [], None
    shot, parts = int(last["shot"]), []
    for n in range(shot + 1):
        kept = keeper.recall(f"{name}-{n}")
        if kept is None:
            return [], None
        coils = int(kept["coils"])
        cuts = np.cumsum(kept["lengths"] * coils)[:-1]
        parts.append([p.reshape(coils, -1) for p in np.split(kept["signal"], cuts)] if len(kept["lengths"]) else [])
    return parts, State(ends[shot], last["magnetisation"], last["walk"])


def imaging(ready: Prepared) -> list[int]:
    """Readouts that belong to the raw data: all of the usual length (a noise scan's may have another)."""
    lengths = [r.samples for r in ready.timeline.readouts]
    usual = max(set(lengths), key=lengths.count)
    return [i for i, n in enumerate(lengths) if n == usual and not ready.timeline.readouts[i].labels.get("NOISE")]


def raw_of(ready: Prepared, signal: np.ndarray, noise: np.ndarray) -> RawData:
    """Raw data of signals (readouts, coils, samples) with this noise covariance of a sample."""
    some = imaging(ready)
    readouts = [ready.timeline.readouts[i] for i in some]
    k = k_space(ready.timeline)
    names = sorted({n for r in readouts for n in r.labels} - {"NOISE"})
    info = {k: v for k, v in ready.info.items() if isinstance(v, (int, float, str, bool))}
    info |= {"sequence": ready.sequence.name, "scanner": ready.scene.scanner.name}
    return RawData(
        signal=np.ascontiguousarray(signal, np.complex64),
        trajectory=np.stack([k[i] for i in some]),
        times=np.stack([r.times for r in readouts]),
        labels={n: np.array([r.labels.get(n, 0) for r in readouts]) for n in names},
        noise=noise,
        grid=ready.grid,
        B0=ready.scene.scanner.field,
        info=info,
    )


def noise_of(ready: Prepared) -> np.ndarray:
    """Covariance of one complex sample, (coils, coils)."""
    dwell = ready.timeline.readouts[imaging(ready)[0]].dwell
    return np.asarray(ready.scene.fields.noise_covariance, complex) / dwell


def noisy(ready: Prepared, silent: np.ndarray, run: int) -> np.ndarray:
    """The signals with the receivers' noise; the same for the same seed, scan and `run`."""
    root = np.linalg.cholesky(noise_of(ready))
    digest = hashlib.sha256(f"{ready.protocol.name} {ready.protocol.seed} {run}".encode()).digest()
    random = np.random.Generator(np.random.Philox(int.from_bytes(digest[:8], "little")))
    white = random.standard_normal((2, *silent.shape), np.float32) / np.float32(np.sqrt(2))
    return silent + np.einsum("ij,rjs->ris", root.astype(np.complex64), white[0] + 1j * white[1], optimize=True)


def finish(ready: Prepared, patient: VoxelPatient, heard: list[np.ndarray], spins: int, steps: float) -> Finished:
    """Noise, k-space, image and maps of what the coils heard (their last row is the ideal receiver)."""
    some = imaging(ready)
    all_ = np.stack([heard[i] for i in some]).astype(np.complex64)
    silent, ideal = all_[:, :-1], all_[:, -1]
    protocol = ready.protocol
    first = noisy(ready, silent, 0) if protocol.noise else silent
    raw = raw_of(ready, first, noise_of(ready))
    image = reconstructed(ready, raw)
    again = reconstructed(ready, raw_of(ready, noisy(ready, silent, 1), raw.noise)) if protocol.noise else None
    from proband.mr.scans.mapping import maps_of

    return Finished(ready, raw, silent, ideal, image, again, patient, maps_of(ready, raw, image), spins, steps)


def reconstructed(ready: Prepared, raw: RawData) -> Image:
    """The image as the protocol asks for it. Coil maps are those of a prescan without noise, unless `maps: estimated` asks
    for them to be made from the scan's own centre of k-space."""
    from proband.mr.reconstruction import reconstruct
    from proband.mr.reconstruction.kspace import is_cartesian
    from proband.mr.scans.mapping import PHASED

    method: str = ready.protocol.method
    options: dict[str, Any] = dict(ready.protocol.reconstruction)
    if method == "auto" and complete(ready, raw):
        # All lines are there: what scanners do by default, and no coil map is needed.
        method, options = "fft", {"combine": "adaptive" if ready.sequence.name in PHASED else "rss"} | options
    estimated = options.pop("maps", "prescan") == "estimated"
    if (
        not estimated
        and method in (*MAPPED, *(() if is_cartesian(raw) else ("gridding",)))
        and not complete(ready, raw)
        and "virtual_coils" not in options
    ):
        raw, maps = fewer_coils(raw, receive_on_image(ready))
        options["maps"] = (maps / np.maximum(np.sqrt((np.abs(maps) ** 2).sum(0)), 1e-30)).astype(np.complex64)
    made = reconstruct(raw, method, **options)
    if ready.protocol.gradients == "real" and ready.plane.is_straight and made.data.ndim == 3:
        from proband.mr.scanner.gradients import unwarped

        made = replace(
            made, data=unwarped(made.data, made.grid.affine, ready.scene.scanner.gradients).astype(np.complex64)
        )
    return replace(made, name=ready.protocol.name)


FEW = 12  # coils that a reconstruction with maps works with where there are more


def fewer_coils(raw: RawData, maps: np.ndarray) -> tuple[RawData, np.ndarray]:
    """Prewhitened raw data and maps of the `FEW` combinations of coils that hear most of the image: the same for both."""
    if len(maps) <= FEW:
        return raw, maps
    flat = maps.reshape(len(maps), -1)
    _, vectors = np.linalg.eigh(flat @ flat.conj().T)
    keep = vectors[:, -FEW:].conj().T
    mix = keep @ np.linalg.inv(np.linalg.cholesky(raw.noise))
    signal = np.einsum("ij,rjs->ris", mix.astype(np.complex64), raw.signal, optimize=True)
    return replace(raw, signal=signal, noise=np.eye(FEW, dtype=complex)), np.tensordot(keep, maps, 1)


def complete(ready: Prepared, raw: RawData) -> bool:
    """Whether every line of a Cartesian scan was measured once in every frame."""
    from proband.mr.reconstruction.kspace import is_cartesian, sort_cartesian

    mask = ready.info.get("mask")
    if mask is None and ready.protocol.file and is_cartesian(raw):  # a file does not say which lines it measures
        try:
            mask = sort_cartesian(raw).mask
        except ModelError:
            return False
    return mask is not None and bool(np.all(mask)) and is_cartesian(raw)


def receive_on_image(ready: Prepared, white: bool = True) -> np.ndarray:
    """Sensitivities on the image's grid, (coils, nx, ny, nz), prewhitened or as the coils are."""
    heard = _receive_on_image(ready)
    if white:
        heard = np.linalg.solve(np.linalg.cholesky(noise_of(ready)), heard)
    return heard.reshape(len(heard), *ready.grid.shape)


# Image, truth, files and report of a scan ask for the same; slices of a cine are made two at a time.
@lru_cache(maxsize=2)
def _receive_on_image(ready: Prepared) -> np.ndarray:
    from proband.mr.phantom.isochromats import _between

    fields, grid = ready.scene.fields, ready.grid
    inverse = np.linalg.inv(fields.grid.affine)
    place = (grid.points() @ inverse[:3, :3].T + inverse[:3, 3]).reshape(-1, 3)
    heard = np.stack([_between(coil, place) for coil in fields.receive])
    heard.setflags(write=False)
    return heard
