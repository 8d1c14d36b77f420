"""Elementary functions of compiled code: errors in units of the last place, special values, the same on every target."""

import math

import numpy as np
import pytest

from proband.engine import Engine, cpu
from proband.model import *
from proband.units import *

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")

NAMES = ("exp", "log", "sqrt", "sin", "cos", "tanh", "floor")


@signal
def probe(x=state(0.0, one, "argument")):
    return gives(
        d_x=0.0 * x / s,
        exp=(exp(x), one, "exp"),
        log=(log(x), one, "log"),
        sqrt=(sqrt(x), one, "root"),
        sin=(sin(x), one, "sine"),
        cos=(cos(x), one, "cosine"),
        tanh=(tanh(x), one, "tanh"),
        floor=(floor(x), one, "floor"),
        abs=(absolute(x), one, "size"),
        cube=(x**3, one, "power"),
        root=(x**0.7, one, "broken power"),
        rest=(wrapped(x, 2.5), one, "wrapped"),
    )


BODY = Body(probe=probe())


def evaluate(x, precision="float64", target="auto", lanes="auto"):
    run = Engine(BODY, method="RK4", precision=precision, target=target, lanes=lanes).start(
        len(x), values={"probe.x": x}
    )
    return {n: run.now(f"probe.{n}") for n in (*NAMES, "abs", "cube", "root", "rest")}


def ulps(got, x, function, precision):
    """Error in units of the last place of the precision; the reference has more digits where the machine has them."""
    kind = np.float64 if precision == "float64" else np.float32
    exact = function(x.astype(kind).astype(np.longdouble))
    size = np.spacing(np.abs(exact).astype(kind)).astype(np.longdouble)
    return float(np.max(np.abs(got.astype(np.longdouble) - exact) / size))


RANGES = [
    ("exp", np.exp, (-700, 700), (-86, 87), 2.0),
    ("exp", np.exp, (-1, 1), (-1, 1), 2.0),
    ("log", np.log, (1e-300, 1e-3), (1e-30, 1e-3), 1.5),
    ("log", np.log, (0.5, 2), (0.5, 2), 2.5),
    ("log", np.log, (1, 1e12), (1, 1e12), 1.5),
    ("sqrt", np.sqrt, (0, 1e12), (0, 1e12), 0.501),
    ("tanh", np.tanh, (-0.5, 0.5), (-0.5, 0.5), 3.5),
    ("tanh", np.tanh, (-30, 30), (-30, 30), 3.5),
]


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize(("name", "function", "wide", "narrow", "bound"), RANGES)
def test_errors_in_the_last_place(name, function, wide, narrow, bound, precision):
    low, high = wide if precision == "float64" else narrow
    x = np.random.default_rng(1).uniform(low, high, 4000)
    assert ulps(evaluate(x, precision)[name], x, function, precision) <= bound


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("name", ["sin", "cos"])
@pytest.mark.parametrize("reach", [3.2, 1e3, 1e5])
def test_angles(name, precision, reach):
    """Near a zero the error is measured against 1: far from the origin no digit is left of what is small."""
    reach = min(reach, 1e3) if precision == "float32" else reach
    kind = np.float64 if precision == "float64" else np.float32
    x = np.random.default_rng(2).uniform(-reach, reach, 4000).astype(kind)
    exact = getattr(np, name)(x.astype(np.longdouble))
    error = np.abs(evaluate(x.astype(float), precision)[name] - exact)
    assert float(error.max()) < 1.5 * np.finfo(kind).eps
    if reach == 3.2:
        assert ulps(evaluate(x.astype(float), precision)[name], x, getattr(np, name), precision) < 2.5


SPECIAL = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    1e-320,
    1e-30,
    -1e-30,
    800.0,
    -800.0,
    1e300,
    -1e300,
    math.inf,
    -math.inf,
    math.nan,
    2.5,
    -2.5,
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_special_values_are_those_of_the_standard():
    x = np.array(SPECIAL)
    run = Engine(BODY, method="RK4", lanes=1).start(len(x))
    run.data[:, 0, 0] = x
    for name in ("exp", "log", "sqrt", "tanh", "floor"):
        wanted = getattr(np, name)(x)
        if name == "log":
            wanted[4] = np.nan  # subnormal numbers are not promised
        got = run.now(f"probe.{name}")
        known = ~np.isnan(wanted)
        np.testing.assert_allclose(got[known], wanted[known], rtol=1e-14, err_msg=name)
        unknown = np.isnan(np.log(x) if name == "log" else wanted)
        assert np.isnan(got[unknown]).all(), name
    for name in ("sin", "cos"):
        got = run.now(f"probe.{name}")
        assert np.isnan(got[[11, 12, 13]]).all()
        np.testing.assert_allclose(got[:7], getattr(np, name)(x[:7]), rtol=1e-15)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_plain_python_has_the_same_special_values():
    x = np.array(SPECIAL)
    results = []
    for target in ("cpu", "python"):
        run = Engine(BODY, method="RK4", lanes=1, target=target).start(len(x))
        run.data[:, 0, 0] = x
        run.look()
        results.append(
            {n: run.column(f"probe.{n}") for n in ("exp", "log", "sqrt", "tanh", "floor", "abs", "cube", "root")}
        )
    for name in results[0]:
        a, b = results[0][name].copy(), results[1][name].copy()
        if name in ("log", "root"):
            a[4] = b[4] = 0.0
        np.testing.assert_allclose(a, b, rtol=1e-13, err_msg=name)


def test_powers_and_remainders():
    x = np.random.default_rng(3).uniform(0.01, 50, 500)
    found = evaluate(x)
    np.testing.assert_allclose(found["cube"], x**3, rtol=1e-15)
    np.testing.assert_allclose(found["root"], x**0.7, rtol=1e-14)
    np.testing.assert_allclose(found["rest"], np.mod(x, 2.5), atol=1e-13)
    np.testing.assert_array_equal(found["abs"], np.abs(x))
    np.testing.assert_array_equal(found["floor"], np.floor(x))


@pytest.mark.parametrize("lanes", [2, 4, 8, 16])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_lanes_have_the_same_bits(lanes, precision):
    x = np.concatenate([np.random.default_rng(4).uniform(-40, 40, 200), np.geomspace(1e-12, 1e12, 100)])
    one_lane, many = (evaluate(x, precision, lanes=n) for n in (1, lanes))
    for name in one_lane:
        assert one_lane[name].tobytes() == many[name].tobytes(), name
