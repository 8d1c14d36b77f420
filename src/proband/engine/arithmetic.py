"""What arithmetic on traced values writes down.

What is known already folds; a product that something is added to becomes one operation (fma); a division is by a reciprocal,
which others may share. All targets compute what is written here, so they agree to the bit."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proband.engine.graph import Node

GREATEST_POWER = 8  # up to which a whole power is written as products


def add(a: Node, b: Node) -> Node:
    graph = a.graph
    if a.constant is not None:
        if b.constant is not None:
            return graph.const(a.constant + b.constant)
        if a.constant == 0:
            return b
    elif b.constant == 0:
        return a
    level = a.level if a.level > b.level else b.level
    if a.op == "mul" and a.level == level:
        return graph.operation("fma", *_factors(a), b)
    if b.op == "mul" and b.level == level:
        return graph.operation("fma", *_factors(b), a)
    return _commuting("add", a, b)


def subtract(a: Node, b: Node) -> Node:
    graph = a.graph
    if a.constant is not None and b.constant is not None:
        return graph.const(a.constant - b.constant)
    if b.constant == 0:
        return a
    if a.constant == 0:
        return negative(b)
    if a is b:
        return graph.const(0.0)
    level = a.level if a.level > b.level else b.level
    if b.op == "mul" and b.level == level:
        x, y = _factors(b)
        return graph.operation("fma", negative(x), y, a)
    if a.op == "mul" and a.level == level:
        x, y = _factors(a)
        return graph.operation("fma", x, y, negative(b))
    return graph.operation("sub", a, b)


def negative(a: Node) -> Node:
    graph = a.graph
    if a.constant is not None:
        return graph.const(-a.constant)
    if a.op == "neg":
        return graph.at(graph.args[a.number][0])
    return graph.operation("neg", a)


def multiply(a: Node, b: Node) -> Node:
    if a.constant is None and b.constant is None:
        return _commuting("mul", a, b)
    if a.constant is not None and b.constant is not None:
        return a.graph.const(a.constant * b.constant)
    for factor, other in ((a, b), (b, a)):
        if factor.constant == 1:
            return other
    if a.constant == 0 or b.constant == 0:
        return a.graph.const(0.0)
    for factor, other in ((a, b), (b, a)):
        if factor.constant == -1:
            return negative(other)
    return _commuting("mul", a, b)


def divide(a: Node, b: Node) -> Node:
    if b.constant is not None and b.constant != 0:
        if a.constant is not None:
            return a.graph.const(a.constant / b.constant)
        if b.constant == 1:
            return a
    # A reciprocal serves every dividend of the same divisor, and is computed as seldom as the divisor changes.
    if a.constant != 1:
        return multiply(a, divide(a.graph.const(1.0), b))
    return a.graph.reciprocal(b)


def remainder(a: Node, b: Node) -> Node:
    return subtract(a, multiply(b, divide(a, b).apply("floor", math.floor)))


def power(a: Node, b: Node) -> Node:
    n = b.constant
    if n is not None and a.constant is not None:
        try:
            return a.graph.const(a.constant**n)
        except (OverflowError, ZeroDivisionError, TypeError):  # a root of a negative number is complex
            return a.graph.const(math.nan)
    if n is not None and float(n).is_integer() and abs(n) <= GREATEST_POWER:
        result, base, left = a.graph.const(1.0), a, int(abs(n))
        while left:
            if left & 1:
                result = multiply(result, base)
            base, left = multiply(base, base) if left > 1 else base, left >> 1
        return result if n >= 0 else divide(a.graph.const(1.0), result)
    if n == 0.5:
        return a.apply("sqrt", math.sqrt)
    return multiply(b, a.apply("log", math.log)).apply("exp", math.exp)


def unary(name: str, a: Node, plain: Callable[[float], float]) -> Node:
    if a.constant is not None:
        return a.graph.const(plain(a.constant))
    return a.graph.operation(name, a)


# comparison and logic
def less(a: Node, b: Node) -> Node:
    if a.constant is not None and b.constant is not None:
        return a.graph.const(float(a.constant < b.constant))
    return a.graph.operation("lt", a, b)


def less_or_equal(a: Node, b: Node) -> Node:
    if a.constant is not None and b.constant is not None:
        return a.graph.const(float(a.constant <= b.constant))
    return a.graph.operation("le", a, b)


def equal(a: Node, b: Node) -> Node:
    if a.constant is not None and b.constant is not None:
        return a.graph.const(float(a.constant == b.constant))
    return a.graph.operation("eq", a, b)


def both(a: Node, b: Node) -> Node:
    for known, other in ((a, b), (b, a)):
        if known.constant is not None:
            return other if known.constant else known
    return _commuting("and", a, b)


def either(a: Node, b: Node) -> Node:
    for known, other in ((a, b), (b, a)):
        if known.constant is not None:
            return known if known.constant else other
    return _commuting("or", a, b)


def _factors(product: Node) -> tuple[Node, Node]:
    graph = product.graph
    x, y = graph.args[product.number]
    return graph.at(x), graph.at(y)


def _commuting(op: str, a: Node, b: Node) -> Node:
    """One order for operands whose order does not matter, so that equal ones are written once."""
    return a.graph.operation(op, a, b) if a.number < b.number else a.graph.operation(op, b, a)
