"""A curve read backwards, for plain numbers: data and tests."""

from __future__ import annotations

from collections.abc import Callable


def reached(rising: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """Where a rising function reaches what is wanted, between low and high: found by halving, to the last bit."""
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return low
