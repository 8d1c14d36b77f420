"""Ordinary Python with `if` becomes data: the same results as Python itself, costs that add up, refusals by line."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from proband.engine.graph import PATIENT, Graph
from proband.engine.interpreter import computed
from proband.model import ModelError, exp, limited, maximum, minimum, positive, sin, solve, where, wrapped
from proband.model.translate import translated
from proband.units import mL, mmHg

values = some.floats(-10, 10, allow_nan=False).map(lambda x: round(x * 4) / 4)  # ties and zeros are common


def run_graph(graph, roots, inputs):
    """The value of each root, from the graph alone."""
    found = []
    for i, (op, args) in enumerate(zip(graph.ops, graph.args, strict=True)):
        if op == "const":
            found.append(float.fromhex(args[0]))
        elif op == "param":
            found.append(inputs[args[0]])
        else:
            found.append(computed(op, [found[a] for a in args]))
        assert i == len(found) - 1
    return [float(found[r]) for r in roots]


def trace(function, count):
    graph = Graph()
    inputs = [graph.leaf("param", (i,), PATIENT) for i in range(count)]
    results = translated(function)(*inputs)
    return graph, [graph.stored(r).number for r in results]


def agree(function, *inputs):
    """Python, the translated function on numbers, and the graph it leaves on traced values give the same."""
    native = [float(x) for x in function(*inputs)]
    assert [float(x) for x in translated(function)(*inputs)] == pytest.approx(native, nan_ok=True)
    graph, roots = trace(function, len(inputs))
    assert run_graph(graph, roots, inputs) == pytest.approx(native, nan_ok=True)


# functions to translate --------------------------------------------------------------------------------------------


def nested(a, b, c):
    x = 0.0
    if a > b:
        x = a
        if b > c:
            x = x + b
            if c > 0:
                x = -x
        else:
            x = x * 2
    else:
        if c < 0:
            x = c
    return x, x + 1


def ladder(a, b, c):
    if a < -3:
        mode = 1
    elif a < b:
        mode = 2
    elif a == b or c > 2:
        mode = 3
    elif not (c > 0 and b > 0):
        mode = 4
    else:
        mode = 5
    return mode, mode * a


def chains(a, b, c):
    inside = (-2 < a <= b < 5 and c != 0) or a == c
    x = 1 if inside else (2 if a > 0 else 3)
    y = (a > 0) + (b > 0)
    return x, y, not inside


def helped(a, b, c):
    def_a = clipped(a, lower=b)
    if c > 0:
        result = clipped(a) + def_a
    else:
        result = helper_of_helper(a, b)
    return result, clipped(c, -1, 1)


def clipped(x, lower=-2.0, upper=3.0, *, scale=1.0):
    if x < lower:
        x = lower
    if x > upper:
        x = upper
    return x * scale


def helper_of_helper(a, b):
    return clipped(a, scale=2.0) if a > b else clipped(b, upper=1.0)


def loops(a, b, c):
    total = 0.0
    for i in range(4):
        part = a * i
        if part > b:
            total += part
        else:
            total -= c
    if c > 0:
        count = 0
        for i in range(3):
            step = i * b
            if step > 1:
                count += 1
            for j in range(2):
                total += j * step
        total = total + count
    else:
        for x in (a, b):
            total = total * 0.5 + x
    return total, a


def changed_in_place(a, b, c):
    x, y = a, b
    if a > 0:
        x += b
        x *= 2
        y -= 1
    else:
        y **= 2
        x, y = y, x
    x /= 4
    return x, y


def scratch(a, b, c):
    """Names that only one branch needs stay in it."""
    result = c
    if a > 0:
        helper = a * 2
        if b > 0:
            inner = helper + b
            result = inner * helper
    elif b > 0:
        helper = b - 1
        result = helper
    return result, result


def shadows(a, b, c):
    z = 1.0
    if a > 0:
        z = 2.0
        x = sum([z * k for z in (a, b) for k in (1, 2)])
        y = (lambda z: z if z > c else -z)(b)
    else:
        x, y = 0.0, 0.0
    return x, y, z


def by_library(a, b, c):
    return (
        minimum(a, b) + maximum(b, c),
        limited(a, -1, 1) + positive(b),
        where(a > b, exp(a / 10), wrapped(c, 3.0)),
        abs(a) + a % 3,
    )


FUNCTIONS = [nested, ladder, chains, helped, loops, changed_in_place, scratch, shadows, by_library]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@given(a=values, b=values, c=values)
def test_the_same_as_python(function, a, b, c):
    agree(function, a, b, c)


def sixteen(x):
    total = 0.0
    if x > 1:
        total = total + 1
    if x > 2:
        total = total * 2
    if x > 3:
        total = total + 3
    if x > 4:
        total = total * 4
    if x > 5:
        total = total + 5
    if x > 6:
        total = total * 6
    if x > 7:
        total = total + 7
    if x > 8:
        total = total * 8
    if x > 9:
        total = total + 9
    if x > 10:
        total = total * 10
    if x > 11:
        total = total + 11
    if x > 12:
        total = total * 12
    if x > 13:
        total = total + 13
    if x > 14:
        total = total * 14
    if x > 15:
        total = total + 15
    if x > 16:
        total = total * 16
    return (total,)


def test_sixteen_ifs_cost_sixteen_times_one():
    graph, _ = trace(sixteen, 1)
    assert len(graph) <= 16 * 4 + 4  # a condition, an operation, a choice and a constant each
    for x in (0.5, 3.5, 8.5, 20.0):
        agree(sixteen, x)


# refusals ----------------------------------------------------------------------------------------------------------


def has_while(x):
    while x > 0:
        x = x - 1
    return (x,)


def early(x):
    if x > 0:
        return (x,)
    return (-x,)


def attribute(x):
    if x > 0:
        x.left = 1
    return (x,)


def item(x):
    x[0] = 1
    return (x,)


def walrus(x):
    return ((y := x) + y,)


def breaks(x):
    for _ in range(3):
        if x > 0:
            break
    return (x,)


def stars(*x):
    if x[0] > 0:
        pass
    return x


def one_branch(x):
    if x > 0:
        y = x
    z = 1
    return (y + z,)


def tries(x):
    try:
        return (x,)
    finally:
        pass


def inner(x):
    def f(y):
        return y

    return (f(x),)


@pytest.mark.parametrize(
    ("function", "line", "said"),
    [
        (has_while, 1, "while cannot be compiled"),
        (early, 2, "a return inside an if"),
        (attribute, 2, "only plain names can be assigned"),
        (item, 1, "only plain names can be assigned"),
        (walrus, 1, "give it a line of its own"),
        (breaks, 3, "break cannot be compiled"),
        (stars, 0, "name each of them"),
        (one_branch, 4, "y is assigned in one branch only (of the if in line"),
        (tries, 1, "try cannot be compiled"),
        (inner, 1, "functiondef cannot be compiled"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_what_cannot_be_followed_is_refused_by_line(function, line, said):
    with pytest.raises(ModelError) as caught:
        translated(function)
    text = str(caught.value)
    assert text.startswith(f"{function.__name__} (")
    assert f":{function.__code__.co_firstlineno + line})" in text
    assert said in text


def test_a_traced_value_is_no_condition_and_no_float():
    graph = Graph()
    x = graph.leaf("param", (0,), PATIENT)
    with pytest.raises(ModelError, match="a condition on a traced value"):
        bool(x > 1)
    with pytest.raises(ModelError, match="math functions cannot take"):
        math.exp(x)


# solve -------------------------------------------------------------------------------------------------------------


@given(a=some.floats(0.1, 50))
def test_solve_finds_the_root(a):
    assert solve(lambda x: x * x - a, 5.0, 9) == pytest.approx(math.sqrt(a), rel=1e-12)
    assert solve(lambda x: exp(x) * x - a, 1.0, 30) * math.exp(
        solve(lambda x: exp(x) * x - a, 1.0, 30)
    ) == pytest.approx(a)


def kepler(mean, share):
    return (solve(lambda angle: angle - share * sin(angle) - mean, mean, 8),)


@given(mean=some.floats(0, 3), share=some.floats(0, 0.8))
def test_solve_is_the_same_on_traced_values(mean, share):
    agree(kepler, mean, share)
    (angle,) = kepler(mean, share)
    assert angle - share * math.sin(angle) == pytest.approx(mean, abs=1e-9)


def test_the_slope_in_solve_is_exact():
    from proband.model import cos, log, sqrt, tanh
    from proband.model.maths import Dual

    for f, slope in (
        (exp, math.exp),
        (log, lambda x: 1 / x),
        (sqrt, lambda x: 0.5 / math.sqrt(x)),
        (sin, math.cos),
        (cos, lambda x: -math.sin(x)),
        (tanh, lambda x: 1 - math.tanh(x) ** 2),
        (lambda x: (2 * x + 1) / (3 - x) - x**3, lambda x: 7 / (3 - x) ** 2 - 3 * x * x),
        (lambda x: 1 / (1 - x) - (-x), lambda x: 1 / (1 - x) ** 2 + 1),
    ):
        assert f(Dual(0.7, 1.0)).slope == pytest.approx(slope(0.7), rel=1e-12)


def bent(a, b):
    """A root of a law with a kink."""
    return (solve(lambda x: where(x < 0, 2 * x, 3 * x) + 0.1 * abs(x) + maximum(x, -1.0) - a * b, 0.5, 6),)


@given(a=values, b=values)
def test_solve_takes_conditions(a, b):
    agree(bent, a, b)
    (x,) = bent(a, b)
    assert (2 * x if x < 0 else 3 * x) + 0.1 * abs(x) + max(x, -1.0) == pytest.approx(a * b, abs=1e-9)


def test_solve_keeps_its_units():
    found = solve(lambda v: 2 * mmHg / mL * v + 1 * mmHg / (mL * mL) * v * v - 8 * mmHg, 1 * mL, 8)
    assert found.to(mL) == pytest.approx(2)
