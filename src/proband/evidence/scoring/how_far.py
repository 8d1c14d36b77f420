"""How far a laboratory is: many threads count what they have done, one tells it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from proband.trials.runner import Progress

BENCH = 600.0  # seconds of a person's time that take as long as work on a bench does, about


class HowFar:
    """Seconds of persons' time that are done, of all that were asked for; a bench counts as `BENCH` of them."""

    def __init__(self, total: float, tell: Callable[[Progress], None]) -> None:
        self._total, self._tell = total, tell
        self._done, self._lock = 0.0, threading.Lock()

    def count(self, seconds: float) -> None:
        """So much more is done; called by any thread."""
        with self._lock:
            self._done += seconds

    def bench(self) -> None:
        """A bench is done."""
        self.count(BENCH)

    def at_bench(self, work: Callable[[], object]) -> None:
        """Do the work of a bench, and count it."""
        work()
        self.bench()

    def say(self) -> None:
        """Tell it, in the thread that the reader of the bar expects."""
        self._tell(Progress(self._done, self._total, "virtual persons and benches"))
