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
    for name, count in (("fma", 3), ("floor", 1), ("sqrt", 1), ("fabs", 1)):
        text.append(f"declare {v} @llvm.{name}.{lanes.suffix}({', '.join([v] * count)})")
    return "\n".join(text)


def _exp(w: Writer, x: str) -> str:
    lanes, c = w.lanes, w.lanes.c
    double = lanes.precision == "float64"
    low, high = (-708.0, 709.0) if double else (-87.0, 88.0)
    n = w.intrinsic("floor", w.fma(x, c(1 / math.log(2)), c(0.5)))
    hi, lo = (LN2_HI, LN2_LO) if double else (0.693359375, math.log(2) - 0.693359375)
    r = w.fma(n, c(-lo), w.fma(n, c(-hi), x))
    p = w.polynomial(r, [1 / math.factorial(k) for k in range(14 if double else 8)])
    magic, bias, shift = (6755399441055744.0, 1023, 52) if double else (12582912.0, 127, 23)
    i = w.integer("add", w.bits(w.add(n, c(magic))), lanes.i(bias))
    result = w.mul(p, w.number(w.integer("shl", i, lanes.i(shift))))
    result = w.select(w.compare("olt", x, c(low)), c(0.0), result)  # what was shifted too far is thrown away
    return w.select(w.compare("ogt", x, c(high)), c(math.inf), result)


def _log(w: Writer, x: str) -> str:
    lanes, c = w.lanes, w.lanes.c
    double = lanes.precision == "float64"
    shift, bias = (52, 1023) if double else (23, 127)
    bits = w.bits(x)
    magic = 2.0**shift
    magic_bits = 0x4330000000000000 if double else 0x4B000000
    e = w.number(w.integer("or", w.integer("lshr", bits, lanes.i(shift)), lanes.i(magic_bits)))
    e = w.sub(e, c(magic + bias))
    mask, one = ((1 << 52) - 1, 0x3FF0000000000000) if double else ((1 << 23) - 1, 0x3F800000)
    m = w.number(w.integer("or", w.integer("and", bits, lanes.i(mask)), lanes.i(one)))
    large = w.compare("ogt", m, c(math.sqrt(2)))
    m = w.select(large, w.mul(m, c(0.5)), m)
    e = w.select(large, w.add(e, c(1.0)), e)
    f = w.sub(m, c(1.0))
    s = w.div(f, w.add(f, c(2.0)))
    z = w.mul(s, s)
    p = w.polynomial(z, [2 / (2 * k + 3) for k in range(10 if double else 5)])
    hi, lo = (LN2_HI, LN2_LO) if double else (0.693359375, math.log(2) - 0.693359375)
    tail = w.fma(w.mul(s, z), p, w.mul(e, c(lo)))
    result = w.fma(e, c(hi), w.fma(c(2.0), s, tail))
    result = w.select(w.compare("oeq", x, c(math.inf)), x, result)
    result = w.select(w.compare("olt", x, c(0.0)), c(math.nan), result)
    result = w.select(w.compare("oeq", x, c(0.0)), c(-math.inf), result)
    return w.select(w.compare("uno", x, x), x, result)


def _half_turn(w: Writer, x: str, turns: str) -> str:
    """The sine of what is left of x after `turns` half turns: from −π/2 to π/2, where one polynomial serves."""
    double = w.lanes.precision == "float64"
    r = x
    for part in PI if double else PI_SINGLE:
        r = w.fma(turns, w.lanes.c(-part), r)
    z = w.mul(r, r)
    rest = [(-1) ** i / math.factorial(2 * i + 1) for i in range(1, 11 if double else 7)]
    return w.fma(w.mul(r, z), w.polynomial(z, rest), r)


def _odd(w: Writer, k: str) -> str:
    """1 where the whole number k is odd, else 0."""
    c = w.lanes.c
    return w.fma(w.intrinsic("floor", w.mul(k, c(0.5))), c(-2.0), k)


def _sin(w: Writer, x: str) -> str:
    c = w.lanes.c
    k = w.intrinsic("floor", w.fma(x, c(1 / math.pi), c(0.5)))
    return w.mul(_half_turn(w, x, k), w.fma(_odd(w, k), c(-2.0), c(1.0)))


def _cos(w: Writer, x: str) -> str:
    c = w.lanes.c
    k = w.intrinsic(
        "floor", w.mul(x, c(1 / math.pi))
    )  # x lies within a quarter turn of (k + 1/2) π, where cos is ∓ sin
    return w.mul(_half_turn(w, x, w.add(k, c(0.5))), w.fma(_odd(w, k), c(2.0), c(-1.0)))


def _tanh(w: Writer, x: str) -> str:
    c = w.lanes.c
    a = w.intrinsic("fabs", x)
    t = w.call("exp", w.mul(a, c(-2.0)))
    far = w.div(w.sub(c(1.0), t), w.add(c(1.0), t))
    far = w.select(w.compare("olt", x, c(0.0)), w.neg(far), far)
    # tanh x = x / (1 + x²/(3 + x²/(5 + …))), Lambert's continued fraction
    z, total = w.mul(x, x), c(13.0)
    for k in (11.0, 9.0, 7.0, 5.0, 3.0, 1.0):
        total = w.add(c(k), w.div(z, total))
    near = w.div(x, total)
    return w.select(w.compare("olt", a, c(0.3)), near, far)
