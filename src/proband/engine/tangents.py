"""Tangents: how much every number of a body moves with one of its rows, carried along beside it.

Each state, held value and delay line gets a companion that holds its derivative by the row, and the chain rule writes
the companions' equations. A Runge–Kutta step of the companions is the derivative of the step itself, so what comes out is
the exact derivative of what is computed: through sampled parts, delays and means, and in the steady state once the
companions have settled, too. Which branch is taken, and at which step something is sampled, does not move."""

from __future__ import annotations

from collections.abc import Iterable

from proband.engine.derivatives import RULES
from proband.engine.graph import FAST, LEAVES, Node
from proband.engine.program import Program, Ring, Slot
from proband.model import Body, ModelError
from proband.units import Unit


def per(thing: str, row: str) -> str:
    """The name of the derivative of a signal by a row."""
    return f"{thing} per {row}"


def add_tangents(program: Program, body: Body, rows: Iterable[str]) -> None:
    """Write the companions of each of the `rows` (`part.row`: a parameter, a command, or where a state starts) into a
    program that nobody runs yet. Of each observed signal its derivative `signal per row` is observed, too.

    Raises ModelError for a name that is no such row, for a choice by name, and where a foreign part answers, since
    nobody knows how its answers move."""
    nodes = program.size
    before = tuple(len(table) for table in (program.states, program.held, program.rings, program.outputs))
    for row in dict.fromkeys(rows):
        if program.foreign:
            raise ModelError(
                f"{program.foreign[0].name} is a foreign part: how its answers move with {row} is not known, so a body "
                "with it has no tangents."
            )
        part, described = body.row(row)
        if described.names:
            raise ModelError(f"{row} is a choice ({', '.join(n for n, _ in described.names)}), which has no tangent.")
        if described.kind not in ("param", "command", "state"):
            raise ModelError(f"{row} is a {described.kind} row; a tangent is taken by a parameter, command or state.")
        _Companions(program, body, row, f"{part}.{described.name}", described.unit, nodes, before).write()
        program.size = len(program.graph)


class _Companions:
    """The derivatives of a program's numbers by one row. Before any was added it had `before` states, held values,
    rings and outputs; the companions of each table stand in its order."""

    def __init__(
        self, program: Program, body: Body, row: str, name: str, unit: Unit, nodes: int, before: tuple[int, ...]
    ):
        self.program, self.graph, self.row, self.name, self.unit = program, program.graph, row, name, unit
        self.contents = body.contents
        self.states, self.held, self.rings, self.outputs = before
        self.first_state, self.first_held, self.first_ring = len(program.states), len(program.held), len(program.rings)
        self.nodes = nodes
        self.slopes: list[Node | None] = []  # by node; None where it is flat

    def write(self) -> None:
        program = self.program
        program.states += [self.companion(slot) for slot in program.states[: self.states]]
        program.held += [self.companion(slot) for slot in program.held[: self.held]]
        program.unread |= {i + self.first_held for i in program.unread if i < self.held}
        self.differentiate()
        program.derivatives += [self.slope(i) for i in program.derivatives[: self.states]]
        for group in program.groups:
            for written in (group.outputs, group.memory):
                own = [(slot, node) for slot, node in written if slot < self.held]
                written += [(slot + self.first_held, self.slope(node)) for slot, node in own]
            group.rings += [r + self.first_ring for r in group.rings if r < self.rings]
        program.rings += [
            Ring(per(r.name, self.row), r.length, self.slope(r.source)) for r in program.rings[: self.rings]
        ]
        for signal, node in program.outputs[: self.outputs]:
            if " > " not in signal and " < " not in signal:  # whether something holds is flat
                unit, meaning = program.units[signal]
                program.outputs.append((per(signal, self.row), self.slope(node)))
                program.units[per(signal, self.row)] = unit / self.unit, f"derivative by {self.row}: {meaning}"

    def companion(self, slot: Slot) -> Slot:
        """A row moves with itself; what a compartment carries at the start moves with how much it holds."""
        start = 1.0 if slot.name == self.name else 0.0
        place, _, own = slot.name.rpartition(".")
        if self.name == f"{place}.volume" and own != "volume":
            start = self.contents.get(slot.name, 0.0)
        return Slot(f"per {self.row}: {slot.name}", slot.unit / self.unit, start)

    def differentiate(self) -> None:
        """The slope of every node that tracing wrote."""
        graph = self.graph
        for i in range(self.nodes):
            graph.part = graph.parts[i]
            op, args = graph.ops[i], graph.args[i]
            self.slopes.append(self.leaf(op, args, graph.levels[i]) if op in LEAVES else self.chain(i, op, args))

    def leaf(self, op: str, args: tuple, level: int) -> Node | None:
        graph = self.graph
        if op == "param":
            return graph.const(1.0) if self.program.params[args[0]].name == self.name else None
        if op == "state":
            return graph.leaf("state", (args[0] + self.first_state,), FAST)
        if op == "held":
            return graph.leaf("held", (args[0] + self.first_held,), level)
        if op == "ring":
            return graph.leaf("ring", (args[0] + self.first_ring, *args[1:]), level)
        return None

    def chain(self, i: int, op: str, args: tuple[int, ...]) -> Node | None:
        graph, slopes = self.graph, self.slopes
        rule = RULES.get(op)
        if rule is None or all(slopes[a] is None for a in args):  # comparisons, logic, floor: flat wherever smooth
            return None
        operands = [graph.at(a) for a in args]
        if op == "select":
            zero = graph.const(0.0)
            then, other = (zero if slopes[a] is None else slopes[a] for a in args[1:])
            return operands[0].select(then, other)
        total = None
        for a, factor in zip(args, rule(graph.at(i), *operands), strict=True):
            slope = slopes[a]
            if slope is not None:
                term = slope if factor is None else slope * factor
                total = term if total is None else total + term
        return total

    def slope(self, node: int) -> int:
        slope = self.slopes[node]
        return (self.graph.const(0.0) if slope is None else slope).number
