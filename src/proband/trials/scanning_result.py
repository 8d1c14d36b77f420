"""What a scan trial gave: the same kind of answer as any trial's, and the scans themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from proband.trials.result import Verdict
from proband.trials.scanning import Number
from proband.trials.scanning_plan import ScanPlan
from proband.units import Unit, parse_quantity

if TYPE_CHECKING:
    from proband.mr.images.image import Image
    from proband.mr.scans.chain import Finished


def unit_of(number: Number) -> Unit:
    """Of a measure; a ratio has none."""
    from proband.mr.scans.quantities import quantity

    symbol = "1" if number.sign == "/" else quantity(number.terms[0][1]).unit
    return _unit(symbol)


def _unit(symbol: str) -> Unit:
    found = parse_quantity("1" if symbol == "1" else f"1 {symbol}")
    return Unit(symbol, found.si, found.dimension)


@dataclass
class ScanResult:
    """Grows while a trial runs. `values` (1, 1, measure) as every result has them, in each measure's unit; NaN where none was taken."""

    plan: ScanPlan
    values: np.ndarray
    scans: dict[str, Finished] = field(default_factory=dict)
    truths: dict[str, Image] = field(default_factory=dict)
    failures: list[Any] = field(default_factory=list)
    status: str = "running"  # complete, interrupted
    finished: int = 0  # scans
    wall_s: float = 0.0
    threads: int = 1
    batches: int = 1
    finished_batches: int = 0
    taken_over: int = 0  # stretches of an earlier run
    kept: bool = True  # whether a run that was stopped left anything to go on with

    @classmethod
    def empty(cls, plan: ScanPlan) -> ScanResult:
        return cls(plan, np.full((1, 1, len(plan.measures)), np.nan))

    @property
    def measures(self) -> list[str]:
        return [m.text for m in self.plan.measures]

    def unit(self, measure: str) -> str:
        """Of a measure, as people write it."""
        return unit_of(Number(measure)).symbol

    def title(self, measure: str) -> str:
        """As the report calls it."""
        return next((m.title for m in self.plan.trial.measures if m.measure == measure and m.title), measure)

    def of(self, measure: str) -> np.ndarray:
        """A measure as (patient, step), here (1, 1)."""
        return self.values[:, :, self.measures.index(measure)]

    def number(self, measure: str) -> float:
        """A measure's number."""
        return float(self.of(measure)[0, 0])

    def verdicts(self) -> list[Verdict]:
        """Every criterion, judged."""
        return [self._judge(c) for c in self.plan.trial.criteria]

    def _judge(self, criterion: Any) -> Verdict:
        unit, value = unit_of(Number(criterion.measure)), self.number(criterion.measure)
        low, high = (
            None if b is None else unit.of(parse_quantity(b).si) for b in (criterion.at_least, criterion.at_most)
        )
        known = bool(np.isfinite(value))
        passed = known and (low is None or value >= low) and (high is None or value <= high)
        return Verdict(
            criterion.measure, unit.symbol, "image", criterion.at_least, criterion.at_most, criterion.why,
            value if known else None, 100.0 * passed, 100.0, passed if known else None,
        )  # fmt: skip
