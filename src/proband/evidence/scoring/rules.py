"""What is green, yellow and red, and which rows may count at all."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from proband.evidence.scoring.published import CONFIDENCE, KINDS, MEASURED, ROLES, SIGN, SPREADS, Published
from proband.units import UnitError, parse_unit

VERDICTS = ("green", "yellow", "red")
SHARE_GREEN = 0.10
SHARE_YELLOW = 0.30
# Below these nobody measures. Indexed quantities: for a body of 2 m².
FLOORS = {"mmHg": 3.0, "1/min": 3.0, "mL": 5.0, "L/min": 0.3, "%": 2.0, "mL/m^2": 2.5, "L/min/m^2": 0.15}
DIRECTIONS_AT_MOST = 0.20


def tolerance(row: Published) -> float:
    """How far a green row may lie off: the largest of 10 %, the spread of the mean, and the floor of its unit."""
    return max(SHARE_GREEN * abs(row.value), row.spread_of_mean or 0.0, FLOORS.get(row.unit, 0.0))


def verdict(row: Published, simulated: float) -> str:
    """One of `VERDICTS`. A number that is none is red."""
    if not math.isfinite(simulated):
        return "red"
    if row.unit == SIGN:
        return "green" if simulated == row.value else "red"
    off = abs(simulated - row.value) * (1 - 1e-12)
    if off <= tolerance(row):
        return "green"
    return "yellow" if off <= SHARE_YELLOW * abs(row.value) else "red"


def direction(change: float, least: float = 0.0) -> float:
    """The sign of a change; 0 where it is smaller than `least`, which is how a study says that nothing changed."""
    if not math.isfinite(change):
        return math.nan
    return 0.0 if abs(change) < least else math.copysign(1.0, change)


def moved(before: float, after: float, unit: str) -> float:
    """The direction from `before` to `after`; 0 where they agree as closely as a green number agrees with a published one."""
    return direction(after - before, max(SHARE_GREEN * abs(before), FLOORS.get(unit, 0.0)))


def faults(rows: Iterable[Published]) -> list[str]:
    """What is wrong with a table of rows, one sentence each; nothing where all is well."""
    rows = list(rows)
    found = [f"{i} stands {n} times; an id stands once." for i, n in Counter(r.id for r in rows).items() if n > 1]
    for row in rows:
        found += [f"{row.id}: {what}" for what in _faults_of(row)]
    counting = [r for r in rows if r.counts]
    signs = sum(r.is_direction for r in counting)
    if counting and signs > DIRECTIONS_AT_MOST * len(counting):
        found.append(
            f"{signs} of {len(counting)} validation rows are only a direction; at most {DIRECTIONS_AT_MOST:.0%} may be."
        )
    return found


def _faults_of(row: Published) -> list[str]:
    found = []
    for name, value, legal in (
        ("role", row.role, ROLES), ("kind", row.kind, KINDS), ("confidence", row.confidence, CONFIDENCE), ("spread_is", row.spread_is, SPREADS),
    ):  # fmt: skip
        if value not in legal:
            found.append(f"{name} is {value!r}; it must be one of {', '.join(legal)}.")
    if row.unit == SIGN and row.value not in (-1, 0, 1):
        found.append("a direction is −1, 0 or 1.")
    if row.unit != SIGN:
        try:
            parse_unit(row.unit)
        except UnitError as problem:
            found.append(str(problem))
    for name in ("id", "study", "quantity", "conditions", "source"):
        if not getattr(row, name):
            found.append(f"{name} is empty.")
    if row.counts and row.kind not in MEASURED:
        found.append(f"a {row.kind} row is never validation.")
    if row.counts and row.confidence != "read" and not row.is_direction:
        found.append("a number from memory counts as a direction only.")
    if row.spread is not None and not row.spread_is:
        found.append("spread_is says of what the spread is: sd, sem, half_range or unstated.")
    return found
