"""Exact derivatives of a program, written as further nodes of its graph: sparse, forward, one dictionary per node."""

from __future__ import annotations

from collections.abc import Callable

from proband.engine.graph import FAST, LEAVES, Graph, Node


def jacobian(graph: Graph, roots: list[int]) -> list[dict[int, Node]]:
    """Row i holds the derivatives of `roots[i]` by each state it depends on, as nodes."""
    slopes: dict[int, dict[int, Node]] = {}
    for i in graph.needed(roots):
        op, args = graph.ops[i], graph.args[i]
        if op == "state":
            slopes[i] = {args[0]: graph.const(1.0)}
        elif op in LEAVES or graph.levels[i] < FAST:
            slopes[i] = {}
        else:
            slopes[i] = chain(graph, i, op, args, slopes)
    return [slopes[r] for r in roots]


def chain(graph: Graph, i: int, op: str, args: tuple, slopes: dict[int, dict[int, Node]]) -> dict[int, Node]:
    """The derivatives of node i, from those of its operands."""
    rule = RULES.get(op)
    if rule is None:  # comparisons, logic, floor: flat wherever they are smooth
        return {}
    values = [graph.at(a) for a in args]
    factors = rule(graph.at(i), *values)
    result: dict[int, Node] = {}
    if op == "select":
        then, other = slopes.get(args[1], {}), slopes.get(args[2], {})
        zero = graph.const(0.0)
        return {j: values[0].select(then.get(j, zero), other.get(j, zero)) for j in sorted({*then, *other})}
    for a, factor in zip(args, factors, strict=True):
        for j, slope in slopes.get(a, {}).items():
            term = slope if factor is None else slope * factor
            result[j] = result[j] + term if j in result else term
    return result


def _sign(x: Node) -> Node:
    return (x < 0.0).select(-1.0, 1.0)


# How much a result moves with each operand; None stands for one.
RULES: dict[str, Callable] = {
    "add": lambda y, a, b: (None, None),
    "sub": lambda y, a, b: (None, a.graph.const(-1.0)),
    "mul": lambda y, a, b: (b, a),
    "div": lambda y, a, b: (1.0 / b, -(y / b)),
    "neg": lambda y, a: (a.graph.const(-1.0),),
    "fma": lambda y, a, b, c: (b, a, None),
    "abs": lambda y, a: (_sign(a),),
    "exp": lambda y, a: (y,),
    "log": lambda y, a: (1.0 / a,),
    "sqrt": lambda y, a: (0.5 / y,),
    "sin": lambda y, a: (a.apply("cos", None),),
    "cos": lambda y, a: (-a.apply("sin", None),),
    "tanh": lambda y, a: (1.0 - y * y,),
    "select": lambda y, c, a, b: (None, None, None),
}
