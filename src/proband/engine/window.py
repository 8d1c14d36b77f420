"""Statistics that compiled code gathers step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from proband.engine.tally import SIZE, Tally, percentile
from proband.model import ModelError
from proband.units import Unit

if TYPE_CHECKING:
    from proband.engine.run import Run


class Window:
    """Statistics of every observed signal since `begin_window`: one value per patient, in the signal's unit.

    `count`: (patients,) steps since then."""

    def __init__(self, run: Run, count: np.ndarray):
        self._run, self.count = run, count

    def _of(self, signal: str, region: str) -> np.ndarray:
        engine = self._run.engine
        return self._run.cells.column(getattr(engine.layout, region) + engine.signal(signal))

    def _sum(self, signal: str, region: str) -> np.ndarray:
        return self._of(signal, region) + self._of(signal, f"{region}_left")

    def _shown(self, signal: str, si: np.ndarray) -> np.ndarray:
        return self.unit(signal).of(si)

    def mean(self, signal: str) -> np.ndarray:
        return self._shown(signal, self._sum(signal, "sum") / np.maximum(self.count, 1))

    def of(self, patient: int) -> dict[str, tuple[float, float, float]]:
        """Mean, least and most of every signal of one patient."""
        engine, lay = self._run.engine, self._run.engine.layout
        count = len(engine.program.outputs)
        column = self._run.cells.of(patient)[0, :, 0].astype(np.float64)
        total, left, low, high = (column[at : at + count] for at in (lay.sum, lay.sum_left, lay.low, lay.high))
        mean = (total + left) / max(int(self.count[patient]), 1)
        units = [output.unit for output in engine.outputs.values()]
        offset, factor = (np.array([getattr(unit, of) for unit in units]) for of in ("offset", "factor"))
        table = (np.array([mean, low, high]) - offset) / factor
        return dict(zip(engine.outputs, map(tuple, table.T.tolist()), strict=True))

    @property
    def tallied(self) -> list[str]:
        """The signals whose percentiles can be asked for."""
        outputs = self._run.engine.program.outputs
        return [outputs[j][0] for j in self._run.engine.plan.tallied]

    def unit(self, signal: str) -> Unit:
        """In which a signal is told."""
        return self._run.engine.outputs[signal].unit

    def tally(self, signal: str) -> Tally:
        """How often the signal had which value. Raises ModelError where that was not asked for (`Engine(…, tally=[…])`)."""
        engine, cells = self._run.engine, self._run.cells
        wanted = engine.signal(signal)
        if wanted not in engine.plan.tallied:
            raise ModelError(f"the values of {signal!r} were not counted in this run; name it in tally=[…].")
        first = engine.layout.tally + SIZE * engine.plan.tallied.index(wanted)
        column = np.array([cells.column(first + i) for i in range(SIZE)], float)
        return Tally(column[0], column[1], column[2:])

    def percentile(self, signal: str, share: float) -> np.ndarray:
        """The value below which the signal was for so many percent of the time; right to a small share of its range."""
        return self._shown(signal, percentile([self.tally(signal)], share))

    def min(self, signal: str) -> np.ndarray:
        return self._shown(signal, self._of(signal, "low"))

    def max(self, signal: str) -> np.ndarray:
        return self._shown(signal, self._of(signal, "high"))

    def range(self, signal: str) -> np.ndarray:
        return self.max(signal) - self.min(signal)

    def last(self, signal: str) -> np.ndarray:
        return self._shown(signal, self._of(signal, "out"))

    def std(self, signal: str) -> np.ndarray:
        n = np.maximum(self.count, 1)
        mean = self._sum(signal, "sum") / n
        spread = self._sum(signal, "square") / n - mean * mean
        return np.sqrt(np.maximum(spread, 0.0)) / self._run.engine.outputs[signal].unit.factor
