"""The symbols of the ward and of the workshop. Written in Python as `80 * mmHg`, in a file as `80 mmHg`."""

from __future__ import annotations

import difflib
import math
import re

from proband.units.quantity import BASE, NONE, Quantity, Unit, UnitError


def _base(index: int) -> Unit:
    return Unit(BASE[index], 1.0, tuple(int(i == index) for i in range(len(BASE))))


m, kg, s, K, mol, A = (_base(i) for i in range(6))
one = Unit("1", 1.0)
percent = Unit("%", 0.01)
degree = Unit("°", math.pi / 180)


def _named(symbol: str, factor: float, like: Unit) -> Unit:
    return Unit(symbol, factor * like.factor, like.dimension)


# length, area, volume
cm, mm, um = _named("cm", 1e-2, m), _named("mm", 1e-3, m), _named("µm", 1e-6, m)
m2 = _named("m^2", 1.0, m * m)
mm2 = _named("mm^2", 1e-6, m2)
m3 = _named("m^3", 1.0, m * m * m)
L, dL, mL, uL = _named("L", 1e-3, m3), _named("dL", 1e-4, m3), _named("mL", 1e-6, m3), _named("µL", 1e-9, m3)
# mass, time
g, mg, ug = _named("g", 1e-3, kg), _named("mg", 1e-6, kg), _named("µg", 1e-9, kg)
ms, us, ns = _named("ms", 1e-3, s), _named("µs", 1e-6, s), _named("ns", 1e-9, s)
min_, h, day = _named("min", 60.0, s), _named("h", 3600.0, s), _named("d", 86400.0, s)
per_min = _named("1/min", 1.0, one / min_)
Hz, kHz = _named("Hz", 1.0, one / s), _named("kHz", 1e3, one / s)
rpm = _named("rpm", 2 * math.pi, one / min_)  # an angular speed: torque × speed is power
# force, pressure, energy, power
N = _named("N", 1.0, kg * m / (s * s))
Pa = _named("Pa", 1.0, N / m2)
kPa, hPa = _named("kPa", 1e3, Pa), _named("hPa", 1e2, Pa)
mmHg = _named("mmHg", 133.322387415, Pa)
cmH2O = _named("cmH2O", 98.0665, Pa)
J, mJ = _named("J", 1.0, N * m), _named("mJ", 1e-3, N * m)
W, mW = _named("W", 1.0, J / s), _named("mW", 1e-3, J / s)
# electricity
V = _named("V", 1.0, W / A)
mA = _named("mA", 1e-3, A)
C = _named("C", 1.0, A * s)
Ah = _named("Ah", 3600.0, A * s)
Wh = _named("Wh", 3600.0, J)
Ohm = _named("Ω", 1.0, V / A)
# amount, temperature
mmol, umol, nmol = _named("mmol", 1e-3, mol), _named("µmol", 1e-6, mol), _named("nmol", 1e-9, mol)
degC = Unit("°C", 1.0, K.dimension, 273.15)
# compound units with a usual spelling
mL_s = _named("mL/s", 1.0, mL / s)
L_min = _named("L/min", 1.0, L / min_)
mL_min = _named("mL/min", 1.0, mL / min_)


class _Table(dict):
    python_names: list[str] = []


SYMBOLS = _Table()
for _name, _unit in list(globals().items()):
    if isinstance(_unit, Unit):
        SYMBOLS[_unit.symbol] = _unit
        SYMBOLS.python_names.append(_name)
SYMBOLS.update(
    {
        "per_min": per_min,
        "/min": per_min,
        "bpm": per_min,
        "minute": min_,
        "hour": h,
        "um": um,
        "us": us,
        "ug": ug,
        "uL": uL,
        "umol": umol,
        "deg": degree,
        "degC": degC,
        "Ohm": Ohm,
        "l": L,
        "ml": mL,
        "-": one,
        "one": one,
    }
)
__all__ = SYMBOLS.python_names  # pyright: ignore[reportUnsupportedDunderAll]

_TOKEN = re.compile(r"\s*([·*/()]|\^-?\d+(?:\.\d+)?|[^\s·*/()^]+)")
_NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*)$", re.DOTALL)


def parse_unit(text: str) -> Unit:
    """`mmHg s/mL`, `mL/(s·mmHg^0.5)` or `L/min` as a Unit.

    Raises UnitError with a suggestion where a symbol is unknown."""
    text = text.strip()
    if not text:
        return one
    if text in SYMBOLS:
        return SYMBOLS[text]
    tokens = _TOKEN.findall(text.replace("²", "^2").replace("³", "^3"))
    unit, rest = _product(tokens, text)
    if rest:
        raise UnitError(f"the unit {text!r} cannot be read from {''.join(rest)!r} on.")
    return Unit(text, unit.factor, unit.dimension)


def _product(tokens: list[str], text: str) -> tuple[Unit, list[str]]:
    result, sign = one, 1
    while tokens and tokens[0] != ")":
        token = tokens[0]
        if token in "·*":
            tokens = tokens[1:]
            continue
        if token == "/":
            if sign < 0 or not tokens[1:]:
                raise UnitError(f"after a stroke of the unit {text!r} a symbol is missing.")
            sign, tokens = -1, tokens[1:]
            continue
        if token == "(":
            factor, tokens = _product(tokens[1:], text)
            if not tokens:
                raise UnitError(f"a bracket of the unit {text!r} is never closed.")
            tokens = tokens[1:]
        else:
            factor, tokens = _symbol(token, text), tokens[1:]
        if tokens and tokens[0].startswith("^"):
            factor, tokens = factor ** float(tokens[0][1:]), tokens[1:]
        result = result * factor if sign > 0 else result / factor
        sign = 1
    return Unit("", result.factor, tuple(int(d) if float(d).is_integer() else d for d in result.dimension)), tokens


def _symbol(token: str, text: str) -> Unit:
    if token == "1":
        return one
    try:
        return SYMBOLS[token]
    except KeyError:
        near = difflib.get_close_matches(token, SYMBOLS, 1, 0.5)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise UnitError(f"the unit {text!r} has an unknown symbol {token!r}{hint}.") from None


def parse_quantity(text: str | float) -> Quantity:
    """`5400 rpm`, `20 %` or a plain number as a Quantity. Raises UnitError."""
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        return Quantity(float(text), NONE, one)
    match = _NUMBER.match(str(text))
    if not match:
        raise UnitError(f"{text!r} is no quantity: a number comes first, then its unit, as in '80 mmHg'.")
    return float(match[1]) * parse_unit(match[2])
