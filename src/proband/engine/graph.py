"""Traced values: equations that run on them leave a graph of operations, each written down once.

Every node remembers the part that wrote it, and the source line on request, so that a failure can be named. A node's level
says how often it changes: with nothing (0), per patient (1), at slow samples (2), at every sample (3), or
continuously (4). What changes seldom is computed seldom.
"""

from __future__ import annotations

import functools
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from proband.engine import arithmetic
from proband.model.maths import Dual
from proband.model.rows import ModelError
from proband.units import Quantity, Unit

CONST, PATIENT, SLOW, SAMPLE, FAST = range(5)
_OURS = (str(Path(__file__).parent), str(Path(__file__).parent.parent / "model"))
BOOLEAN = {"lt", "le", "eq", "and", "or", "not"}
LEAVES = {"const", "param", "state", "held", "ring", "elapsed", "random", "factor", "slope"}


class Graph:
    """Nodes in the order they were written: `ops[i]`, `args[i]` (node numbers, or a leaf's own data).

    `parts[i]` wrote node i; `lines[i]` is the source line, where lines were asked for (they cost time)."""

    def __init__(self, with_lines: bool = False) -> None:
        self.ops: list[str] = []
        self.args: list[tuple] = []
        self.levels: list[int] = []
        self.parts: list[str] = []
        self.lines: list[int] | None = [] if with_lines else None
        self.part = ""
        self._nodes: list[Node] = []
        self._known: defaultdict[str, dict[tuple, Node]] = defaultdict(dict)  # by operation, then by arguments
        self._constants: dict[float, Node] = {}
        self._reciprocals: list[int] = []

    def __len__(self) -> int:
        return len(self.ops)

    def add(self, op: str, args: tuple, level: int, constant: float | None = None) -> Node:
        node = self._known[op].get(args)
        return self._write(op, args, level, constant) if node is None else node

    leaf = add

    def _write(self, op: str, args: tuple, level: int, constant: float | None = None) -> Node:
        nodes = self._nodes
        node = self._known[op][args] = Node(self, len(nodes), op, level, constant)
        nodes.append(node)
        self.ops.append(op)
        self.args.append(args)
        self.levels.append(level)
        self.parts.append(self.part)
        if self.lines is not None:
            self.lines.append(_line())
        return node

    def reciprocal(self, a: Node) -> Node:
        """1 / a."""
        node = self.operation("div", self.const(1.0), a)
        self._reciprocals.append(node.number)
        return node

    def const(self, value: float) -> Node:
        value = float(value)
        node = self._constants.get(value) if value else None  # 0.0 and −0.0 are equal but not the same
        if node is None:
            node = self._constants[value] = self.add("const", (value.hex(),), CONST, value)
        return node

    def at(self, number: int) -> Node:
        """The node of that number."""
        return self._nodes[number]

    def node(self, thing: object) -> Node:
        """A number, a quantity or a node, as a node."""
        if isinstance(thing, float) and thing in self._constants and thing:
            return self._constants[thing]
        if isinstance(thing, Node):
            if thing.graph is not self:  # its number would name another node here
                raise ModelError(
                    f"{self.part}: a value from the equations of another body cannot stand in an equation."
                )
            return thing
        if isinstance(thing, Quantity):
            return self.const(thing.si)
        if isinstance(thing, (int, float)):
            return self.const(thing)
        if isinstance(thing, Unit):
            return self.const((1.0 * thing).si)
        raise ModelError(f"{self.part}: {thing!r} cannot stand in an equation.")

    def stored(self, thing: object) -> Node:
        """A node as it goes into a slot: conditions become 1 or 0."""
        return self.node(thing).as_number()

    def operation(self, op: str, a: Node, b: Node | None = None, c: Node | None = None) -> Node:
        """An operation on nodes, which changes as often as the one of them that changes most often."""
        args = (a.number,) if b is None else (a.number, b.number) if c is None else (a.number, b.number, c.number)
        node = self._known[op].get(args)
        if node is not None:
            return node
        level = a.level
        if b is not None and b.level > level:
            level = b.level
        if c is not None and c.level > level:
            level = c.level
        return self._write(op, args, level)

    def rejoin(self, roots: Sequence[int], needed: Iterable[int]) -> None:
        """Make a factor and a reciprocal that serves it alone one division again, among the nodes that are needed."""
        ops, args, kept = self.ops, self.args, set(roots)
        alone: dict[int, int] = {}  # reciprocal → its one user
        reciprocals = set(self._reciprocals) - kept
        shared: set[int] = set()
        apart = reciprocals.isdisjoint
        for i in needed:
            if not apart(args[i]) and ops[i] not in LEAVES:
                for r in reciprocals.intersection(args[i]):
                    (shared.add(r) if r in alone else alone.setdefault(r, i))
        for r, i in alone.items():
            if r not in shared and ops[i] == "mul" and self.levels[r] == self.levels[i]:
                a, b = args[i]
                if a != b:
                    self._become(i, "div", (a if b == r else b, args[r][1]))

    def _become(self, number: int, op: str, args: tuple[int, ...]) -> None:
        node = self._known[self.ops[number]].pop(self.args[number])
        self.ops[number], self.args[number], node.op = op, args, op
        self._known[op][args] = node

    def needed(self, roots: Sequence[int]) -> list[int]:
        """Every node that the roots depend on, in order."""
        seen: set[int] = set()
        stack = list(roots)
        while stack:
            i = stack.pop()
            if i not in seen:
                seen.add(i)
                if self.ops[i] not in LEAVES:
                    stack.extend(self.args[i])
        return sorted(seen)


def _line() -> int:
    """The nearest line that is not of the tracer."""
    frame = sys._getframe(1)
    while frame is not None and _is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return 0 if frame is None else frame.f_lineno


@functools.cache
def _is_ours(file: str) -> bool:
    return file.startswith(_OURS)


def _operator(write: Callable[[Node, Node], Node], turned: bool = False) -> Callable[[Node, object], Node]:
    """A method of Node that writes an operation on itself and another value; turned, the other value comes first."""

    def method(self: Node, other: object):
        if not isinstance(other, Node) or other.graph is not self.graph:
            if isinstance(other, Dual):
                return NotImplemented  # it carries its slope along, and knows how
            other = self.graph.node(other)
        if self.is_boolean:
            self = self.as_number()
        if other.is_boolean:
            other = other.as_number()
        return write(other, self) if turned else write(self, other)

    return method


class Node:
    """One traced value. Arithmetic on it writes to the graph."""

    meets_quantities = True
    __slots__ = ("constant", "graph", "is_boolean", "level", "number", "op")

    def __init__(self, graph: Graph, number: int, op: str, level: int, constant: float | None):
        self.graph = graph
        self.number = number
        self.op = op
        self.level = level
        self.constant = constant  # the value, where it is known already
        self.is_boolean = op in BOOLEAN

    def __bool__(self) -> bool:
        raise ModelError(
            f"{self.graph.part}: a condition on a traced value; write it as if in a component, or use where(…)."
        )

    def __float__(self) -> float:
        raise ModelError(
            f"{self.graph.part}: math functions cannot take a traced value; use those of proband.model (exp, log, …)."
        )

    __index__ = __int__ = __float__
    __hash__ = None  # type: ignore[assignment]

    # arithmetic
    __add__ = _operator(arithmetic.add)
    __radd__ = _operator(arithmetic.add)
    __sub__ = _operator(arithmetic.subtract)
    __rsub__ = _operator(arithmetic.subtract, turned=True)
    __mul__ = _operator(arithmetic.multiply)
    __rmul__ = _operator(arithmetic.multiply)
    __truediv__ = _operator(arithmetic.divide)
    __rtruediv__ = _operator(arithmetic.divide, turned=True)
    __pow__ = _operator(arithmetic.power)
    __rpow__ = _operator(arithmetic.power, turned=True)
    __mod__ = _operator(arithmetic.remainder)

    def __neg__(self):
        return arithmetic.negative(self.as_number())

    def __pos__(self):
        return self

    def __abs__(self):
        return self.apply("abs", abs)

    def apply(self, name, plain):
        return arithmetic.unary(name, self.as_number(), plain)

    def as_number(self) -> Node:
        """A condition used as a number is 1 or 0."""
        if not self.is_boolean:
            return self
        return self.graph.operation("select", self, self.graph.const(1.0), self.graph.const(0.0))

    # comparison
    __lt__ = _operator(arithmetic.less)
    __le__ = _operator(arithmetic.less_or_equal)
    __gt__ = _operator(arithmetic.less, turned=True)
    __ge__ = _operator(arithmetic.less_or_equal, turned=True)
    _equals = _operator(arithmetic.equal)
    __eq__ = _equals  # type: ignore[assignment]

    def __ne__(self, other):  # type: ignore[override]
        same = self._equals(other)
        return same if same is NotImplemented else same.logical_not()

    def _truth(self) -> Node:
        if self.is_boolean:
            return self
        if self.constant is not None:
            return self
        return self._equals(0.0).logical_not()

    def logical_and(self, other):
        return arithmetic.both(self._truth(), self.graph.node(other)._truth())

    def logical_or(self, other):
        return arithmetic.either(self._truth(), self.graph.node(other)._truth())

    def logical_not(self):
        a = self._truth()
        if a.constant is not None:
            return self.graph.const(float(a.constant == 0))
        return self.graph.operation("not", a)

    def select(self, then, otherwise):
        condition = self._truth()
        then, otherwise = self.graph.node(then), self.graph.node(otherwise)
        if condition.constant is not None:
            return then if condition.constant else otherwise
        if then.number == otherwise.number:
            return then
        if then.is_boolean and otherwise.is_boolean:
            return condition.logical_and(then).logical_or(condition.logical_not().logical_and(otherwise))
        return self.graph.operation("select", condition, then.as_number(), otherwise.as_number())
