"""A patient matched to a published group: a small least squares over few named rows, each within bounds that have a reason.

All trial values of one round, the present ones and one shifted in each row, run side by side as patients of one
cohort, so a round costs hardly more than one simulation. Differences are counted in published spreads. A weak pull
towards the data sheet's own values decides what the numbers leave open. The descent begins at three places at once, since
it ends in the valley in which it began.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from proband.trials.amounts import seconds
from proband.trials.checks import check_command
from proband.trials.conditions import parse_measure
from proband.trials.plan import Plan
from proband.trials.refusal import Refused, at
from proband.trials.result import Fitted
from proband.trials.stretches import Stretch
from proband.units import Quantity, parse_quantity, s

SHIFT = 0.02  # of a row's range, for the differences that tell the slope: well above the jitter of beats in a window
PULL = 0.3  # weight of the pull: a row moved by half its range counts as this share of a published spread
SCATTER = 24  # places that are tried at first, besides the data sheet's own
STARTS = 3  # of them, the data sheet's own and the best, from which the descent begins


def match(plan: Plan, tell: Callable[[Any], None], options: Mapping[str, Any]) -> Fitted:
    """The values that bring the patient nearest to the group. Raises Refused where the question makes no sense."""
    from scipy.optimize import least_squares
    from scipy.stats import qmc

    problem = _Problem(plan, tell, options)
    # A first look at the whole box, so that the descents start in the right valleys.
    seeds = qmc.LatinHypercube(len(problem.rows), rng=np.random.default_rng(plan.trial.seed)).random(SCATTER)
    costs = np.sum(problem.misses(seeds) ** 2, axis=1)
    best = np.argsort(np.where(np.isfinite(costs), costs, np.inf))[: STARTS - 1]

    def descend(begin: np.ndarray) -> tuple[float, np.ndarray, int]:
        """Cost, place and rounds of one descent."""
        cache: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}

        def both(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            if x.tobytes() not in cache:
                cache[x.tobytes()] = problem.with_slopes(x)
            return cache[x.tobytes()]

        found = least_squares(
            lambda x: both(x)[0], np.clip(begin, 0.01, 0.99), jac=lambda x: both(x)[1],  # type: ignore[arg-type]
            bounds=(0.0, 1.0), max_nfev=problem.match.rounds, xtol=1e-3, ftol=1e-3, gtol=1e-6,
        )  # fmt: skip
        return float(found.cost), found.x, len(cache)

    with ThreadPoolExecutor(STARTS) as pool:
        ends = list(pool.map(descend, [problem.own, *seeds[best]]))
    _, place, _ = min(ends, key=lambda end: end[0])
    return problem.told(place, sum(rounds for *_, rounds in ends))


class _Problem:
    """Rows scaled to 0…1 within their bounds; published numbers as differences in spreads."""

    def __init__(self, plan: Plan, tell: Callable[[Any], None], options: Mapping[str, Any]):
        trial, place = plan.trial, plan.trial.place
        assert trial.match is not None
        self.plan, self.match, self.tell, self.rounds = plan, trial.match, tell, 0
        if plan.patients != 1:
            with at(place, ("match",)):
                raise Refused("a match concerns one patient; name one, and leave cohorts to a trial of their own.")
        self.group = plan.groups[0]
        self.body = self.group.bodies[0]
        self.rows, self.full, low, high, own = [], [], [], [], []
        for i, adjusted in enumerate(self.match.adjust):
            with at(place, ("match", "adjust", i)):
                part, row = self.body.row(adjusted.row)
                a, b = (row.accept(parse_quantity(x), adjusted.row) for x in (adjusted.low, adjusted.high))
                if not a < b:
                    raise Refused(
                        f"the bounds of {adjusted.row} go from {adjusted.low} to {adjusted.high}; low must be below high."
                    )
                value = self.body.parts[part].value(row.name)
                if value is None:
                    raise Refused(
                        f"{adjusted.row} is a {row.kind} row without a value of its own; a match cannot move it."
                    )
                self.rows.append(row)
                self.full.append(f"{part}.{row.name}")
                low.append(a)
                high.append(b)
                own.append(np.clip((value - a) / (b - a), 0.0, 1.0))
        self.low, self.high, self.own = np.array(low), np.array(high), np.array(own)
        self.numbers = [p for p in self.match.published if p.role == "match"]
        self.shown = {p.measure: parse_measure(p.measure) for p in self.match.published}
        if not self.numbers:
            with at(place, ("match", "published")):
                raise Refused("every number is only to be compared; a match needs one to match.")
        for name in self.match.set:
            with at(place, ("match", "set", name)):
                check_command(self.body, name)
        from proband.engine import Engine

        told = list(dict.fromkeys(m.signal for m in self.shown.values()))
        tally = [m.signal for m in self.shown.values() if m.percent is not None]
        self.engine = Engine(self.body, observe=told, tally=tally, **options)

    def simulated(self, x: np.ndarray) -> dict[str, np.ndarray]:
        """Every shown measure for each row of x, in SI; NaN for a patient that failed."""
        from proband.engine.settling import hastened
        from proband.trials.runner import Progress

        self.rounds += 1
        doing = f"matching, round {self.rounds}"
        self.tell(Progress(self.rounds - 1, STARTS * self.match.rounds + 2, doing))
        n = len(x)
        values = {
            name: row.unit.of(self.low[k] + x[:, k] * (self.high[k] - self.low[k]))
            for k, (name, row) in enumerate(zip(self.full, self.rows))
        }
        run = self.engine.start(patients=n, values=values, seed=self.plan.trial.seed, numbers=[0] * n)
        for name, value in self.match.set.items():
            if not isinstance(value, str):
                raise Refused(f"match.set.{name} must be a single value.")
            run.command(name, parse_quantity(value))
        with hastened(run):
            run.advance(seconds(self.match.settle) * s)
        run.begin_window()
        run.advance(seconds(self.match.window) * s)
        seen = Stretch.of(run.window(), self.engine.outputs)
        well = np.ones(n, dtype=bool)
        well[[f.patient for f in run.failures]] = False
        found = {}
        for text, measure in self.shown.items():
            unit = self.plan.signals[measure.signal].unit
            found[text] = np.where(well, unit.si(seen.get(measure)), np.nan)
        return found

    def misses(self, x: np.ndarray) -> np.ndarray:
        """(patient, number): differences in published spreads, then the pull of each row."""
        found = self.simulated(x)
        columns = []
        for p in self.numbers:
            unit = self.plan.signals[parse_measure(p.measure).signal].unit
            spread = parse_quantity(p.spread).si - unit.offset if unit.offset else parse_quantity(p.spread).si
            columns.append((found[p.measure] - parse_quantity(p.value).si) / spread)
        return np.column_stack([*columns, PULL * 2 * (x - self.own)])

    def with_slopes(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The misses at x and their slopes, from one run of 1 + rows patients."""
        shift = np.where(x > 0.5, -SHIFT, SHIFT)
        table = self.misses(np.vstack([x, x + np.diag(shift)]))
        # Where a simulation failed, a large miss turns the search away.
        table = np.where(np.isfinite(table), table, 50.0)
        return table[0], ((table[1:] - table[0]) / shift[:, None]).T

    def told(self, x: np.ndarray, rounds: int) -> Fitted:
        values, start = {}, {}
        for k, (name, row) in enumerate(zip(self.full, self.rows)):
            # Five digits: what the report prints is exactly what runs.
            number = row.unit.of(self.low[k] + x[k] * (self.high[k] - self.low[k]))
            a, b = row.unit.of(self.low[k]), row.unit.of(self.high[k])
            values[name] = f"{min(max(float(f'{number:.5g}'), a), b):.12g} {row.unit.symbol}".strip()
            part, _, short = name.rpartition(".")
            start[name] = str(Quantity(self.body.parts[part].value(short) or 0.0, row.unit.dimension, row.unit))
        rounded = np.array(
            [[(parse_quantity(values[n]).si - a) / (b - a) for n, a, b in zip(self.full, self.low, self.high)]]
        )
        found = self.simulated(np.clip(rounded, 0.0, 1.0))
        misses = self._differences(found)
        units = {text: self.plan.signals[m.signal].unit for text, m in self.shown.items()}
        return Fitted(
            values,
            start,
            {text: float(units[text].of(v[0])) for text, v in found.items()},
            {text: u.symbol for text, u in units.items()},
            float(np.sqrt(np.mean(misses**2))),
            rounds,
            {f: a.why for f, a in zip(self.full, self.match.adjust)},
            {f: (a.low, a.high) for f, a in zip(self.full, self.match.adjust)},
            tuple(f for f, share in zip(self.full, rounded[0]) if share < 0.01 or share > 0.99),
        )

    def _differences(self, found: Mapping[str, np.ndarray]) -> np.ndarray:
        return np.array(
            [(found[p.measure][0] - parse_quantity(p.value).si) / parse_quantity(p.spread).si for p in self.numbers]
        )
