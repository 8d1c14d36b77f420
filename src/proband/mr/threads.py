"""Threads for compiled loops that release the interpreter lock: no library of its own, safe to call from any thread.

Queues written in C carry the work, since a share of a transform takes less time than an executor's bookkeeping."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import cache
from queue import SimpleQueue


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
