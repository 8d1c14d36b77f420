"""ROS2: a linearly implicit step of order two for stiff bodies, written out as straight-line equations.

(I − γ h J) k1 = f(x),  (I − γ h J) k2 = f(x + h k1) − 2 k1,  x' = x + 3/2 h k1 + 1/2 h k2, with γ = 1 − 1/√2
(Verwer, Spee, Blom and Hundsdorfer 1999, SIAM J Sci Comput 20:1456). It is L-stable, and of order two whatever J is.
The matrix is factored without pivoting in an order that keeps it sparse (Markowitz), chosen once from its pattern."""

from __future__ import annotations

import math
from dataclasses import dataclass

from proband.engine.derivatives import jacobian
from proband.engine.graph import FAST, Graph, Node
from proband.engine.program import Program
from proband.model.maths import where

GAMMA = 1 - 1 / math.sqrt(2)
LEAST_PIVOT = 1e-9


@dataclass
class Implicit:
    """Nodes of one ROS2 step. `factors` are stored between its two halves; leaves `factor` and `slope` load them."""

    first: list[int]  # k1 per state
    factors: list[int]
    second: list[int]  # k2 per state


def implicit(program: Program) -> Implicit:
    """Write the nodes of a ROS2 step into the program's graph."""
    graph, count = program.graph, len(program.states)
    h = program.step_ns * 1e-9
    rows = jacobian(graph, program.derivatives)
    one = graph.const(1.0)
    matrix: list[dict[int, Node]] = []
    for i, row in enumerate(rows):
        scaled = {j: slope * (-GAMMA * h) for j, slope in row.items() if slope.constant != 0}
        scaled[i] = scaled[i] + one if i in scaled else one
        matrix.append(scaled)
    order = _markowitz([set(r) for r in matrix])
    owners = [slot.name.rpartition(".")[0] for slot in program.states]
    lower, upper = _factor(graph, matrix, order, owners)
    graph.part = "implicit step"
    rates = [graph.at(r) for r in program.derivatives]
    first = _solve(graph, lower, upper, order, rates)
    stored: list[Node] = []
    lower_again = _reload(graph, lower, stored)
    upper_again = _reload(graph, upper, stored)
    slopes = [graph.leaf("slope", (i,), FAST) for i in range(count)]
    right = [r - 2.0 * k for r, k in zip(rates, slopes, strict=True)]
    second = _solve(graph, lower_again, upper_again, order, right)
    return Implicit([n.number for n in first], [n.number for n in stored], [n.number for n in second])


def _markowitz(pattern: list[set[int]]) -> list[int]:
    """An order of elimination that makes few new entries."""
    rows = [set(r) for r in pattern]
    columns: list[set[int]] = [set() for _ in rows]
    for i, r in enumerate(rows):
        for j in r:
            columns[j].add(i)
    left, order = set(range(len(rows))), []
    while left:
        pivot = min(left, key=lambda p: ((len(rows[p]) - 1) * (len(columns[p]) - 1), p))
        order.append(pivot)
        left.discard(pivot)
        across, down = rows[pivot] - {pivot}, columns[pivot] - {pivot}
        for i in down:
            rows[i] |= across
            rows[i].discard(pivot)
        for j in across:
            columns[j] |= down
            columns[j].discard(pivot)
    return order


def _factor(
    graph: Graph, matrix: list[dict[int, Node]], order: list[int], owners: list[str]
) -> tuple[list[dict[int, Node]], list[dict[int, Node]]]:
    """Gaussian elimination in this order. `upper[i][i]` holds the reciprocal of the pivot.

    I − γ h J has pivots near 1 and above where rates decay. One that vanishes means growth as fast as the step is long: what
    is computed then has no digit left, so it becomes no number, and the failure names the part whose state it is (`owners`)."""
    work = [dict(r) for r in matrix]
    lower: list[dict[int, Node]] = [{} for _ in work]
    place = {p: n for n, p in enumerate(order)}
    for pivot in order:
        graph.part = owners[pivot]
        size = work[pivot][pivot]
        inverse = graph.node(where(abs(size) > LEAST_PIVOT, 1.0 / size, math.nan))
        for i in sorted(r for r in range(len(work)) if place[r] > place[pivot] and pivot in work[r]):
            factor = work[i].pop(pivot) * inverse
            lower[i][pivot] = factor
            for j, value in work[pivot].items():
                if j != pivot:
                    work[i][j] = work[i][j] - factor * value if j in work[i] else -(factor * value)
        work[pivot][pivot] = inverse
    return lower, work


def _solve(graph: Graph, lower, upper, order: list[int], right: list[Node]) -> list[Node]:
    x = list(right)
    for i in order:
        for j, factor in sorted(lower[i].items(), key=lambda item: order.index(item[0])):
            x[i] = x[i] - factor * x[j]
    for i in reversed(order):
        for j, value in upper[i].items():
            if j != i:
                x[i] = x[i] - value * x[j]
        x[i] = x[i] * upper[i][i]
    return [graph.node(v) for v in x]


def _reload(graph: Graph, rows: list[dict[int, Node]], stored: list[Node]) -> list[dict[int, Node]]:
    """The same entries as they will be loaded: constants and what is kept anyway stay as they are."""
    again: list[dict[int, Node]] = []
    for row in rows:
        loaded = {}
        for j, node in row.items():
            if node.level < FAST:
                loaded[j] = node
            else:
                loaded[j] = graph.leaf("factor", (len(stored),), FAST)
                stored.append(node)
        again.append(loaded)
    return again
