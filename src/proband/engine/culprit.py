"""Which operation lost a number: a step followed back in plain Python, to the part and the line that wrote it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from proband.engine.flatten import flatten
from proband.engine.graph import LEAVES, Graph
from proband.engine.interpreter import computed

if TYPE_CHECKING:
    from proband.engine.interpreter import Interpreter
    from proband.model.body import Body


def culprit(interpreter: Interpreter, b: list, step: int, key: int) -> tuple[str, int | None] | None:
    """Part and line of the operation that loses a number in this step, from the slots before it."""
    now = list(b)
    interpreter.tick(now, step, key, None)
    count, h = len(interpreter.program.states), interpreter.h
    x = now[:count]
    if interpreter.plan.implicit:
        return _culprit_of_half(interpreter, now, x, b)
    at = x
    for ahead in (h / 2, h / 2, h, 0.0):
        found = _origin(interpreter, interpreter.program.derivatives, [*at, *now[count:]], 0.0, b)
        if found:
            return found
        at = [v + ahead * r for v, r in zip(x, interpreter.derivative(now, at, 0.0), strict=True)]
    return None


def widest_way_out(interpreter: Interpreter, body: Body, place: str, b: list) -> tuple[str, int] | None:
    """The path by which most leaves a compartment at these slots, and the line that wrote its flow (0: a state)."""
    ways = {
        f"{name}.flow": 1.0 if part.ends[0] == place else -1.0
        for name, part in body.parts.items()
        if part.component.kind == "path" and place in part.ends
    }
    program = flatten(body, ways, interpreter.program.step_ns, with_lines=True)
    flows = dict(program.outputs)
    values = _values(interpreter, list(flows.values()), b, 0.0, program.graph)
    leaving = {name: sign * values[flows[name]] for name, sign in ways.items() if math.isfinite(values[flows[name]])}
    if not leaving or max(leaving.values()) <= 0:
        return None
    widest = max(leaving, key=leaving.__getitem__)
    lines, node = program.graph.lines, flows[widest]
    return widest.removesuffix(".flow"), lines[node] if lines and program.graph.ops[node] not in LEAVES else 0


def _culprit_of_half(interpreter: Interpreter, now: list, x: list, earlier: list) -> tuple[str, int | None] | None:
    """The same in a step of ROS2: in its factors and first slopes, or in the rates where these lead to."""
    implicit = interpreter.plan.implicit
    assert implicit
    found = _origin(interpreter, interpreter.program.derivatives, now, 0.0, earlier)
    found = found or _origin(interpreter, [*implicit.factors, *implicit.first], now, 0.0, earlier)
    if found:
        return found
    slopes = interpreter.halves[0](now, now, interpreter.elapsed(now, 0.0), None, None)[len(implicit.factors) :]
    at = [v + interpreter.h * k for v, k in zip(x, slopes, strict=False)]
    return _origin(interpreter, interpreter.program.derivatives, [*at, *now[len(x) :]], interpreter.h, None)


def _origin(
    interpreter: Interpreter, roots: list[int], b: list, age: float, earlier: list | None
) -> tuple[str, int | None] | None:
    """Follow a root that is no number back to the operation that made it, past branches that were not taken."""
    graph, values = interpreter.program.graph, _values(interpreter, roots, b, age)
    i = next((r for r in roots if not math.isfinite(values[r])), None)
    while i is not None:
        op, args = graph.ops[i], graph.args[i]
        if op == "held" and earlier is not None:
            writers = [n for g in interpreter.program.groups for s, n in (*g.outputs, *g.memory) if s == args[0]]
            found = _origin(interpreter, writers, earlier, interpreter.h, None)
            return found or (interpreter.program.held[args[0]].name.rpartition(".")[0], None)
        if op in LEAVES:
            program = interpreter.program
            table = {"state": program.states, "param": program.params, "held": program.held}.get(op)
            return None if table is None else (table[args[0]].name.rpartition(".")[0], None)
        if op == "select":
            args = args[1:2] if values[args[0]] else args[2:]
        lost = [a for a in args if not math.isfinite(values[a]) and graph.ops[a] != "const"]
        if not lost:
            return graph.parts[i], i
        i = lost[0]
    return None


def _values(
    interpreter: Interpreter, roots: list[int], b: list, age: float, graph: Graph | None = None
) -> dict[int, float]:
    """Every node that the roots need, from the slots alone. `graph`: of the same body, traced once more."""
    graph, layout = graph or interpreter.program.graph, interpreter.layout
    regions = {"state": layout.state, "param": layout.param, "held": layout.held}
    values: dict[int, float] = {}
    for i in graph.needed(roots):
        op, args = graph.ops[i], graph.args[i]
        if op == "const":
            values[i] = float.fromhex(args[0])
        elif op == "elapsed":
            values[i] = interpreter.elapsed(b, age)(args[0])
        elif op in regions:
            values[i] = b[regions[op] + args[0]]
        elif op == "ring":
            values[i] = b[layout.ring + layout.ring_starts[args[0]]]
        elif op in LEAVES:
            values[i] = 0.5  # a random number
        else:
            values[i] = computed(op, [values[a] for a in args])
    return values
