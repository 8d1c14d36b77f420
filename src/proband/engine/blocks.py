"""Which equations are computed when: what changes seldom is kept in slots and loaded by what changes often."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from proband.engine.explicit import EXPLICIT, Stage
from proband.engine.graph import BOOLEAN, FAST, LEAVES, PATIENT, SAMPLE, SLOW
from proband.engine.implicit import Implicit, implicit
from proband.engine.program import Program

KEPT = (PATIENT, SLOW, SAMPLE)


@dataclass
class Block:
    """Nodes that are computed together, in order, and the ones that are asked for."""

    name: str
    level: int
    nodes: list[int] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)


@dataclass
class Plan:
    """Every block of a program and the slot of every kept node."""

    program: Program
    kept: dict[int, int]  # node → slot in the kept region
    keepers: list[Block]  # one per level that has kept nodes: fills their slots
    rates: Block  # derivatives alone
    samples: list[Block]  # one per group
    observe: Block  # observed outputs alone
    tallied: tuple[int, ...] = ()  # numbers of the observed outputs whose values are counted
    implicit: Implicit | None = None  # of a body that is stepped with ROS2
    half: Block | None = None  # its first half: factors, k1, observed outputs
    rest: Block | None = None  # its second half: k2
    stages: tuple[Stage, ...] = ()  # of a body that is stepped explicitly

    @functools.cached_property
    def full(self) -> Block:
        """Derivatives and observed outputs, each node once."""
        nodes = sorted({*self.rates.nodes, *self.observe.nodes})
        return Block("full", FAST, nodes, [*self.rates.roots, *self.observe.roots])


def plan(program: Program, method: str = "RK4", tallied: tuple[int, ...] = ()) -> Plan:
    """Lay out a program for a method, an explicit one or `ROS2`. Of the `tallied` outputs every value is counted."""
    ops, args, levels = program.graph.ops, program.graph.args, program.graph.levels
    step = implicit(program) if method == "ROS2" else None
    kept_at: dict[int, set[int]] = {level: set() for level in KEPT}

    def block(name: str, roots: list[int], level: int, keeping: tuple[int, ...] = KEPT) -> Block:
        """What the roots need. What changes less often than `level` is kept, if its own level is worth `keeping`."""
        nodes, wanted = [], bytearray(len(ops))
        for i in roots:
            wanted[i] = 1
        i = len(ops)
        while (i := wanted.rfind(1, 0, i)) >= 0:  # backwards: a node stands behind what it needs
            op = ops[i]
            if op in LEAVES:
                continue
            own = levels[i]
            if own < level and (own in keeping or i in kept_at.get(own, ())) and op not in BOOLEAN:
                kept_at[own].add(i)  # a condition has no slot
                continue
            nodes.append(i)
            for needed in args[i]:
                wanted[needed] = 1
        return Block(name, level, nodes[::-1], list(roots))

    outputs = [n for _, n in program.outputs]
    rates = block("rates", program.derivatives, FAST)
    observe = block("observe", outputs, FAST)
    half = rest = None
    if step is not None:
        half = block("half", [*step.factors, *step.first, *outputs], FAST)
        rest = block("rest", step.second, FAST)
    samples = []
    for i, group in enumerate(program.groups):  # computed seldom themselves: only what never changes is worth a slot
        roots = [n for _, n in (*group.outputs, *group.memory)] + [program.rings[r].source for r in group.rings]
        samples.append(block(f"sample_{i}", roots, FAST, keeping=(PATIENT,)))
    keepers: list[Block] = []
    kept: dict[int, int] = {}
    for level in (SAMPLE, SLOW, PATIENT):
        roots = sorted(kept_at[level])
        keepers.insert(0, block(f"keep_{level}", roots, level))
        keepers[0].roots = roots
    for keeper in keepers:
        for node in keeper.roots:
            kept[node] = len(kept)
    return Plan(program, kept, keepers, rates, samples, observe, tallied, step, half, rest, EXPLICIT.get(method, ()))
