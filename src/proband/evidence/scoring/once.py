"""Work that several studies ask for, and that is done once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from threading import Lock
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def once(work: Callable[P, T]) -> Callable[P, T]:
    """Done once for the same arguments, also where studies beside each other ask at the same time."""
    kept, lock = cache(work), Lock()

    @wraps(work)
    def told(*args: P.args, **named: P.kwargs) -> T:
        with lock:
            return kept(*args, **named)

    return told
