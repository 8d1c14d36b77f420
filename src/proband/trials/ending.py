"""How a run ends: whole, stopped by hand, or broken off. What is finished reaches the sink in each case."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def ending(result: Any, sink: Any, begun: float) -> Iterator[None]:
    """Around a run, the opening of its sink included. `begun`: by `time.perf_counter`.

    Ctrl-C, also while results are being written, keeps what is finished and goes on to the caller with `result` on it; a second
    one gives up what is being written."""
    try:
        try:
            yield
        except KeyboardInterrupt:
            raise
        except BaseException:
            sink.leave()
            raise
        _close(result, sink, begun)
    except KeyboardInterrupt as stop:
        result.status = "interrupted"
        try:
            _close(result, sink, begun)
        except KeyboardInterrupt:
            sink.leave()
            raise
        stop.result = result  # type: ignore[attr-defined]
        raise


def _close(result: Any, sink: Any, begun: float) -> None:
    result.wall_s = time.perf_counter() - begun
    sink.close(result)
