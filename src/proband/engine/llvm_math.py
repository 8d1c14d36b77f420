"""Elementary functions as LLVM IR for one or many lanes, written once for both precisions.

Only operations with one defined result are used (IEEE arithmetic, explicit fma, integer moves), so every lane width
and every instruction set gives the same bits. Errors are a few units in the last place over the range that equations
of the body use; arguments of sin and cos are good to about 1e5."""

from __future__ import annotations

import math
import struct


class Lanes:
    """How numbers are spelled for a lane count and a precision."""

    def __init__(self, width: int, precision: str):
        self.width, self.precision = width, precision
        self.scalar, self.bits = ("double", 64) if precision == "float64" else ("float", 32)
        self.bytes = self.bits // 8
        self.V = self.scalar if width == 1 else f"<{width} x {self.scalar}>"
        self.I = f"i{self.bits}" if width == 1 else f"<{width} x i{self.bits}>"
        self.I64 = "i64" if width == 1 else f"<{width} x i64>"
        self.B = "i1" if width == 1 else f"<{width} x i1>"
        self.suffix = f"f{self.bits}" if width == 1 else f"v{width}f{self.bits}"

    def literal(self, value: float) -> str:
        if self.precision == "float32":
            value = (
                struct.unpack("f", struct.pack("f", value))[0] if math.isfinite(value) and abs(value) < 3e38 else value
            )
        return f"0x{struct.unpack('Q', struct.pack('d', value))[0]:016X}"

    def c(self, value: float) -> str:
        text = self.literal(value)
        return text if self.width == 1 else f"splat ({self.scalar} {text})"

    def i(self, value: int, of: int | None = None) -> str:
        bits = of or self.bits
        value = value - (1 << bits) if value >= 1 << (bits - 1) else value
        return str(value) if self.width == 1 else f"splat (i{bits} {value})"


class Writer:
    """Lines of one function."""

    def __init__(self, lanes: Lanes):
        self.lanes, self.lines, self.count = lanes, [], 0

    def let(self, text: str) -> str:
        self.count += 1
        name = f"%t{self.count}"
        self.lines.append(f"  {name} = {text}")
        return name

    def do(self, text: str) -> None:
        self.lines.append(f"  {text}")

    # arithmetic on lanes
    def add(self, a, b):
        return self.let(f"fadd nsz {self.lanes.V} {a}, {b}")

    def sub(self, a, b):
        return self.let(f"fsub nsz {self.lanes.V} {a}, {b}")

    def mul(self, a, b):
        return self.let(f"fmul nsz {self.lanes.V} {a}, {b}")

    def div(self, a, b):
        return self.let(f"fdiv nsz {self.lanes.V} {a}, {b}")

    def neg(self, a):
        return self.let(f"fneg nsz {self.lanes.V} {a}")

    def fma(self, a, b, c):
        v = self.lanes.V
        return self.let(f"call nsz {v} @llvm.fma.{self.lanes.suffix}({v} {a}, {v} {b}, {v} {c})")

    def call(self, name, *args):
        v = self.lanes.V
        return self.let(f"call {v} @{name}({', '.join(f'{v} {a}' for a in args)})")

    def intrinsic(self, name, a):
        return self.call(f"llvm.{name}.{self.lanes.suffix}", a)

    def compare(self, how, a, b):
        return self.let(f"fcmp {how} {self.lanes.V} {a}, {b}")

    def select(self, condition, a, b):
        lanes = self.lanes
        return self.let(f"select {lanes.B} {condition}, {lanes.V} {a}, {lanes.V} {b}")

    def bits(self, a):
        return self.let(f"bitcast {self.lanes.V} {a} to {self.lanes.I}")

    def number(self, i):
        return self.let(f"bitcast {self.lanes.I} {i} to {self.lanes.V}")

    def integer(self, op, a, b):
        return self.let(f"{op} {self.lanes.I} {a}, {b}")

    def polynomial(self, x, coefficients):
        """Horner, even and odd powers apart so that two chains run side by side. Lowest power first."""
        c = self.lanes.c
        if len(coefficients) < 4:
            total = c(coefficients[-1])
            for k in reversed(coefficients[:-1]):
                total = self.fma(total, x, c(k))
            return total
        square = self.mul(x, x)
        even, odd = coefficients[0::2], coefficients[1::2]
        chains = []
        for chain in (even, odd):
            total = c(chain[-1])
            for k in reversed(chain[:-1]):
                total = self.fma(total, square, c(k))
            chains.append(total)
        return self.fma(chains[1], x, chains[0])


def _split(value: float, keep: int) -> tuple[float, float]:
    """A constant in two pieces, the first with so few bits that small multiples of it are exact."""
    mantissa, exponent = math.frexp(value)
    first = math.ldexp(math.floor(math.ldexp(mantissa, keep)), exponent - keep)
    return first, value - first


LN2_HI, LN2_LO = 0.6931471803691238, 1.9082149292705877e-10  # sums to ln 2 beyond double precision (fdlibm)
PI = tuple(2 * part for part in (1.5707963109016418, 1.5893254712295857e-08, 6.123233995736766e-17))


# Polynomials of least error over the range that is left (Chebyshev nodes for exp, else Remez), for double precision.
EXP = [
    1.0, 1.0, 0.5000000000000001, 0.16666666666666669, 0.04166666666662413, 0.008333333333330062, 0.0013888888917213717,
    0.00019841269863053618, 2.4801521295954376e-05, 2.7557268459997064e-06, 2.7620088445409746e-07, 2.510038549551032e-08,
]  # fmt: skip
LOG = [  # (2 atanh s − 2 s) / s³ in s²
    0.6666666666666734, 0.3999999999941432, 0.2857142874247501, 0.22222198563469245, 0.181835648679297, 0.1531403578958911,
    0.14796106038604737,
]  # fmt: skip
SIN = [  # (sin x − x) / x³ in x²
    -0.16666666666666666, 0.008333333333333212, -0.00019841269841215322, 2.7557319212138417e-06, -2.505210696079192e-08,
    1.6058943961516818e-10, -7.643098268428415e-13, 2.7222610013098377e-15,
]  # fmt: skip
TANH = [  # (tanh x − x) / x³ in x², below 0.3
    -0.3333333333333326, 0.13333333333307057, -0.05396825393576144, 0.021869486591164933, -0.008863171013912884,
    0.003590877176367771, -0.0014416779791495463, 0.0005025191264542611,
]  # fmt: skip


_FIRST, _REST = _split(math.pi, 12)
PI_SINGLE = (_FIRST, *_split(_REST, 12))


def functions(lanes: Lanes, used: set[str]) -> str:
    """IR of the functions in `used` (exp, log, sin, cos, tanh) and what they need."""
    makers = {"exp": _exp, "log": _log, "sin": _sin, "cos": _cos, "tanh": _tanh}
    wanted = [n for n in makers if n in used or (n == "exp" and "tanh" in used)]
    v, text = lanes.V, []
    for name in wanted:
        w = Writer(lanes)
        result = makers[name](w, "%x")
        body = "\n".join(w.lines)
        text.append(f"define internal {v} @{name}({v} %x) alwaysinline {{\n{body}\n  ret {v} {result}\n}}\n")
        text.append(
            f"define internal {v} @{name}_apart({v} %x) noinline {{\n  %r = call {v} @{name}({v} %x)\n  ret {v} %r\n}}\n"
        )
    for name, count in (("fma", 3), ("floor", 1), ("sqrt", 1), ("fabs", 1)):
        text.append(f"declare {v} @llvm.{name}.{lanes.suffix}({', '.join([v] * count)})")
    return "\n".join(text)


def _round(w: Writer, x: str, factor: float, offset: int = 0) -> tuple[str, str]:
    """x · factor to the nearest whole number: as bits whose lowest hold number + offset, and as a number."""
    c, double = w.lanes.c, w.lanes.precision == "float64"
    large = (6755399441055744.0 if double else 12582912.0) + offset  # 1.5 · 2⁵²: from there on every number is whole
    moved = w.fma(x, c(factor), c(large))
    return w.bits(moved), w.sub(moved, c(large))


def _exp(w: Writer, x: str) -> str:
    lanes, c = w.lanes, w.lanes.c
    double = lanes.precision == "float64"
    low, high = (-708.0, 709.0) if double else (-87.0, 88.0)
    i, n = _round(w, x, 1 / math.log(2), 1023 if double else 127)  # the bits of 2ⁿ but for their place
    hi, lo = (LN2_HI, LN2_LO) if double else (0.693359375, math.log(2) - 0.693359375)
    r = w.fma(n, c(-lo), w.fma(n, c(-hi), x))
    p = w.polynomial(r, EXP if double else [1 / math.factorial(k) for k in range(8)])
    result = w.mul(p, w.number(w.integer("shl", i, lanes.i(52 if double else 23))))
    result = w.select(w.compare("olt", x, c(low)), c(0.0), result)  # what was shifted too far is thrown away
    return w.select(w.compare("ogt", x, c(high)), c(math.inf), result)


def _log(w: Writer, x: str) -> str:
    lanes, c = w.lanes, w.lanes.c
    double = lanes.precision == "float64"
    shift, bias, half_root = (52, 1023, 0x3FE6A09E667F3BCD) if double else (23, 127, 0x3F3504F3)
    bits = w.bits(x)
    magic, magic_bits = (2.0**52, 0x4330000000000000) if double else (2.0**23, 0x4B000000)
    # x = 2ᵉ m with m from √½ to √2
    above = w.integer("sub", bits, lanes.i(half_root - (bias << shift)))
    e = w.number(w.integer("or", w.integer("lshr", above, lanes.i(shift)), lanes.i(magic_bits)))
    e = w.sub(e, c(magic + bias))
    field = (1 << lanes.bits) - (1 << shift)
    power = w.integer("sub", w.integer("and", above, lanes.i(field)), lanes.i(bias << shift))
    f = w.sub(w.number(w.integer("sub", bits, power)), c(1.0))
    s = w.div(f, w.add(f, c(2.0)))
    z = w.mul(s, s)
    p = w.polynomial(z, LOG if double else [2 / (2 * k + 3) for k in range(5)])
    hi, lo = (LN2_HI, LN2_LO) if double else (0.693359375, math.log(2) - 0.693359375)
    tail = w.fma(w.mul(s, z), p, w.mul(e, c(lo)))
    result = w.fma(e, c(hi), w.fma(c(2.0), s, tail))
    beyond = w.select(w.compare("oeq", x, c(0.0)), c(-math.inf), c(math.nan))
    result = w.select(w.compare("ogt", x, c(0.0)), result, beyond)
    return w.select(w.compare("oeq", x, c(math.inf)), x, result)


def _half_turn(w: Writer, x: str, turns: str) -> str:
    """The sine of what is left of x after `turns` half turns: from −π/2 to π/2, where one polynomial serves."""
    double = w.lanes.precision == "float64"
    r = x
    for part in PI if double else PI_SINGLE:
        r = w.fma(turns, w.lanes.c(-part), r)
    z = w.mul(r, r)
    rest = SIN if double else [(-1) ** i / math.factorial(2 * i + 1) for i in range(1, 7)]
    return w.fma(w.mul(r, z), w.polynomial(z, rest), r)


def _signed(w: Writer, value: str, whole: str) -> str:
    """−value where the lowest bit of `whole` is set."""
    sign = w.integer("shl", whole, w.lanes.i(w.lanes.bits - 1))
    return w.number(w.integer("xor", w.bits(value), sign))


def _sin(w: Writer, x: str) -> str:
    whole, k = _round(w, x, 1 / math.pi)
    return _signed(w, _half_turn(w, x, k), whole)


def _cos(w: Writer, x: str) -> str:
    c = w.lanes.c  # x lies within a quarter turn of (k + 1/2) π, where cos is ∓ sin
    whole, k = _round(w, w.fma(x, c(1 / math.pi), c(-0.5)), 1.0, 1)
    return _signed(w, _half_turn(w, x, w.add(k, c(0.5))), whole)


def _tanh(w: Writer, x: str) -> str:
    c = w.lanes.c
    a = w.intrinsic("fabs", x)
    t = w.call("exp", w.mul(a, c(-2.0)))
    far = w.div(w.sub(c(1.0), t), w.add(c(1.0), t))
    far = w.select(w.compare("olt", x, c(0.0)), w.neg(far), far)
    z = w.mul(x, x)
    near = w.fma(w.mul(x, z), w.polynomial(z, TANH), x)
    return w.select(w.compare("olt", a, c(0.3)), near, far)
