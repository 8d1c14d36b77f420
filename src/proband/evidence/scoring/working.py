"""Work on all cores, the longest pieces first, that stops at once where one piece fails or somebody interrupts."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from queue import PriorityQueue

OFTEN = 0.2  # seconds between two looks at how far the work is


class Work:
    """A context: what is added begins as soon as there is a core for it; `finish` waits for all of it."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads)
        self._waiting: PriorityQueue[tuple[float, int, Callable[[], object]]] = PriorityQueue()
        self._order = itertools.count()
        self._doing: list[Future] = []
        self._stopped = threading.Event()

    def __enter__(self) -> Work:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._pool.shutdown(cancel_futures=True)

    def stopped(self) -> bool:
        """Whether nobody waits for the result any more; a long piece of work asks now and then."""
        return self._stopped.is_set()

    def add(self, cost: float, do: Callable[[], object]) -> None:
        """A piece of work. Of those that wait, the one with the highest cost begins first."""
        self._waiting.put((-cost, next(self._order), do))
        self._doing.append(self._pool.submit(self._next))

    def beside(self, listen: Callable[[], object]) -> None:
        """Something that only waits for others, and so needs no core."""
        self._doing.append(ThreadPoolExecutor(1).submit(listen))

    def _next(self) -> None:
        do = self._waiting.get()[2]
        if self.stopped():
            return
        try:
            do()
        except BaseException:
            self._stopped.set()
            raise

    def finish(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Wait, and now and then do something `meanwhile`. Raises what the first piece raised that failed."""
        waiting: set[Future] = set(self._doing)
        while waiting:
            done, waiting = wait(waiting, timeout=OFTEN, return_when=FIRST_EXCEPTION)
            meanwhile()
            for piece in done:
                piece.result()
