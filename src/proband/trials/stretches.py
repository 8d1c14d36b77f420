"""Statistics of all signals over a stretch of time; neighbours join into longer ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from proband.trials.conditions import Measure
from proband.units import Unit

if TYPE_CHECKING:
    from proband.engine.tally import Tally


@dataclass
class Stretch:
    """Statistics of all signals over one stretch of time; neighbours join into longer ones."""

    count: float
    mean: dict[str, np.ndarray]
    min: dict[str, np.ndarray]
    max: dict[str, np.ndarray]
    last: dict[str, np.ndarray]
    std: dict[str, np.ndarray]
    tallies: dict[str, tuple[Tally, ...]]  # of signals whose percentiles are asked for
    units: dict[str, Unit]  # of these

    @classmethod
    def of(cls, window: Any, names: Iterable[str]) -> Stretch:
        names = list(names)
        kinds = {
            k: {n: np.array(getattr(window, k)(n), dtype=float) for n in names}
            for k in ("mean", "min", "max", "last", "std")
        }
        tallied = [n for n in window.tallied if n in names]
        tallies = {n: (window.tally(n),) for n in tallied}
        return cls(float(np.max(window.count)), **kinds, tallies=tallies, units={n: window.unit(n) for n in tallied})

    def joined(self, after: Stretch) -> Stretch:
        total = self.count + after.count
        a, b = self.count / total, after.count / total
        mean = {n: a * self.mean[n] + b * after.mean[n] for n in self.mean}
        square = {
            n: a * (self.std[n] ** 2 + self.mean[n] ** 2) + b * (after.std[n] ** 2 + after.mean[n] ** 2)
            for n in self.mean
        }
        return Stretch(
            total,
            mean,
            {n: np.minimum(v, after.min[n]) for n, v in self.min.items()},
            {n: np.maximum(v, after.max[n]) for n, v in self.max.items()},
            after.last,
            {n: np.sqrt(np.maximum(square[n] - mean[n] ** 2, 0.0)) for n in mean},
            {n: tallies + after.tallies[n] for n, tallies in self.tallies.items()},
            self.units,
        )

    def get(self, measure: Measure) -> np.ndarray:
        if measure.percent is not None:
            from proband.engine.tally import percentile

            return self.units[measure.signal].of(percentile(self.tallies[measure.signal], measure.percent))
        if measure.statistic == "range":
            return self.max[measure.signal] - self.min[measure.signal]
        return getattr(self, measure.statistic)[measure.signal]


def joined(slices: Iterable[Stretch]) -> Stretch:
    first, *others = slices
    for other in others:
        first = first.joined(other)
    return first
