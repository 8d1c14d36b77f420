"""Quantities: what may meet, what is refused, and what survives a round trip."""

import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as some

from proband.units import *
from proband.units import SYMBOLS, Quantity, Unit, UnitError, parse_quantity, parse_unit
from proband.units.quantity import say_dimension

numbers = some.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)
units = some.sampled_from(sorted(set(SYMBOLS.values()), key=lambda u: u.symbol))


def near(a, b):
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("text", "si"),
    [
        ("80 mmHg", 80 * 133.322387415),
        ("5 L/min", 5e-3 / 60),
        ("5400 rpm", 5400 * 2 * math.pi / 60),
        ("20 %", 0.2),
        ("37 °C", 310.15),
        ("-1.5e-3 mL", -1.5e-9),
        ("1 mmHg s/mL", 133.322387415e6),
        ("1 mmHg·s/mL", 133.322387415e6),
        ("2 m²", 2.0),
        ("3 mL/(s·mmHg^0.5)", 3e-6 / math.sqrt(133.322387415)),
        ("72 1/min", 1.2),
        ("72 bpm", 1.2),
        ("7", 7.0),
        (" 4 kPa ", 4000.0),
    ],
)
def test_a_text_is_read(text, si):
    assert parse_quantity(text).si == pytest.approx(si, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("80 mmHG", "did you mean mmHg"),
        ("80 furlongs", "unknown symbol 'furlongs'"),
        ("mmHg", "a number comes first"),
        ("", "a number comes first"),
        ("1 mL/(s", "never closed"),
        ("1 mL)", "cannot be read"),
        ("1 mL/", "a symbol is missing"),
        ("1 mL//s", "a symbol is missing"),
    ],
)
def test_a_text_that_is_no_quantity_is_refused(text, said):
    with pytest.raises(UnitError, match=said.replace("(", r"\(")):
        parse_quantity(text)


def test_a_number_needs_no_parsing_but_a_truth_is_no_number():
    assert parse_quantity(2.5).si == 2.5
    with pytest.raises(UnitError):
        parse_quantity(True)


@given(numbers, units)
def test_what_goes_in_comes_out(x, unit):
    assert near((x * unit).to(unit), x)
    assert near(unit.of(unit.si(x)), x)


@given(numbers, units)
def test_written_and_read_again(x, unit):
    again = parse_quantity(f"{x!r} {unit}")
    assert again.dimension == unit.dimension
    assert math.isclose(again.si, (x * unit).si, rel_tol=1e-12, abs_tol=1e-300)


@given(units, units)
def test_a_compound_symbol_is_read_as_it_was_written(a, b):
    for made in (a / b, a * b, a**2):
        read = parse_unit(str(made))
        assert read.dimension == made.dimension
        assert math.isclose(read.factor, made.factor, rel_tol=1e-12)


@given(numbers, numbers, units)
def test_sums_are_sums(x, y, unit):
    if not unit.offset:
        assert near((x * unit + y * unit).to(unit), x + y)
        assert near((x * unit - y * unit).to(unit), x - y)
        assert ((x * unit) < (y * unit)) == (unit.si(x) < unit.si(y))


@given(numbers.filter(lambda x: abs(x) > 1e-3), numbers.filter(lambda x: abs(x) > 1e-3), units, units)
def test_products_take_their_dimensions_along(x, y, a, b):
    product = (x * a) * (y * b)
    assert product.dimension == (a * b).dimension
    assert (product / (y * b)).dimension == a.dimension
    assert math.isclose((product / (y * b)).si, (x * a).si, rel_tol=1e-12)


def test_what_cannot_meet_is_refused():
    with pytest.raises(UnitError, match="cannot add"):
        80 * mmHg + 5 * L
    with pytest.raises(UnitError, match="the plain number 5"):
        80 * mmHg + 5
    with pytest.raises(UnitError, match="cannot compare"):
        assert 80 * mmHg < 5 * s
    with pytest.raises(UnitError, match="cannot be read in s"):
        (80 * mmHg).to(s)
    with pytest.raises(UnitError, match="a plain number is needed"):
        float(80 * mmHg)
    with pytest.raises(UnitError, match="take the exp of"):
        (80 * mmHg).apply("exp", math.exp)
    with pytest.raises(UnitError, match="raise to the power of"):
        2 ** (1 * s)


def test_zero_and_infinity_fit_everywhere():
    assert (80 * mmHg + 0).dimension == mmHg.dimension
    assert (0 * s + 80 * mmHg).si == (80 * mmHg).si
    assert 80 * mmHg < math.inf


def test_a_root_halves_the_dimension():
    root = (4 * m * m).apply("sqrt", math.sqrt)
    assert root.si == 2
    assert root.dimension == m.dimension


def test_degrees_have_an_offset_in_both_directions():
    assert (37 * degC).si == pytest.approx(310.15)
    assert (310.15 * K).to(degC) == pytest.approx(37)


def test_torque_times_speed_is_power():
    assert (0.01 * N * m * (6000 * rpm)).to(W) == pytest.approx(0.01 * 2 * math.pi * 100)


def test_a_quantity_speaks_in_its_unit_and_survives_a_pickle():
    q = 5 * L_min
    assert str(q) == "5 L/min"
    assert str(q * q) != ""
    again = pickle.loads(pickle.dumps(q))
    assert again == q and str(again) == "5 L/min"


def test_dimensions_read_as_a_person_writes_them():
    assert say_dimension(Pa.dimension) == "kg/(m·s^2)"
    assert say_dimension(one.dimension) == "a plain number"


def test_no_two_units_share_a_symbol():
    seen: dict[str, Unit] = {}
    for symbol, unit in SYMBOLS.items():
        assert seen.setdefault(symbol, unit) is unit
    assert isinstance(1.0 * mmHg, Quantity)
