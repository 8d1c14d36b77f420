"""Hands blocks of patients to a target: compiled code on threads, the interpreter, or a card."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from proband.engine.cells import Cells
from proband.engine.log import ROOM, Log

if TYPE_CHECKING:
    from proband.engine.engine import Engine


def call(
    engine: Engine, cells: Cells, log: Log, entry: str, start: int, steps: int, record=None, every: int = 0
) -> dict[int, np.ndarray]:
    """Run an entry (`prime`, `observe`, `advance`) on every block. Returns how the blocks began in which a patient failed."""
    written = np.zeros((cells.blocks, 1), np.int64)
    one = _on_block(engine, cells, log, entry, start, steps, record, every, written)
    begun: dict[int, np.ndarray] = {}
    if entry == "advance":
        one = _watched(one, cells, engine.layout.failed, begun)
    threads = min(engine.threads, cells.blocks) if engine.target == "cpu" else 1
    share = max(1, cells.blocks // (4 * threads))  # small enough that the last thread is not waited for

    def some(first: int) -> None:
        for b in range(first, min(first + share, cells.blocks)):
            one(b)

    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(some, range(0, cells.blocks, share)))
    else:
        for first in range(0, cells.blocks, share):
            some(first)
    return begun


def _watched(
    one: Callable[[int], None], cells: Cells, failed: int, begun: dict[int, np.ndarray]
) -> Callable[[int], None]:
    """Keep how a block began in which a patient fails, to find out where."""

    def watched(b: int) -> None:
        before = cells.data[b].copy()
        one(b)
        if np.any(cells.data[b, failed] > before[failed]):
            begun[b] = before

    return watched


def _on_block(engine, cells, log, entry, start, steps, record, every, written) -> Callable[[int], None]:
    if engine.target == "cpu":
        code = engine.compile(cells.width)

        def one(b: int) -> None:
            rec = 0 if record is None else record[b].ctypes.data
            code.calls[entry](  # the code itself is held here, since a function alone does not keep it from being freed
                cells.data[b].ctypes.data, cells.keys[b].ctypes.data, start, steps, rec, every, written[b].ctypes.data,
                log.lines[b].ctypes.data, log.counts[b].ctypes.data, ROOM,
            )  # fmt: skip

        return one
    target = engine.interpreter if engine.target == "python" else engine.compile(cells.width)

    def one_elsewhere(b: int) -> None:
        rec = None if record is None else record[b]
        target.run(
            entry, cells.data[b], cells.keys[b], start, steps, rec, every, written[b], log.lines[b], log.counts[b], ROOM
        )

    return one_elsewhere
