"""Ctrl-C and the signal to end: an exception where it is heard, and remembered where it is swallowed on its way."""

from __future__ import annotations

import signal

_stops: list[int] = []  # signals that asked to stop


def listen() -> None:
    """From here on both signals stop what runs."""
    _stops.clear()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def stop(number: int, _: object) -> None:
    """What a signal does."""
    _stops.append(number)
    raise KeyboardInterrupt


def heed() -> None:
    """Stop where an interruption was swallowed on its way, as in a callback from compiled code."""
    if _stops:
        _stops.clear()
        raise KeyboardInterrupt
