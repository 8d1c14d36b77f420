"""Play a sequence to many spins: tiles on all cores, exact between the events of the sequence."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from proband.engine import cpu
from proband.model import ModelError
from proband.mr.phantom.spins import Isochromats
from proband.mr.sequence.timeline import Readout, Timeline
from proband.mr.spins import compiled
from proband.mr.spins.events import in_order, slices
from proband.mr.spins.layout import CONTEXT, Layout
from proband.mr.spins.orders import Orders, orders
from proband.mr.spins.reference import receiver, reference
from proband.mr.spins.subject import Subject
from proband.mr.spins.tiles import State, Tiles
from proband.mr.threads import launch

PRECISIONS = ("float32", "float64")
TOLERANCE = 1e-5  # of the largest sample: how far float32 may be from float64


def simulate(
    timeline: Timeline,
    spins: Isochromats,
    receive: np.ndarray,
    *,
    precision: str = "float32",
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
    diffusion: str = "echo",
    seed: int = 0,
    B0: float | None = None,
) -> list[np.ndarray]:
    """What every coil hears: for each readout an array (coils, samples), complex128.

    `receive` (coils, n), complex, each coil's sensitivity at each spin. `progress` is told the share that is done.
    `diffusion`: `echo` weakens each spin by exp(−bD) (tensors, too), b being that of the main pathway (excitation, refocusing: exact for
    spin echoes, and what a noiseless image needs); `walk` lets each spin walk at random (any sequence; needs many spins a
    voxel, and a `seed`). With `B0` (T) the fields that Maxwell's equations demand beside the gradients count, too (for spins that
    rest). Signs: see `reference`."""
    receive = _checked(spins, receive, precision, diffusion)
    how = _How(precision, threads, progress, diffusion, seed, B0)
    return _play(timeline, spins, receive, None, timeline.duration, how, keep=False)[0]


def play(
    timeline: Timeline,
    spins: Isochromats,
    receive: np.ndarray,
    *,
    state: State | None = None,
    stop: float | None = None,
    precision: str = "float32",
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
    diffusion: str = "echo",
    seed: int = 0,
    B0: float | None = None,
) -> tuple[list[np.ndarray], State]:
    """Play a stretch of a timeline, from where `state` was left (else from rest) to `stop` s (else to its end).

    Returns what was heard in its readouts and the state at its end, so that a long scan can be kept shot by shot. A
    stretch must cut no pulse or readout. An interruption (Ctrl-C) is heeded within a tile's time."""
    receive = _checked(spins, receive, precision, diffusion)
    begin, end = (0.0 if state is None else state.time), (timeline.duration if stop is None else stop)
    if not begin <= end:
        raise ModelError(f"a stretch from {begin:.6g} s to {end:.6g} s cannot be played: it ends before it begins")
    how = _How(precision, threads, progress, diffusion, seed, B0)
    signals, after = _play(timeline, spins, receive, state, end, how, keep=True)
    assert after is not None
    return signals, after


@dataclass(frozen=True)
class _How:
    precision: str
    threads: int | None
    progress: Callable[[float], None] | None
    diffusion: str
    seed: int
    B0: float | None


def _play(
    timeline: Timeline, spins: Isochromats, receive: np.ndarray, state: State | None, end: float, how: _How, keep: bool
) -> tuple[list[np.ndarray], State | None]:
    begin = 0.0 if state is None else state.time
    if not cpu.available():
        return _plainly(timeline, spins, receive, state, begin, end, how.B0)
    subject = Subject.of(spins, len(receive), how.diffusion, how.B0, _slices(timeline))
    todo, layout = _written(timeline, subject, how.precision, begin, end)
    tiles = Tiles(spins, receive, layout.spins, how.precision, state)
    after = State(end, np.zeros((3, tiles.n)), np.zeros((3, tiles.n))) if keep else None
    plane = _run(todo, tiles, after, subject, layout, how, begin)
    if not np.all(np.isfinite(plane)):
        _all_finite(spins, receive)
        raise ModelError(
            "the spins' signal is no number: look for NaN or infinity in the sequence's waves or gradients"
        )
    heard = plane[:, 0] + 1j * plane[:, 1]
    readouts = [e for e in in_order(timeline, begin, end) if isinstance(e, Readout)]
    signals = []
    for readout, stretches in zip(readouts, todo.samples, strict=True):
        signal = np.concatenate([heard[:, a : a + count] for a, count in stretches], axis=1)
        signals.append(signal * receiver(readout))
    return signals, after


def _checked(spins: Isochromats, receive: np.ndarray, precision: str, diffusion: str) -> np.ndarray:
    n = len(spins.density)
    receive = np.atleast_2d(np.asarray(receive))
    if precision not in PRECISIONS:
        raise ModelError(f"spins are computed in float32 or float64, not in {precision!r}")
    if diffusion not in ("echo", "walk"):
        raise ModelError(f"diffusion is 'echo' or 'walk', not {diffusion!r}")
    if n == 0:
        raise ModelError("there are no spins to play the sequence to: the patient's density is zero everywhere")
    if receive.shape[1] != n:
        raise ModelError(f"the coils' sensitivities are given at {receive.shape[1]} points, but there are {n} spins")
    shapes = {"position": (n, 3), "T1": (n,), "T2": (n,), "off_resonance": (n,), "voxel": (n,)}
    for name, shape in shapes.items():
        if np.shape(getattr(spins, name)) != shape:
            raise ModelError(
                f"{name} of the spins has the shape {np.shape(getattr(spins, name))}; {shape} would be right"
            )
    if np.atleast_2d(spins.transmit).shape[1] != n:
        raise ModelError(f"the transmit field has the shape {np.shape(spins.transmit)}; (channels, {n}) would be right")
    for name in ("T1", "T2"):
        if not np.min(np.asarray(getattr(spins, name))) > 0:
            raise ModelError(f"{name} of some spins is not above 0 s")
    if spins.diffusion is not None and np.shape(spins.diffusion) not in ((n,), (n, 6)):
        raise ModelError(
            f"diffusion of the spins has the shape {np.shape(spins.diffusion)}; {(n,)} or {(n, 6)} would be right"
        )
    if diffusion == "walk" and spins.diffusion is not None and np.ndim(spins.diffusion) > 1:
        raise ModelError("a random walk goes as far in every direction; tensors of diffusion are played as 'echo'")
    if (spins.shift is None) != (spins.shift_times is None):
        raise ModelError("a displacement of the spins needs both its frames (shift) and their times (shift_times)")
    return receive


def _all_finite(spins: Isochromats, receive: np.ndarray) -> None:
    """Raises ModelError where some property of the spins is no number. What they send tells it, so that only then are all
    of them looked through."""
    rows = ("position", "T1", "T2", "off_resonance", "density", "transmit", "diffusion", "velocity", "shift")
    for name in rows:
        row = getattr(spins, name)
        if row is not None and not np.all(np.isfinite(row)):
            raise ModelError(f"{name} of some spins is no finite number")
    if not np.all(np.isfinite(receive)):
        raise ModelError("the coils' sensitivity at some spins is no finite number")


SLICES: WeakKeyDictionary[Timeline, np.ndarray] = WeakKeyDictionary()


def _slices(timeline: Timeline) -> np.ndarray:
    if timeline not in SLICES:
        SLICES[timeline] = slices(timeline)
    return SLICES[timeline]


WRITTEN: WeakKeyDictionary[Timeline, OrderedDict] = WeakKeyDictionary()
LATEST = 3  # of the same timeline


def _written(timeline: Timeline, subject: Subject, precision: str, begin: float, end: float) -> tuple[Orders, Layout]:
    """The orders of a stretch. A timeline that is played again (to the next phase of a heart, say) keeps them."""
    kept = WRITTEN.setdefault(timeline, OrderedDict())
    key = (precision, begin, end, subject.key)
    if key not in kept:
        layout = compiled.layout(precision, compiled.size(precision, subject.coils))
        kept[key] = orders(timeline, subject, layout, begin, end), layout
        if len(kept) > LATEST:
            kept.popitem(last=False)
    return kept[key]


BLOCKS = 64  # of tiles: what a thread takes at a time, so that a slow one takes fewer
STEPS = 3e8  # spin-steps of a block at most: some tenths of a second, so that Ctrl-C is prompt


def _run(
    todo: Orders, tiles: Tiles, after: State | None, subject: Subject, layout: Layout, how: _How, begin: float
) -> np.ndarray:
    """Every tile hears every order: (coils, 2, places), double. What blocks of tiles send is added up in the order of the
    blocks, so that the sum is the same to the last bit for any number of threads."""
    function = compiled.play(how.precision, layout.spins)
    # Where each tile has arrays of its own to be made, it is a block.
    alone = bool(subject.frames or todo.kicks)
    work = tiles.size * (len(todo.array) + todo.heard * (1 + 0.25 * subject.coils))
    size = 1 if alone else max(1, min(tiles.count // BLOCKS, int(STEPS / work)))
    starts = list(range(0, tiles.count, size))
    workers = max(1, min(how.threads or os.cpu_count() or 1, len(starts)))
    total = _Total((subject.coils, 2, max(todo.heard, 1)), len(starts))
    moved = np.zeros((6, tiles.n)) if after is not None else None
    halt = threading.Event()

    def work_on(tell: Callable[[float], None] | None = None) -> None:
        memory = np.zeros(layout.end + 64, np.uint8)
        table = np.zeros((len(tiles.rows), tiles.size))
        context = np.zeros(len(CONTEXT), np.int64)

        def put(**values: int) -> None:
            for name, value in values.items():
                context[CONTEXT.index(name)] = value

        put(
            orders=todo.array.ctypes.data, count=len(todo.array), rows=tiles.rows.ctypes.data, row_count=len(tiles.rows),
            table=table.ctypes.data, stride=table.strides[0], buffer=memory.ctypes.data + (-memory.ctypes.data) % 64,
            plane=8 * max(todo.heard, 1), coils=subject.coils, channels=tiles.channels, spins=tiles.n,
            **tiles.listening(),
        )  # fmt: skip
        if subject.coils == 1:
            put(receive=table[-2:].ctypes.data)
        if moved is not None:
            put(after=moved.ctypes.data, after_stride=moved.strides[0])
        while not halt.is_set():
            k, plane = total.take()
            if plane is None:
                return
            first = starts[k]
            path = tiles.path(first) if subject.frames else np.zeros(0)
            kicks = _kicks(todo, tiles, first, how.seed, begin) if todo.kicks else np.zeros(0)
            put(
                first_tile=first, tiles=min(size, tiles.count - first), out=plane.ctypes.data, frames=path.ctypes.data,
                kicks=kicks.ctypes.data,
            )  # fmt: skip
            function(context.ctypes.data)
            total.give(k, plane)
            if tell is not None:
                tell(total.added / len(starts))

    rest = launch(work_on, workers - 1)
    try:
        work_on(how.progress)
    finally:  # an interruption, too, waits until every thread has done its block
        halt.set()
        rest()
    if how.progress is not None:
        how.progress(1.0)
    if after is not None and moved is not None:
        after.magnetisation[:], after.walk[:] = moved[:3], moved[3:]
    return total.sum


class _Total:
    """Hands out blocks with a plane to write to each, and adds the planes up in the order of the blocks."""

    def __init__(self, shape: tuple[int, ...], blocks: int):
        self.sum, self.blocks = np.zeros(shape), blocks
        self.next = self.added = 0
        self.early: dict[int, np.ndarray] = {}  # given before their turn
        self.spare: list[np.ndarray] = []
        self.lock = threading.Lock()

    def take(self) -> tuple[int, np.ndarray | None]:
        with self.lock:
            k, self.next = self.next, self.next + 1
            if k >= self.blocks:
                return k, None
            plane = self.spare.pop() if self.spare else None
        if plane is None:
            return k, np.zeros(self.sum.shape)
        plane[:] = 0
        return k, plane

    def give(self, k: int, plane: np.ndarray) -> None:
        with self.lock:
            self.early[k] = plane
            while self.added in self.early:
                ready = self.early.pop(self.added)
                self.sum += ready
                self.spare.append(ready)
                self.added += 1


def _kicks(todo: Orders, tiles: Tiles, first: int, seed: int, begin: float) -> np.ndarray:
    """Random turns and steps of a tile's walkers, (kicks, 4, size): numbers counted by seed, tile and time."""
    key = np.array([seed, first], np.uint64)
    generator = np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, round(begin * 1e9)]))
    result = generator.standard_normal((len(todo.kicks), 4, tiles.size))
    here = np.zeros(0) if tiles.diffusion is None else tiles.diffusion[first * tiles.size : (first + 1) * tiles.size]
    rate = np.zeros(tiles.size)
    rate[: len(here)] = np.sqrt(2 * here)
    for k, (time, mean, left) in enumerate(todo.kicks):
        result[k, 1:] *= np.sqrt(time) * rate
        result[k, 0] = result[k, 0] * np.sqrt(left) * rate + mean @ result[k, 1:]
    return result


def _plainly(timeline, spins, receive, state, begin, end, B0) -> tuple[list[np.ndarray], State]:
    """Where there is no compiler: the reference solver, which plays whole timelines only."""
    if state is not None or end != timeline.duration:
        raise ModelError("without llvmlite a timeline is played whole; this stretch needs the compiler")
    signals = reference(timeline, spins, receive, B0)
    if not all(np.all(np.isfinite(s)) for s in signals):
        _all_finite(spins, receive)
    return signals, State(end, np.zeros((3, len(spins.density))), np.zeros((3, len(spins.density))))
