"""The rows of a component's table: value, unit, meaning, source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from proband.units import NONE_DIMENSION, Quantity, Unit, s


class ModelError(ValueError):
    """A model that cannot be: one sentence with part, row and what would have been right."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a component's table."""

    kind: str  # end, state, param, command, reads, memory, content
    unit: Unit
    meaning: str
    value: float | None = None  # in SI; None where nothing is given
    source: str = ""
    low: float | None = None  # physical range, in SI
    high: float | None = None
    delay: float = 0.0  # of a signal that is read late, in s
    name: str = ""
    names: tuple[tuple[str, float], ...] = ()  # of a command that chooses: what may be chosen, and its number

    def named(self, name: str) -> Row:
        return replace(self, name=name)

    def shown(self) -> str:
        """The value as people write it."""
        return "" if self.value is None else f"{self.unit.of(self.value):.6g}"

    def accept(self, quantity: object, where: str) -> float:
        """The SI value of what someone gives for this row. Raises ModelError."""
        if isinstance(quantity, str) and self.names:
            chosen = dict(self.names).get(quantity)
            if chosen is None:
                raise ModelError(f"{where} cannot be {quantity!r}; choose {', '.join(n for n, _ in self.names)}.")
            return chosen
        if isinstance(quantity, Quantity):
            if quantity.dimension != self.unit.dimension:
                raise ModelError(f"{where} is given as {quantity}, but its unit is {self.unit} ({self.meaning}).")
            si = quantity.si
        elif isinstance(quantity, (int, float)) and self.unit.dimension == NONE_DIMENSION:
            si = float(quantity)
        else:
            raise ModelError(f"{where} {self._unreadable(quantity)}.")
        if not (si == si):
            raise ModelError(f"{where} is not a number; give it in {self.unit}.")
        low = -float("inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        if not low <= si <= high:
            own = "" if self.unit.symbol == "1" else f" {self.unit}"
            raise ModelError(
                f"{where} = {self.unit.of(si):g}{own} is outside its range "
                f"{self.unit.of(low):g} to {self.unit.of(high):g}{own} ({self.meaning})."
            )
        return si

    def _unreadable(self, given: object) -> str:
        """Why what is given cannot be a value of this row, and what could."""
        plain = self.unit.dimension == NONE_DIMENSION
        if isinstance(given, (int, float)):
            return f"is given as {given!r} without a unit; write it in {self.unit}"
        wanted = "a number" if plain and self.unit.symbol == "1" else f"a number in {self.unit}"
        return f"is given as {given!r}, which is no number; write {wanted} ({self.meaning})"


def _range(unit: Unit, low: float | None, high: float | None) -> dict[str, Any]:
    return {"low": None if low is None else unit.si(low), "high": None if high is None else unit.si(high)}


def end(unit: Unit, meaning: str) -> Any:
    """The pressure in the compartment where a path or membrane ends."""
    return Row("end", unit, meaning)


def state(value: float, unit: Unit, meaning: str) -> Any:
    """What the part remembers continuously; the equations give its derivative as `d_<name>`."""
    return Row("state", unit, meaning, unit.si(value))


def memory(value: float, unit: Unit, meaning: str) -> Any:
    """What a sampled part keeps from one sample to the next; the body gives `next_<name>`."""
    return Row("memory", unit, meaning, unit.si(float(value)))


def param(
    value: float, unit: Unit, meaning: str, source: str, low: float | None = None, high: float | None = None
) -> Any:
    """A constant of the part. `source` is a citation, or "assumed: why". A time is never below zero, unless `low` says so."""
    if not source or not source.strip():
        raise ModelError(f"the parameter that means {meaning!r} has no source; cite one or write 'assumed: why'.")
    if low is None and unit.dimension == s.dimension and value >= 0:
        low = 0.0
    return Row("param", unit, meaning, unit.si(value), source, **_range(unit, low, high))


def command(
    value: float,
    unit: Unit,
    meaning: str,
    low: float | None = None,
    high: float | None = None,
    names: Mapping[str, float] | None = None,
) -> Any:
    """What a person or a controller may set while the part runs. `names` lists what can be chosen, by name."""
    return Row("command", unit, meaning, unit.si(value), names=tuple((names or {}).items()), **_range(unit, low, high))


def reads(unit: Unit, meaning: str, otherwise: float | None = None, delay: Quantity | None = None) -> Any:
    """A signal of another part; `otherwise` is its value where nothing is connected.

    In a sampled part the signal may be read `delay` late (a ring buffer that travels with a snapshot)."""
    late = 0.0 if delay is None else delay.to(s)
    return Row("reads", unit, meaning, None if otherwise is None else unit.si(otherwise), delay=late)


def content(unit: Unit, meaning: str) -> Any:
    """The concentration of the part's substance in the compartment at that end."""
    return Row("content", unit, meaning)


# What a body of equations hands back ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ramp:
    """A sampled value that goes on at a known rate until the next sample."""

    value: Any
    rate: Any
    unit: Unit
    meaning: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm condition after IEC 60601-1-8: on once the condition has held for `delay`; a latched one stays on."""

    condition: Any
    priority: str  # high, medium, low, or event for what is only noted
    meaning: str
    delay: float = 0.0
    latch: bool = False


def ramp(value: Any, rate: Any, unit: Unit, meaning: str) -> Ramp:
    """Output of a sampled part that rises at `rate` between samples (a clock, a position)."""
    return Ramp(value, rate, unit, meaning)


PRIORITIES = ("high", "medium", "low", "event")


def alarm(condition: Any, priority: str, meaning: str, delay: Quantity | None = None, latch: bool = False) -> Alarm:
    """An alarm of a sampled part, by priority `high`, `medium` or `low`."""
    if priority not in PRIORITIES:
        raise ModelError(f"the alarm {meaning!r} has priority {priority!r}; it must be one of {', '.join(PRIORITIES)}.")
    return Alarm(condition, priority, meaning, 0.0 if delay is None else delay.to(s), latch)


def event(condition: Any, meaning: str) -> Alarm:
    """Something worth a line in the log each time it begins (a beat, a suction event)."""
    return Alarm(condition, "event", meaning)


def gives(**outputs: Any) -> Mapping[str, Any]:
    """The results of a body of equations.

    `d_x` is the rate of state x, `next_x` the next value of memory x; anything else is an output:
    `(value, unit, meaning)`, or bare for the usual ones (pressure, flow)."""
    return outputs


USUAL_OUTPUTS: dict[str, tuple[str, str]] = {
    "pressure": ("mmHg", "pressure in the compartment"),
    "flow": ("L/min", "flow from the first end to the second"),
    "rate": ("mmol/s", "amount moved or made each second"),
}
