"""Ctrl-C and the signal to end: an exception where it is heard, and remembered where it is swallowed on its way."""

from __future__ import annotations

import signal
import threading
from types import FrameType

AGAIN_S = 0.05  # after which a stop that came at a bad moment is tried again
_stops: list[int] = []  # signals that asked to stop


def listen() -> None:
    """From here on both signals stop what runs."""
    _stops.clear()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def stop(number: int, frame: FrameType | None) -> None:
    """What a signal does. A module that is being imported is finished first: half of it would spoil what is written next."""
    _stops.append(number)
    if _importing(frame):
        later = threading.Timer(AGAIN_S, signal.raise_signal, (number,))
        later.daemon = True
        later.start()
        return
    raise KeyboardInterrupt


def _importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def heed() -> None:
    """Stop where an interruption was swallowed on its way, as in a callback from compiled code."""
    if _stops:
        _stops.clear()
        raise KeyboardInterrupt
