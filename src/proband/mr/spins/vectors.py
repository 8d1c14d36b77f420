"""A small writer of LLVM IR for arithmetic on many spins at once: vectors of numbers, loops, and short series."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np


class Writer:
    """The text of one function. `T` is the solver's number (float or double) on `L` lanes, `D` double on as many."""

    def __init__(self, number: str, lanes: int):
        self.number, self.L = number, lanes
        self.T, self.D, self.B = f"<{lanes} x {number}>", f"<{lanes} x double>", f"<{lanes} x i1>"
        self.bytes = 4 if number == "float" else 8
        self.bits = 8 * self.bytes
        self.entry: list[str] = []
        self.lines: list[str] = []
        self.count = 0

    # plain text ---------------------------------------------------------------------------------------------------
    def let(self, what: str) -> str:
        self.count += 1
        self.lines.append(f"  %v{self.count} = {what}")
        return f"%v{self.count}"

    def do(self, what: str) -> None:
        self.lines.append(f"  {what}")

    def label(self, name: str) -> None:
        self.lines.append(f"{name}:")

    def function(self, head: str) -> str:
        # With two tables of jumps in one function, code ran on in the wrong place once loaded (llvmlite 0.50.0): none are made.

        return "\n".join(
            [f'define {head} "no-jump-tables"="true" {{', "entry:", *self.entry, *self.lines, "  ret void", "}"]
        )

    def variable(self, kind: str) -> str:
        """A place in a register, once the optimiser has seen it."""
        self.count += 1
        self.entry.append(f"  %p{self.count} = alloca {kind}, align 64")
        return f"%p{self.count}"

    @contextmanager
    def loop(self, stop: str, start: str = "0", step: int = 1) -> Iterator[str]:
        """Count from `start` in steps while below `stop`."""
        self.count += 1
        n, at = self.count, self.variable("i64")
        self.do(f"store i64 {start}, ptr {at}")
        self.do(f"br label %head{n}")
        self.label(f"head{n}")
        i = self.let(f"load i64, ptr {at}")
        more = self.let(f"icmp slt i64 {i}, {stop}")
        self.do(f"br i1 {more}, label %body{n}, label %done{n}")
        self.label(f"body{n}")
        yield i
        self.do(f"store i64 {self.let(f'add i64 {i}, {step}')}, ptr {at}")
        self.do(f"br label %head{n}")
        self.label(f"done{n}")

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        self.count += 1
        n = self.count
        self.do(f"br i1 {condition}, label %then{n}, label %past{n}")
        self.label(f"then{n}")
        yield
        self.do(f"br label %past{n}")
        self.label(f"past{n}")

    # whole numbers and memory -------------------------------------------------------------------------------------
    def add(self, a: str | int, b: str | int) -> str:
        return self.let(f"add i64 {a}, {b}")

    def mul_i(self, a: str | int, b: str | int) -> str:
        return self.let(f"mul i64 {a}, {b}")

    def at(self, pointer: str, offset: str | int) -> str:
        """The address some bytes further."""
        return self.let(f"getelementptr i8, ptr {pointer}, i64 {offset}")

    def load(self, pointer: str, kind: str | None = None) -> str:
        kind = kind or self.T
        return self.let(f"load {kind}, ptr {pointer}, align {8 if kind in ('i64', 'double', 'ptr') else self.bytes}")

    def store(self, value: str, pointer: str, kind: str | None = None) -> None:
        self.do(f"store {kind or self.T} {value}, ptr {pointer}, align {self.bytes}")

    # numbers ------------------------------------------------------------------------------------------------------
    def scalar(self, x: float, number: str | None = None) -> str:
        if (number or self.number) == "float":
            x = float(np.float32(x))
        return f"0x{struct.unpack('<Q', struct.pack('<d', float(x)))[0]:016X}"

    def c(self, x: float, double: bool = False) -> str:
        """The same constant on all lanes."""
        number = "double" if double else self.number
        return f"splat ({number} {self.scalar(x, number)})"

    def splat(self, value: str, double: bool = False) -> str:
        kind, number = (self.D, "double") if double else (self.T, self.number)
        one = self.let(f"insertelement {kind} poison, {number} {value}, i64 0")
        return self.let(f"shufflevector {kind} {one}, {kind} poison, <{self.L} x i32> zeroinitializer")

    def op(self, name: str, a: str, b: str, kind: str | None = None) -> str:
        return self.let(f"{name} contract {kind or self.T} {a}, {b}")

    def plus(self, a: str, b: str, kind: str | None = None) -> str:
        return self.op("fadd", a, b, kind)

    def minus(self, a: str, b: str, kind: str | None = None) -> str:
        return self.op("fsub", a, b, kind)

    def times(self, a: str, b: str, kind: str | None = None) -> str:
        return self.op("fmul", a, b, kind)

    def fma(self, a: str, b: str, c: str, double: bool = False) -> str:
        kind = self.D if double else self.T
        name = f"v{self.L}f{64 if double else self.bits}"
        return self.let(f"call {kind} @llvm.fma.{name}({kind} {a}, {kind} {b}, {kind} {c})")

    def dot(self, pairs: list[tuple[str, str]]) -> str:
        """Sum of products."""
        total = self.times(*pairs[0])
        for a, b in pairs[1:]:
            total = self.fma(a, b, total)
        return total

    def narrow(self, x: str) -> str:
        """From double to the solver's number."""
        return x if self.number == "double" else self.let(f"fptrunc {self.D} {x} to {self.T}")

    def widen(self, x: str) -> str:
        return x if self.number == "double" else self.let(f"fpext {self.T} {x} to {self.D}")

    def series(self, function: Callable, low: float, high: float, x: str) -> str:
        """A function of x between two bounds as a polynomial that is exact to rounding."""
        result = None
        for coefficient in reversed(polynomial(function, low, high, self.number)):
            result = self.c(coefficient) if result is None else self.fma(result, x, self.c(coefficient))
        assert result is not None
        return result

    # functions of spins -------------------------------------------------------------------------------------------
    def cos_sin(self, turns: str) -> tuple[str, str]:
        """Cosine and sine of 2π·turns; the turns are double, whole ones are dropped before anything is rounded."""
        whole = self.let(f"call {self.D} @llvm.rint.v{self.L}f64({self.D} {turns})")
        r = self.narrow(self.minus(turns, whole, self.D))  # −½ … ½
        u = self.times(r, r)
        s = self.times(r, self.series(sin_pi, 0.0, 0.25, u))  # of half the angle
        c = self.series(cos_pi, 0.0, 0.25, u)
        twice = self.plus(s, s)
        return self.fma(self.times(twice, self.c(-1.0)), s, self.c(1.0)), self.times(twice, c)

    def exp(self, x: str) -> str:
        """e to the power of x ≤ 0."""
        integer = f"<{self.L} x i{self.bits}>"
        name = f"v{self.L}f{self.bits}"
        low = self.c(-87.0 if self.bits == 32 else -708.0)
        below = self.let(f"fcmp olt {self.T} {x}, {low}")
        x = self.let(f"select {self.B} {below}, {self.T} {low}, {self.T} {x}")
        whole = self.times(x, self.c(1 / math.log(2)))
        whole = self.let(f"call {self.T} @llvm.rint.{name}({self.T} {whole})")
        high = 0.693359375 if self.bits == 32 else 0.693147180369123816490  # ln 2 in two pieces (fdlibm)
        f = self.fma(whole, self.c(-high), x)
        f = self.fma(whole, self.c(-(math.log(2) - high) if self.bits == 32 else -1.90821492927058770002e-10), f)
        value = self.series(np.exp, -0.3466, 0.3466, f)
        power = self.let(f"fptosi {self.T} {whole} to {integer}")
        shift = 23 if self.bits == 32 else 52
        power = self.let(f"shl {integer} {power}, splat (i{self.bits} {shift})")
        as_int = self.let(f"bitcast {self.T} {value} to {integer}")
        return self.let(f"bitcast {integer} {self.let(f'add {integer} {as_int}, {power}')} to {self.T}")


def sin_pi(u):
    """sin(π√u)/√u."""
    root = np.sqrt(np.maximum(u, 1e-300))
    return np.where(u > 0, np.sin(np.pi * root) / root, np.pi)


def cos_pi(u):
    """cos(π√u)."""
    return np.cos(np.pi * np.sqrt(np.maximum(u, 0)))


TAYLOR: dict[Callable, Callable[[int], float]] = {
    sin_pi: lambda k: (-1) ** k * math.pi ** (2 * k + 1) / math.factorial(2 * k + 1),
    cos_pi: lambda k: (-1) ** k * math.pi ** (2 * k) / math.factorial(2 * k),
    np.exp: lambda k: 1 / math.factorial(k),
}


def polynomial(function: Callable, low: float, high: float, number: str) -> list[float]:
    """Coefficients by rising power, as few as err no more than rounding does.

    In double, Taylor's: they are known exactly, while an interpolant loses two digits on its way to powers."""
    far = max(abs(low), abs(high))
    if number == "double":
        terms = [TAYLOR[function](k) for k in range(20)]
        return [c for k, c in enumerate(terms) if abs(c) * far**k > 1e-17 * abs(terms[0])]
    x = np.linspace(low, high, 2001)
    wanted = function(x)
    for degree in range(3, 12):
        short = np.polynomial.Chebyshev.interpolate(function, degree, [low, high])
        coefficients = np.asarray(short.convert(kind=np.polynomial.Polynomial).coef, float)
        if np.max(np.abs(np.polynomial.polynomial.polyval(x, coefficients) - wanted)) <= 3e-8 * np.max(np.abs(wanted)):
            break
    return [float(v) for v in coefficients]
