"""Threads for compiled loops that release the interpreter lock: no library of its own, safe to call from any thread.

Queues written in C carry the work, since a share of a transform takes less time than an executor's bookkeeping."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import cache
from queue import SimpleQueue

import numpy as np


@cache
def count() -> int:
    """How many threads to use: OMP_NUM_THREADS where set, else the processors this process may run on."""
    wish = os.environ.get("OMP_NUM_THREADS", "")
    if wish.isdigit() and int(wish) > 0:
        return int(wish)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _waiting_work(process: int) -> SimpleQueue:
    # One set of threads for each process: they do not survive a fork.
    work: SimpleQueue = SimpleQueue()
    for k in range(count() - 1):
        threading.Thread(target=_serve, args=(work,), name=f"proband-mr-{k}", daemon=True).start()
    return work


def _serve(work: SimpleQueue) -> None:
    while True:
        function, arguments, done = work.get()
        try:
            function(*arguments)
        except BaseException as error:
            done.put(error)
        else:
            done.put(None)


def launch(function: Callable[[], object], copies: int) -> Callable[[], None]:
    """Start some calls on the waiting threads; calling what comes back waits until all are over, and raises what one raised."""
    work, done = _waiting_work(os.getpid()), SimpleQueue()
    for _ in range(copies):
        work.put((function, (), done))

    def wait() -> None:
        error = None
        for _ in range(copies):
            error = done.get() or error
        if error is not None:
            raise error

    return wait


def together(function: Callable[[np.ndarray, int, int], object]) -> None:
    """Call function(gate, part, parts) on all threads at once, so that the parts may wait for each other at the gate (`fused.meet`).

    Waking a thread takes longer than a share of a small image: who has many such shares keeps the threads awake between them.
    gate[0] counts who came, gate[1] is 1 once a part has failed: then nobody waits any more. One such call at a time."""
    gate = np.zeros(2, np.int64)

    def guarded(part: int) -> None:
        try:
            function(gate, part, count())
        except BaseException:
            gate[1] = 1
            raise

    with _one_at_a_time(os.getpid()):
        work, done = _waiting_work(os.getpid()), SimpleQueue()
        error, sent = None, 0
        try:
            for part in range(1, count()):
                sent += 1
                work.put((guarded, (part,), done))
            guarded(0)
        except BaseException:  # Ctrl-C between two parts, too
            gate[1] = 1
            raise
        finally:
            for _ in range(sent):
                error = done.get() or error
    if error is not None:
        raise error


@cache
def _one_at_a_time(process: int) -> threading.Lock:
    return threading.Lock()


def side_by_side(function: Callable[[int, int, int], object], n: int) -> None:
    """Call function(first, last, part) on shares of range(n), one for each thread; the caller's thread takes the first.

    `function` must not call `side_by_side` itself: all threads may be waiting."""
    parts = min(count(), n)
    edges = [n * k // parts for k in range(parts + 1)]
    work, done = _waiting_work(os.getpid()), SimpleQueue()
    for k in range(1, parts):
        work.put((function, (edges[k], edges[k + 1], k), done))
    error = None
    try:
        function(edges[0], edges[1], 0)
    finally:
        for _ in range(1, parts):
            error = done.get() or error
    if error is not None:
        raise error
