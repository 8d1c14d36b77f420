"""A number with its unit. Inside everything is SI; the unit is kept only to speak to people."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from typing import Any

BASE = ("m", "kg", "s", "K", "mol", "A", "cd")
NONE = (0,) * len(BASE)


class UnitError(ValueError):
    """Two quantities that cannot meet, or a unit nobody knows. The message is one sentence."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A named scale: `factor` turns a value into SI, `offset` serves temperatures alone."""

    symbol: str
    factor: float
    dimension: tuple[int | float, ...] = NONE
    offset: float = field(default=0.0)

    def __mul__(self, other: Unit | float) -> Unit:
        if isinstance(other, Unit):
            return Unit(_join(self.symbol, "·", other.symbol), self.factor * other.factor, _add(self, other, 1))
        return NotImplemented

    def __rmul__(self, number: float) -> Quantity:
        return Quantity(number * self.factor + self.offset, self.dimension, self)

    def __truediv__(self, other: Unit) -> Unit:
        return Unit(_join(self.symbol, "/", other.symbol), self.factor / other.factor, _add(self, other, -1))

    def __rtruediv__(self, number: float) -> Quantity | Unit:
        if number == 1:
            return Unit(f"1/{self.symbol}", 1 / self.factor, tuple(-d for d in self.dimension))
        return Quantity(number / self.factor, tuple(-d for d in self.dimension))

    def __pow__(self, power: float) -> Unit:
        symbol = f"({self.symbol})" if "^" in self.symbol else _wrapped(self.symbol)
        return Unit(f"{symbol}^{power:g}", self.factor**power, tuple(d * power for d in self.dimension))

    def __str__(self) -> str:
        return self.symbol

    def si(self, number: Any) -> Any:
        """The SI value of a number (or an array of them) in this unit."""
        return number * self.factor + self.offset

    def of(self, si: Any) -> Any:
        """What an SI value (or an array of them) reads in this unit."""
        return (si - self.offset) / self.factor


def _wrapped(symbol: str) -> str:
    return f"({symbol})" if any(c in symbol for c in "·/") else symbol


def _join(left: str, sign: str, right: str) -> str:
    if right == "1":
        return left
    if left == "1" and sign == "·":
        return right
    return f"{left}{sign}{_wrapped(right) if sign == '/' else right}"


def _add(a: Unit, b: Unit, sign: int) -> tuple[int | float, ...]:
    return tuple(x + sign * y for x, y in zip(a.dimension, b.dimension, strict=True))


def _yielding(method):
    """An operator that leaves the word to an operand that knows how to meet quantities (a traced value)."""

    @functools.wraps(method)
    def operator(self, other):
        if getattr(other, "meets_quantities", False):
            return NotImplemented
        return method(self, other)

    return operator


def say_dimension(dimension: tuple[int | float, ...]) -> str:
    """`(−1, 1, −2, …)` as a reader would write it: `kg/(m·s^2)`."""

    def power(name: str, p: float) -> str:
        return name if p == 1 else f"{name}^{p:g}"

    above = [power(n, p) for n, p in zip(BASE, dimension, strict=True) if p > 0]
    below = [power(n, -p) for n, p in zip(BASE, dimension, strict=True) if p < 0]
    top = "·".join(above) or "1"
    if not below:
        return "a plain number" if top == "1" else top
    return f"{top}/{below[0]}" if len(below) == 1 else f"{top}/({'·'.join(below)})"


class Quantity:
    """A physical quantity. Sums need equal dimensions; functions such as exp need a plain number."""

    __slots__ = ("dimension", "si", "unit")

    def __init__(self, si: float, dimension: tuple[int | float, ...] = NONE, unit: Unit | None = None):
        self.si = float(si)
        self.dimension = dimension
        self.unit = unit

    def to(self, unit: Unit) -> float:
        """The number that this quantity reads in `unit`."""
        if unit.dimension != self.dimension:
            raise UnitError(f"{self} cannot be read in {unit}: it is {say_dimension(self.dimension)}.")
        return unit.of(self.si)

    def _meet(self, other: object, doing: str) -> float:
        """The SI value of `other`, which must have this dimension. Zero and infinity have every dimension."""
        if isinstance(other, Quantity):
            if other.dimension == self.dimension or other.si == 0 or math.isinf(other.si) or self.si == 0:
                return other.si
            raise UnitError(
                f"cannot {doing} {say_dimension(self.dimension)} and {say_dimension(other.dimension)} ({self} with {other})."
            )
        number = float(other)  # type: ignore[arg-type]
        if self.dimension == NONE or number == 0 or math.isinf(number):
            return number
        raise UnitError(f"cannot {doing} {say_dimension(self.dimension)} and the plain number {number:g}.")

    def _wider(self, other: object) -> tuple[int | float, ...]:
        if isinstance(other, Quantity) and self.si == 0 and self.dimension == NONE:
            return other.dimension
        return self.dimension

    @_yielding
    def __add__(self, other):
        return Quantity(self.si + self._meet(other, "add"), self._wider(other))

    __radd__ = __add__

    @_yielding
    def __sub__(self, other):
        return Quantity(self.si - self._meet(other, "subtract"), self._wider(other))

    def __rsub__(self, other):
        return Quantity(self._meet(other, "subtract") - self.si, self._wider(other))

    @_yielding
    def __mul__(self, other):
        if isinstance(other, Unit):
            other = 1.0 * other
        if isinstance(other, Quantity):
            return Quantity(
                self.si * other.si, tuple(a + b for a, b in zip(self.dimension, other.dimension, strict=True))
            )
        return Quantity(self.si * float(other), self.dimension)

    __rmul__ = __mul__

    @_yielding
    def __truediv__(self, other):
        if isinstance(other, Unit):
            other = 1.0 * other
        if isinstance(other, Quantity):
            dimension = tuple(a - b for a, b in zip(self.dimension, other.dimension, strict=True))
            return Quantity(self.si / other.si if other.si else math.nan, dimension)
        return Quantity(self.si / float(other), self.dimension)

    def __rtruediv__(self, other):
        return Quantity(float(other)) / self

    def __pow__(self, power):
        if isinstance(power, Quantity):
            power = power._plain("raise to the power of")
        return Quantity(_power(self.si, power), tuple(d * power for d in self.dimension))

    def __rpow__(self, base):
        return Quantity(base ** self._plain("raise to the power of"))

    def __neg__(self):
        return Quantity(-self.si, self.dimension)

    def __pos__(self):
        return self

    def __abs__(self):
        return Quantity(abs(self.si), self.dimension)

    @_yielding
    def __lt__(self, other):
        return self.si < self._meet(other, "compare")

    @_yielding
    def __le__(self, other):
        return self.si <= self._meet(other, "compare")

    @_yielding
    def __gt__(self, other):
        return self.si > self._meet(other, "compare")

    @_yielding
    def __ge__(self, other):
        return self.si >= self._meet(other, "compare")

    def __eq__(self, other):
        if not isinstance(other, (Quantity, int, float)):
            return NotImplemented
        return self.si == self._meet(other, "compare")

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash((self.si, self.dimension))

    def __float__(self):
        return self._plain("use as a plain number")

    def _plain(self, doing: str) -> float:
        if self.dimension != NONE:
            raise UnitError(f"cannot {doing} {say_dimension(self.dimension)} ({self}): a plain number is needed.")
        return self.si

    def apply(self, name: str, function) -> Quantity:
        """`function` of this plain number (exp, log, sin, …); the square root halves the dimension."""
        if name == "sqrt":
            return Quantity(_power(self.si, 0.5), tuple(d / 2 for d in self.dimension))
        if name in ("floor",):
            return Quantity(function(self.si), self.dimension)
        return Quantity(function(self._plain(f"take the {name} of")))

    def choose(self, other: object, take_other: bool) -> Quantity:
        """One of two quantities that must have the same dimension."""
        si = self._meet(other, "choose between")
        return Quantity(si if take_other else self.si, self._wider(other))

    def __repr__(self):
        if self.unit is not None:
            return f"{self.unit.of(self.si):.6g} {self.unit}".removesuffix(" 1")
        return f"{self.si:.6g} {say_dimension(self.dimension)}" if self.dimension != NONE else f"{self.si:.6g}"

    __str__ = __repr__

    def __reduce__(self):
        return (Quantity, (self.si, self.dimension, self.unit))


def _power(base: float, power: float) -> float:
    try:
        return float(base**power) if base >= 0 or float(power).is_integer() else math.nan
    except (OverflowError, ZeroDivisionError):
        return math.nan
