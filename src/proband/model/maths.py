"""Functions that equations may use. Each works on numbers, on quantities and on traced values."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from proband.units import Quantity


def _guarded(function):
    """A function of `math` that goes to infinity or to no number, as compiled code does, instead of raising."""

    def call(x):
        try:
            return float(function(x))
        except (OverflowError, ValueError):
            if function is math.exp:
                return math.inf
            if function is math.log and x == 0:
                return -math.inf
            return float(x) if function is math.floor else math.nan

    return call


PLAIN = {name: _guarded(getattr(math, name)) for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "floor")}


def _unary(name: str):
    plain = PLAIN[name]

    def function(x):
        return plain(x) if isinstance(x, (int, float)) else x.apply(name, plain)

    function.__name__ = name
    function.__doc__ = f"The {name} of x."
    return function


exp, log, sqrt, sin, cos, tanh, floor = (_unary(name) for name in PLAIN)


def where(condition, then, otherwise):
    """`then` where the condition holds, else `otherwise`; both are computed."""
    if isinstance(then, Dual) or isinstance(otherwise, Dual):
        then, otherwise = Dual._of(then), Dual._of(otherwise)
        slopes = [0 * d.value if d.slope is None else d.slope for d in (then, otherwise)]
        return Dual(where(condition, then.value, otherwise.value), where(condition, *slopes))
    if hasattr(condition, "select"):
        return condition.select(then, otherwise)
    if isinstance(then, Quantity):
        return then.choose(otherwise, take_other=not condition)
    if isinstance(otherwise, Quantity):
        return otherwise.choose(then, take_other=bool(condition))
    return then if condition else otherwise


def minimum(a, b):
    """The smaller of two values."""
    return where(a < b, a, b)


def maximum(a, b):
    """The larger of two values."""
    return where(a > b, a, b)


def limited(x, low, high):
    """x, kept between low and high."""
    return minimum(maximum(x, low), high)


def absolute(x):
    """The size of x, whatever its sign."""
    return abs(x)


def positive(x):
    """x where it is positive, else zero."""
    return where(x > 0, x, 0 * x)


def both(a, b):
    """Whether a and b hold (ordinary `and`, also for traced values)."""
    if hasattr(a, "logical_and"):
        return a.logical_and(b)
    if hasattr(b, "logical_and"):
        return b.logical_and(a)
    return bool(a) and bool(b)


def either(a, b):
    """Whether a or b holds."""
    if hasattr(a, "logical_or"):
        return a.logical_or(b)
    if hasattr(b, "logical_or"):
        return b.logical_or(a)
    return bool(a) or bool(b)


def negation(a):
    """Whether a does not hold."""
    return a.logical_not() if hasattr(a, "logical_not") else not a


def wrapped(x, period):
    """x folded into the interval from 0 to period."""
    return x - period * floor(x / period)


class Dual:
    """A value and its slope: arithmetic that carries an exact derivative along. Serves `solve`."""

    __slots__ = ("slope", "value")
    meets_quantities = True

    def __init__(self, value, slope):
        self.value, self.slope = value, slope

    @staticmethod
    def _of(x) -> Dual:
        return x if isinstance(x, Dual) else Dual(x, None)

    @staticmethod
    def _sum(a, b, sign=1):
        if b is None:
            return a
        if a is None:
            return b if sign > 0 else -b
        return a + b if sign > 0 else a - b

    @staticmethod
    def _times(slope, factor):
        return None if slope is None else slope * factor

    def __add__(self, other):
        other = self._of(other)
        return Dual(self.value + other.value, self._sum(self.slope, other.slope))

    __radd__ = __add__

    def __sub__(self, other):
        other = self._of(other)
        return Dual(self.value - other.value, self._sum(self.slope, other.slope, -1))

    def __rsub__(self, other):
        return self._of(other) - self

    def __mul__(self, other):
        other = self._of(other)
        slope = self._sum(self._times(self.slope, other.value), self._times(other.slope, self.value))
        return Dual(self.value * other.value, slope)

    __rmul__ = __mul__

    def __truediv__(self, other):
        other = self._of(other)
        ratio = self.value / other.value
        top = self._sum(self.slope, self._times(other.slope, ratio), -1)
        return Dual(ratio, None if top is None else top / other.value)

    def __rtruediv__(self, other):
        return self._of(other) / self

    def __neg__(self):
        return Dual(-self.value, None if self.slope is None else -self.slope)

    def __pow__(self, power):
        return Dual(self.value**power, self._times(self.slope, power * self.value ** (power - 1)))

    def __lt__(self, other):
        return self.value < self._of(other).value

    def __gt__(self, other):
        return self.value > self._of(other).value

    def __le__(self, other):
        return self.value <= self._of(other).value

    def __ge__(self, other):
        return self.value >= self._of(other).value

    def __eq__(self, other):
        return self.value == self._of(other).value

    __hash__ = None  # type: ignore[assignment]

    def __abs__(self):
        return where(self < 0, -self, self)

    def apply(self, name, plain):
        x = self.value
        value = plain(x) if isinstance(x, (int, float)) else x.apply(name, plain)
        slopes = {
            "exp": lambda: value,
            "log": lambda: 1 / x,
            "sqrt": lambda: 0.5 / value,
            "sin": lambda: cos(x),
            "cos": lambda: -sin(x),
            "tanh": lambda: 1 - value * value,
        }
        return Dual(value, self._times(self.slope, slopes[name]()))


def solve(equation, guess, steps: int = 3):
    """The root of `equation(x) = 0` after a fixed count of Newton steps with the exact derivative.

    A fixed count keeps every lane, every target and every replay at the same bits."""
    x = guess
    for _ in range(steps):
        at = equation(Dual(x, 1.0))
        x = x - at.value / at.slope
    return x


# Set by the engine while it traces a part. Each thread has its own, since several bodies may be traced side by side.
random_source: ContextVar[Callable[[], Any] | None] = ContextVar("random numbers", default=None)


def random_uniform():
    """A number from 0 to 1 for this sample: the same for the same seed, patient, part and sample. Sampled parts only."""
    source = random_source.get()
    return 0.5 if source is None else source()
