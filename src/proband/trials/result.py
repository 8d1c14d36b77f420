"""What a trial gives: measures of every patient and step, events, traces, failures and verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proband.trials.conditions import Measure, parse_measure
from proband.trials.plan import Plan
from proband.trials.steps import steps_named
from proband.units import parse_quantity


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of events.csv: an alarm that began or ended, a beat, the end of a step for a patient."""

    patient: int  # from 1
    time_s: float
    part: str
    event: str
    priority: str


@dataclass(frozen=True)
class Failed:
    """A patient whose simulation left the physical range; it is frozen from there, the others go on."""

    patient: int  # from 1
    time_s: float
    part: str
    line: int  # of the component's file; 0 where it is not one line's doing
    message: str
    step: int  # number; 0 while settling

    def __str__(self) -> str:
        when = f"step {self.step}" if self.step else "settling"
        return f"patient {self.patient} failed at {self.time_s:.3f} s ({when}): {self.message}"


@dataclass(frozen=True)
class Recorded:
    """Signals over the last part of one step, for the patients of one group."""

    step: int
    patients: np.ndarray  # from 0
    time_s: np.ndarray
    signals: Mapping[str, np.ndarray]  # (patients, frames)


@dataclass(frozen=True)
class Verdict:
    """A criterion with the number beside its bound."""

    measure: str
    unit: str
    step: str
    at_least: str | None
    at_most: str | None
    why: str
    worst: float | None  # the number nearest to failing, or furthest beyond
    within: float  # percentage of patients within the bounds
    needed: float
    passed: bool | None  # None: nothing was measured


@dataclass(frozen=True)
class Fitted:
    """What a match found: each row's value, and each published number beside the simulated one."""

    values: Mapping[str, str]  # part.row → text
    start: Mapping[str, str]
    simulated: Mapping[str, float]  # measure → number in its unit
    units: Mapping[str, str]
    misfit: float  # root mean square of the differences, in published spreads
    rounds: int
    why: Mapping[str, str] = field(default_factory=dict)
    bounds: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    at_bound: tuple[str, ...] = ()


@dataclass
class Result:
    """Grows while a trial runs. Measures are (patient, step, measure), in each measure's unit; NaN where none was taken."""

    plan: Plan
    values: np.ndarray
    met: np.ndarray  # (patient, step): when `until` was met, in s; NaN where it was not
    times: np.ndarray  # (step, 2): start and end, in s
    events: list[Happening] = field(default_factory=list)
    failures: list[Failed] = field(default_factory=list)
    traces: list[Recorded] = field(default_factory=list)
    engines: list[dict[str, Any]] = field(default_factory=list)
    fitted: Fitted | None = None
    status: str = "running"  # complete, interrupted, failed
    finished: int = 0  # steps that every patient has behind it
    wall_s: float = 0.0
    batches: int = 1  # that the patients ran in
    finished_batches: int = 0
    taken_over: int = 0  # of these, from an earlier run that was stopped

    @classmethod
    def empty(cls, plan: Plan) -> Result:
        n, steps = plan.patients, len(plan.steps)
        return cls(
            plan,
            np.full((n, steps, len(plan.measures)), np.nan),
            np.full((n, steps), np.nan),
            np.full((steps, 2), np.nan),
        )

    @property
    def measures(self) -> list[str]:
        return [str(m) for m in self.plan.measures]

    def unit(self, measure: str | Measure) -> str:
        """Of a measure, as people write it."""
        m = parse_measure(measure) if isinstance(measure, str) else measure
        return self.plan.signals[m.signal].unit.symbol

    def title(self, measure: str) -> str:
        """As the report calls it."""
        for m in self.plan.trial.measures:
            if m.measure == measure and m.title:
                return m.title
        return measure

    def of(self, measure: str) -> np.ndarray:
        """A measure as (patient, step)."""
        return self.values[:, :, self.measures.index(measure)]

    def step(self, which: int | str) -> np.ndarray:
        """The measures of one step as (patient, measure)."""
        return self.values[:, steps_named(self.plan.steps, which)[0].number - 1]

    def verdicts(self) -> list[Verdict]:
        """Every criterion, judged."""
        return [self._judge(c) for c in self.plan.trial.criteria]

    def _judge(self, criterion: Any) -> Verdict:
        steps = [s.number - 1 for s in steps_named(self.plan.steps, criterion.step)]
        numbers = self.of(criterion.measure)[:, steps]
        unit = self.plan.signals[parse_measure(criterion.measure).signal].unit
        low, high = (
            None if b is None else unit.of(parse_quantity(b).si) for b in (criterion.at_least, criterion.at_most)
        )
        said = str(criterion.step)
        if not np.isfinite(numbers).any():
            return Verdict(
                criterion.measure,
                unit.symbol,
                said,
                criterion.at_least,
                criterion.at_most,
                criterion.why,
                None,
                0.0,
                criterion.patients,
                None,
            )
        margin = np.full(numbers.shape, np.inf)
        if low is not None:
            margin = np.minimum(margin, numbers - low)
        if high is not None:
            margin = np.minimum(margin, high - numbers)
        judged = np.isfinite(numbers)
        margin = np.where(judged, margin, np.inf)
        # A patient that failed on the way is not within any bound.
        inside = (margin >= 0).all(axis=1) & judged.any(axis=1) & ~self._failed()
        within = 100.0 * float(inside.mean())
        worst = float(numbers.flat[int(np.argmin(margin))])
        return Verdict(
            criterion.measure, unit.symbol, said, criterion.at_least, criterion.at_most, criterion.why,
            worst, within, criterion.patients, within >= criterion.patients - 1e-9,
        )  # fmt: skip

    def _failed(self) -> np.ndarray:
        failed = np.zeros(self.plan.patients, dtype=bool)
        failed[[f.patient - 1 for f in self.failures]] = True
        return failed
