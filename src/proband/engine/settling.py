"""The steady state of a body: run until its means no longer change, and keep it on disk."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from proband.engine import cache, cpu
from proband.engine.engine import Engine
from proband.engine.run import Run
from proband.engine.snapshots import SCHEMA, Snapshot
from proband.model import ModelError
from proband.units import Quantity, s

TOLERANCE = 1e-4  # change of a mean over ten beats, as a share of its size
TEN_BEATS_S = 10.0


@dataclass(frozen=True)
class Settled:
    """How a run came to rest: after how long, and with which last change in ten beats."""

    seconds: float
    change: float


HASTE = 40.0  # how much smaller stores are while a body settles


@contextlib.contextmanager
def hastened(run: Run) -> Iterator[None]:
    """Meanwhile the stores of slow substances are small, so that an hour's filling takes minutes.

    Afterwards each store has its own size again, at the concentration that it has come to."""
    scale_stores(run, 1 / HASTE)
    try:
        yield
    finally:
        scale_stores(run, HASTE)


def scale_stores(run: Run, factor: float | np.ndarray) -> None:
    """Make the stores of slow substances so many times their size: one factor for all patients, or one for each.

    A store is a compartment that no path joins (tissue water). Its size says how long a steady state takes, not where
    it lies."""
    body, slots = run.engine.body, run.engine.slots()
    joined = {end for part in body.parts.values() if part.component.kind == "path" for end in part.ends}
    slow = [c.name for c in body.substances if c.every is not None]
    stores = [n for n, p in body.parts.items() if p.component.kind == "compartment" and n not in joined] if slow else []
    for store in stores:
        for what in ("volume", *slow):
            at = slots[f"{store}.{what}"][0]
            run.cells.put(at, run.cells.column(at) * factor)


def settle(run: Run, watch: Iterable[str], every: Quantity = 20.0 * s, longest: Quantity = 7200.0 * s) -> Settled:
    """Go on until the mean of no watched signal changes any more from one stretch of `every` to the next.

    The limit is 0.01 % of the signal for each ten beats (10 s). Means over a stretch pass over what a device or an
    irregular rhythm does from beat to beat. Raises ModelError where the body has not come to rest by
    `longest`: plasma that goes to and from tissue takes most of an hour."""
    with hastened(run):
        return _settle(run, list(watch), every, longest)


def _settle(run: Run, names: list[str], every: Quantity, longest: Quantity) -> Settled:
    begin = run.time
    share = every.to(s) / TEN_BEATS_S
    before = None
    while run.time - begin < longest.to(s):
        run.begin_window()
        run.advance(every)
        window = run.window()
        now = np.array([window.mean(n) for n in names])
        if before is not None:
            size = np.maximum(np.abs(now), 0.02 * np.abs(now).max(axis=1, keepdims=True))
            moves = np.abs(now - before) / np.where(size > 0, size, 1.0) / share
            failed = {f.patient for f in run.failures}
            alive = [p for p in range(run.patients) if p not in failed]
            worst = moves[:, alive].max(axis=1, initial=0.0)
            if worst.max(initial=0.0) < TOLERANCE:
                return Settled(run.time - begin, float(worst.max(initial=0.0)))
        before = now
    name = names[int(worst.argmax())]
    raise ModelError(
        f"the body has not come to rest in {longest.to(s):g} s: {name} still changes by {worst.max():.2g} in ten beats."
    )


def settled(engine: Engine, watch: Iterable[str]) -> Snapshot:
    """The steady state of an engine's body as it is, computed once and kept in the cache folder."""
    file = cache.folder() / "settled" / f"{_key(engine)}.npz"
    kept = _read(file)
    if kept is not None:
        return kept
    run = engine.start(1)
    settle(run, watch)
    snapshot = run.snapshot()
    buffer = io.BytesIO()
    np.savez(
        buffer, schema=np.int64(snapshot.schema), tick=np.int64(snapshot.tick), keys=snapshot.keys, names=np.array(list(snapshot.numbers)),
        numbers=np.array([np.asarray(v, float).reshape(-1)[0] for v in snapshot.numbers.values()]),
    )  # fmt: skip
    cache.keep(file, buffer.getvalue())
    return snapshot


def _read(file) -> Snapshot | None:
    try:
        with np.load(file, allow_pickle=False) as kept:
            numbers = {str(n): np.array([v]) for n, v in zip(kept["names"], kept["numbers"], strict=True)}
            found = Snapshot(int(kept["tick"]), numbers, kept["keys"].astype(np.uint64), schema=int(kept["schema"]))
            return found if found.schema == SCHEMA else None
    except (OSError, ValueError, KeyError, EOFError):
        return None


def _key(engine: Engine) -> str:
    tables = (engine.program.states, engine.program.params, engine.program.held)
    values = repr([(slot.name, slot.initial) for table in tables for slot in table])
    text = f"{engine.program.fingerprint}|{engine.decide()}|{engine.precision}|{values}|{list(engine.outputs)}|{cpu._sources()}"
    return hashlib.sha256(text.encode()).hexdigest()[:40]
