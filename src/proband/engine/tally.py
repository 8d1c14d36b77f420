"""How often a signal had which value: a histogram whose bins grow with the signal's range, and the percentiles in it.

Of every tallied signal a patient keeps the lower edge of the first bin, the width of all, and `BINS` counts. The bins begin
far finer than any signal varies. A value beyond them makes two into one, until it is inside; so the range need not be known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 512
SIZE = BINS + 2  # lower edge, width, counts
FINEST = 2.0**-20  # width of the first bins, as a share of the first value
LEAST = 1e-12  # or of this, where the first value is smaller
HALVINGS = 60  # of the interval in which a percentile is sought: to the last bit


def count(b: list, first: int, x: float) -> None:
    """Count a value into the tally that begins at slot `first`: what compiled code does, in plain Python."""
    if not math.isfinite(x):
        return
    if b[first + 1] == 0:
        b[first + 1] = max(abs(x), LEAST) * FINEST
        b[first] = x - b[first + 1] * (BINS / 2)
    counts = slice(first + 2, first + SIZE)
    while True:
        place = (x - b[first]) / b[first + 1]
        if 0 <= place < BINS:
            b[first + 2 + int(place)] += 1
            return
        pairs = [m + n for m, n in zip(b[counts][0::2], b[counts][1::2], strict=True)]
        empty = [0.0] * (BINS // 2)
        if place < 0:
            b[first] -= BINS * b[first + 1]
        b[counts] = empty + pairs if place < 0 else pairs + empty
        b[first + 1] *= 2


@dataclass(frozen=True)
class Tally:
    """The counts of one signal over a stretch of time, by patient. SI."""

    low: np.ndarray  # (patients,): lower edge of the first bin
    width: np.ndarray  # (patients,); 0 where nothing was counted
    counts: np.ndarray  # (BINS, patients)

    def below(self, x: np.ndarray) -> np.ndarray:
        """How many values lay below x, as if they were spread evenly within their bin."""
        with np.errstate(divide="ignore", invalid="ignore"):
            place = np.where(self.width > 0, (x - self.low) / self.width, 0.0)
        place = np.clip(place, 0.0, BINS)
        whole = np.minimum(place.astype(int), BINS - 1)
        upto = np.vstack([np.zeros_like(self.low), np.cumsum(self.counts, axis=0)])
        patients = np.arange(len(x))
        return upto[whole, patients] + (place - whole) * self.counts[whole, patients]


def percentile(tallies: Sequence[Tally], share: float) -> np.ndarray:
    """The value below which a signal was for so many percent of several stretches together, by patient.

    Right to a bin: at most 1/128 of the signal's range, mostly far less."""
    total = np.sum([t.counts.sum(axis=0) for t in tallies], axis=0)
    counted = [np.where(t.width > 0, t.low, np.inf) for t in tallies]
    ends = [np.where(t.width > 0, t.low + BINS * t.width, -np.inf) for t in tallies]
    low, high = np.min(counted, axis=0), np.max(ends, axis=0)
    none = total == 0
    low, high = np.where(none, 0.0, low), np.where(none, 0.0, high)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        reached = np.sum([t.below(middle) for t in tallies], axis=0) >= share / 100 * total
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.where(none, np.nan, high)
