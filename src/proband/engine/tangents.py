"""Tangents: how much every number of a body moves with one of its rows, carried along beside it.

Each state, held value and delay line gets a companion that holds its derivative by the row, and the chain rule writes
the companions' equations. A Runge–Kutta step of the companions is the derivative of the step itself, so what comes out is
the exact derivative of what is computed: through sampled parts, delays and means, and in the steady state once the
companions have settled, too. Which branch is taken, and at which step something is sampled, does not move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from proband.engine.derivatives import chain
from proband.engine.graph import FAST, LEAVES, Node
from proband.engine.program import Group, Program, Ring, Slot
from proband.model import Body, ModelError
from proband.model.signals import beyond
from proband.units import Unit


def per(thing: str, row: str) -> str:
    """The name of the derivative of a signal by a row."""
    return f"{thing} per {row}"


def add_tangents(program: Program, body: Body, rows: Iterable[str]) -> None:
    """Write the companions of each of the `rows` (`part.row`: a parameter, a command, or where a state starts) into a
    program that nobody runs yet. Of each observed signal its derivative `signal per row` is observed, too.

    Raises ModelError for a name that is no such row, for a choice by name, and where a foreign part answers, since
    nobody knows how its answers move."""
    bare = _copy(program)
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
        _Companions(program, bare, body.contents, row, f"{part}.{described.name}", described.unit).write()
        program.size = len(program.graph)


def _copy(program: Program) -> Program:
    """The tables as they are now; the graph is the same one."""
    tables = ("states", "held", "rings", "derivatives", "outputs")
    groups = [Group(g.period, [*g.outputs], [*g.memory], [*g.rings]) for g in program.groups]
    return replace(program, groups=groups, **{name: [*getattr(program, name)] for name in tables})


class _Companions:
    """The derivatives of a program's numbers by one row. `bare` is the program before it had any; the companions of each
    table stand in its order."""

    def __init__(self, program: Program, bare: Program, contents: Mapping[str, float], row: str, name: str, unit: Unit):
        self.program, self.bare, self.graph, self.contents = program, bare, program.graph, contents
        self.row, self.name, self.unit = row, name, unit
        self.first_state, self.first_held, self.first_ring = len(program.states), len(program.held), len(program.rings)
        self.slopes: dict[int, dict[int, Node]] = {}  # by node: in the one direction there is, or none where it is flat

    def write(self) -> None:
        program, bare = self.program, self.bare
        program.states += [self.companion(slot) for slot in bare.states]
        program.held += [self.companion(slot) for slot in bare.held]
        program.unread |= {i + self.first_held for i in bare.unread}
        self.differentiate()
        program.derivatives += [self.slope(i) for i in bare.derivatives]
        for group, own in zip(program.groups, bare.groups, strict=True):
            group.outputs += [(slot + self.first_held, self.slope(node)) for slot, node in own.outputs]
            group.memory += [(slot + self.first_held, self.slope(node)) for slot, node in own.memory]
            group.rings += [r + self.first_ring for r in own.rings]
        program.rings += [Ring(per(r.name, self.row), r.length, self.slope(r.source)) for r in bare.rings]
        for signal, node in bare.outputs:
            if not beyond(signal):  # whether something holds is flat
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
        graph, slopes = self.graph, self.slopes
        for i in range(self.bare.size):
            graph.part = graph.parts[i]
            op, args = graph.ops[i], graph.args[i]
            if op in LEAVES:
                moves = self.leaf(op, args, graph.levels[i])
                slopes[i] = {} if moves is None else {0: moves}
            else:
                slopes[i] = chain(graph, i, op, args, slopes) if any(slopes[a] for a in args) else {}

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

    def slope(self, node: int) -> int:
        return self.slopes[node].get(0, self.graph.const(0.0)).number
