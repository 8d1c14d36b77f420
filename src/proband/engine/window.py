"""Statistics that compiled code gathers step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from proband.engine.run import Run


class Window:
    """Statistics of every observed signal since `begin_window`: one value per patient, in the signal's unit."""

    def __init__(self, run: Run, count: int):
        self._run, self.count = run, count

    def _of(self, signal: str, region: str) -> np.ndarray:
        engine = self._run.engine
        return self._run.cells.column(getattr(engine.layout, region) + engine.signal(signal))

    def _sum(self, signal: str, region: str) -> np.ndarray:
        return self._of(signal, region) + self._of(signal, f"{region}_left")

    def _shown(self, signal: str, si: np.ndarray) -> np.ndarray:
        return self._run.engine.outputs[signal].unit.of(si)

    def mean(self, signal: str) -> np.ndarray:
        return self._shown(signal, self._sum(signal, "sum") / max(self.count, 1))

    def min(self, signal: str) -> np.ndarray:
        return self._shown(signal, self._of(signal, "low"))

    def max(self, signal: str) -> np.ndarray:
        return self._shown(signal, self._of(signal, "high"))

    def range(self, signal: str) -> np.ndarray:
        return self.max(signal) - self.min(signal)

    def last(self, signal: str) -> np.ndarray:
        return self._shown(signal, self._of(signal, "out"))

    def std(self, signal: str) -> np.ndarray:
        n = max(self.count, 1)
        mean = self._sum(signal, "sum") / n
        spread = self._sum(signal, "square") / n - mean * mean
        return np.sqrt(np.maximum(spread, 0.0)) / self._run.engine.outputs[signal].unit.factor
