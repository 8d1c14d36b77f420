"""Play a sequence to many spins: tiles on all cores, exact between the events of the sequence."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from proband.engine import cpu
from proband.model import ModelError
from proband.mr.phantom.spins import Isochromats
from proband.mr.sequence.timeline import Readout, Timeline
from proband.mr.spins import compiled
from proband.mr.spins.kernel import CONTEXT, ROWS, Layout
from proband.mr.spins.orders import Orders, Subject, in_order, orders
from proband.mr.spins.reference import receiver, reference
from proband.mr.spins.tiles import State, Tiles

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
) -> list[np.ndarray]:
    """What every coil hears: for each readout an array (coils, samples), complex128.

    `receive` (coils, n), complex, each coil's sensitivity at each spin. `progress` is told the share that is done.
    `diffusion`: `echo` weakens each spin by exp(−bD), b being that of the main pathway (excitation, refocusing: exact for
    spin echoes, and what a noiseless image needs); `walk` lets each spin walk at random (any sequence; needs many spins a
    voxel, and a `seed`). Signs: see `reference`."""
    receive = _checked(spins, receive, precision, diffusion)
    how = _How(precision, threads, progress, diffusion, seed)
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
) -> tuple[list[np.ndarray], State]:
    """Play a stretch of a timeline, from where `state` was left (else from rest) to `stop` s (else to its end).

    Returns what was heard in its readouts and the state at its end, so that a long scan can be kept shot by shot. A
    stretch must cut no pulse or readout. An interruption (Ctrl-C) is heeded within a tile's time."""
    receive = _checked(spins, receive, precision, diffusion)
    begin, end = (0.0 if state is None else state.time), (timeline.duration if stop is None else stop)
    if not begin <= end:
        raise ModelError(f"a stretch from {begin:.6g} s to {end:.6g} s cannot be played: it ends before it begins")
    how = _How(precision, threads, progress, diffusion, seed)
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


def _play(
    timeline: Timeline, spins: Isochromats, receive: np.ndarray, state: State | None, end: float, how: _How, keep: bool
) -> tuple[list[np.ndarray], State | None]:
    begin = 0.0 if state is None else state.time
    if not cpu.available():
        return _plainly(timeline, spins, receive, state, begin, end)
    subject = Subject.of(spins, len(receive), how.diffusion)
    layout = compiled.layout(how.precision)
    todo = orders(timeline, subject, layout, begin, end)
    tiles = Tiles(spins, receive, layout.spins, how.precision)
    after = State(end, np.zeros((3, tiles.n)), np.zeros((3, tiles.n))) if keep else None
    planes = _run(todo, tiles, state, after, subject, layout, how, begin)
    if not np.all(np.isfinite(planes)):
        raise ModelError(
            "the spins' signal is no number: look for NaN or infinity in the sequence's waves or gradients"
        )
    heard = planes[:, 0] + 1j * planes[:, 1]
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
    optional = [k for k in ("diffusion", "velocity", "shift") if getattr(spins, k) is not None]
    for name in ("density", "transmit", *shapes, *optional):
        if not np.isfinite(np.sum(getattr(spins, name))):
            raise ModelError(f"{name} of some spins is no finite number")
    if not np.isfinite(np.sum(receive)):
        raise ModelError("the coils' sensitivity at some spins is no finite number")
    for name in ("T1", "T2"):
        if not np.all(getattr(spins, name) > 0):
            raise ModelError(f"{name} of some spins is not above 0 s")
    if (spins.shift is None) != (spins.shift_times is None):
        raise ModelError("a displacement of the spins needs both its frames (shift) and their times (shift_times)")
    return receive


def _run(
    todo: Orders,
    tiles: Tiles,
    before: State | None,
    after: State | None,
    subject: Subject,
    layout: Layout,
    how: _How,
    begin: float,
) -> np.ndarray:
    """Every tile hears every order; what they send is added up in double precision, in an order that is always the same
    for a number of threads."""
    function = compiled.play(how.precision)
    workers = max(1, min(how.threads or os.cpu_count() or 1, tiles.count))
    # A batch goes without Python in between; one of some tens of milliseconds leaves Ctrl-C prompt.
    alone = bool(subject.frames or todo.kicks)  # each tile has arrays of its own to be made
    work_of_tile = tiles.size * (len(todo.array) + todo.heard * (1 + subject.coils))
    batch = 1 if alone else int(np.clip(1e8 // work_of_tile, 1, max(1, tiles.count // (4 * workers))))
    halt, done = threading.Event(), [0] * workers
    planes = np.zeros((workers, subject.coils, 2, max(todo.heard, 1)))

    def work(worker: int) -> None:
        memory = np.zeros(layout.end + 64, np.uint8)
        table, vectors = np.zeros((batch, tiles.rows, tiles.size)), np.zeros((batch, 6, tiles.size))
        context = dict.fromkeys(CONTEXT, 0)
        context |= {
            "orders": todo.array.ctypes.data, "count": len(todo.array), "stride": 8 * tiles.size, "state_stride": 8 * tiles.size,
            "buffer": memory.ctypes.data + (-memory.ctypes.data) % 64, "out": planes[worker].ctypes.data,
            "plane": 8 * planes.shape[3], "coils": subject.coils, "channels": tiles.channels, "table": table.ctypes.data,
            "table_step": table.strides[0], "state": vectors.ctypes.data, "state_step": vectors.strides[0],
        }  # fmt: skip
        for first in range(worker * batch, tiles.count, workers * batch):
            if halt.is_set():
                return
            count = min(batch, tiles.count - first)
            tiles.lay(table, first, count)
            tiles.start(vectors, first, count, before)
            context |= {"tiles": count} | tiles.listening(first)
            path = tiles.path(first) if subject.frames else np.zeros(0)
            kicks = _kicks(todo, table[0], first, how.seed, begin) if todo.kicks else np.zeros(0)
            context |= {"frames": path.ctypes.data, "kicks": kicks.ctypes.data}
            function((ctypes.c_int64 * len(CONTEXT))(*context.values()))
            if after is not None:
                tiles.gather(vectors, first, count, after)
            done[worker] += count

    if workers == 1 and how.progress is None:
        work(0)
        return planes[0]
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(work, w) for w in range(workers)]
        try:
            pending = set(futures)
            while pending:
                pending = wait(pending, timeout=0.1).not_done
                if how.progress is not None:
                    how.progress(sum(done) / tiles.count)
            for future in futures:
                future.result()
        finally:
            halt.set()
    return planes.sum(axis=0)


def _kicks(todo: Orders, table: np.ndarray, first: int, seed: int, begin: float) -> np.ndarray:
    """Random turns and steps of a tile's walkers, (kicks, 4, size): numbers counted by seed, tile and time."""
    key = np.array([seed, first], np.uint64)
    generator = np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, round(begin * 1e9)]))
    result = generator.standard_normal((len(todo.kicks), 4, table.shape[1]))
    rate = np.sqrt(2 * table[ROWS.index("D")])
    for k, (time, mean, left) in enumerate(todo.kicks):
        result[k, 1:] *= np.sqrt(time) * rate
        result[k, 0] = result[k, 0] * np.sqrt(left) * rate + mean @ result[k, 1:]
    return result


def _plainly(timeline, spins, receive, state, begin, end) -> tuple[list[np.ndarray], State]:
    """Where there is no compiler: the reference solver, which plays whole timelines only."""
    if state is not None or end != timeline.duration:
        raise ModelError("without llvmlite a timeline is played whole; this stretch needs the compiler")
    signals = reference(timeline, spins, receive)
    return signals, State(end, np.zeros((3, len(spins.density))), np.zeros((3, len(spins.density))))
