"""Traced values: equations that run on them leave a graph of operations, each written down once.

Every node remembers the part that wrote it, and the source line on request, so that a failure can be named. A node's level
says how often it changes: with nothing (0), per patient (1), at slow samples (2), at every sample (3), or
continuously (4). What changes seldom is computed seldom.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from proband.model.maths import Dual
from proband.model.rows import ModelError
from proband.units import Quantity, Unit

CONST, PATIENT, SLOW, SAMPLE, FAST = range(5)
_OURS = (str(Path(__file__).parent), str(Path(__file__).parent.parent / "model"))
COMPARISONS = {"lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "eq": lambda a, b: a == b}
BOOLEAN = {*COMPARISONS, "and", "or", "not"}
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
        self._known: dict[tuple, Node] = {}
        self._constants: dict[float, Node] = {}

    def __len__(self) -> int:
        return len(self.ops)

    def add(self, op: str, args: tuple, level: int, constant: float | None = None) -> Node:
        key = (op, args)
        node = self._known.get(key)
        if node is None:
            node = self._known[key] = Node(self, len(self.ops), op, level, constant)
            self.ops.append(op)
            self.args.append(args)
            self.levels.append(level)
            self.parts.append(self.part)
            if self.lines is not None:
                self.lines.append(_line())
        return node

    def const(self, value: float) -> Node:
        value = float(value)
        node = self._constants.get(value) if value else None  # 0.0 and −0.0 are equal but not the same
        if node is None:
            node = self._constants[value] = self.add("const", (value.hex(),), CONST, value)
        return node

    def at(self, number: int) -> Node:
        """The node of that number."""
        op, args = self.ops[number], self.args[number]
        return self._known[(op, args)]

    def leaf(self, op: str, args: tuple, level: int) -> Node:
        return self.add(op, args, level)

    def node(self, thing: object) -> Node:
        """A number, a quantity or a node, as a node."""
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
        return _number(self.node(thing))

    def operation(self, op: str, *operands: Node) -> Node:
        args = tuple([n.number for n in operands])
        known = self._known.get((op, args))
        return self.add(op, args, max([n.level for n in operands])) if known is None else known

    def pair(self, op: str, a: Node, b: Node) -> Node:
        """An operation on two operands: most are."""
        args = (a.number, b.number)
        known = self._known.get((op, args))
        return self.add(op, args, a.level if a.level > b.level else b.level) if known is None else known

    def rejoin(self, roots: Sequence[int], needed: Iterable[int]) -> None:
        """Make a factor and a reciprocal that serves it alone one division again, among the nodes that are needed."""
        ops, args, kept = self.ops, self.args, set(roots)
        one = self.const(1.0).number
        alone: dict[int, int] = {}  # reciprocal → its one user
        reciprocals = {i for i, op in enumerate(ops) if op == "div" and args[i][0] == one and i not in kept}
        shared: set[int] = set()
        for i in needed:
            if not reciprocals.isdisjoint(args[i]) and ops[i] not in LEAVES:
                for r in reciprocals.intersection(args[i]):
                    (shared.add(r) if r in alone else alone.setdefault(r, i))
        for r, i in alone.items():
            if r not in shared and ops[i] == "mul" and self.levels[r] == self.levels[i]:
                a, b = args[i]
                if a != b:
                    self._become(i, "div", (a if b == r else b, args[r][1]))

    def _become(self, number: int, op: str, args: tuple[int, ...]) -> None:
        node = self._known.pop((self.ops[number], self.args[number]))
        self.ops[number], self.args[number], node.op = op, args, op
        self._known[op, args] = node

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
    frame = sys._getframe(3)
    for _ in range(8):
        if frame is None:
            return 0
        if not _is_ours(frame.f_code.co_filename):
            return frame.f_lineno
        frame = frame.f_back
    return 0


@functools.cache
def _is_ours(file: str) -> bool:
    return file.startswith(_OURS)


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
    def _two(self, other) -> tuple[Node, Node]:
        if not isinstance(other, Node) or other.graph is not self.graph:
            other = self.graph.node(other)
        return (_number(self) if self.is_boolean else self), (_number(other) if other.is_boolean else other)

    def __add__(self, other):
        a, b = self._two(other)
        return _add(a, b)

    __radd__ = __add__

    def __sub__(self, other):
        a, b = self._two(other)
        return _subtract(a, b)

    def __rsub__(self, other):
        b, a = self._two(other)
        return _subtract(a, b)

    def __mul__(self, other):
        a, b = self._two(other)
        return _multiply(a, b)

    __rmul__ = __mul__

    def __truediv__(self, other):
        a, b = self._two(other)
        return _divide(a, b)

    def __rtruediv__(self, other):
        b, a = self._two(other)
        return _divide(a, b)

    def __neg__(self):
        return _negative(_number(self))

    def __pos__(self):
        return self

    def __abs__(self):
        return _unary("abs", _number(self), abs)

    def __pow__(self, power):
        return _power(*self._two(power))

    def __rpow__(self, base):
        b, a = self._two(base)
        return _power(a, b)

    def __mod__(self, other):
        a, b = self._two(other)
        return a - b * (a / b).apply("floor", math.floor)

    # comparison
    def _compare(self, op, other):
        a, b = self._two(other)
        if a.constant is not None and b.constant is not None:
            return self.graph.const(float(COMPARISONS[op](a.constant, b.constant)))
        return self.graph.pair(op, a, b)

    def __lt__(self, other):
        return self._compare("lt", other)

    def __le__(self, other):
        return self._compare("le", other)

    def __gt__(self, other):
        return self.graph.node(other)._compare("lt", self)

    def __ge__(self, other):
        return self.graph.node(other)._compare("le", self)

    def __eq__(self, other):  # type: ignore[override]
        return self._compare("eq", other)

    def __ne__(self, other):  # type: ignore[override]
        return self._compare("eq", other).logical_not()

    def _truth(self) -> Node:
        if self.is_boolean:
            return self
        if self.constant is not None:
            return self
        return (self == 0.0).logical_not()

    def logical_and(self, other):
        return _logical("and", self._truth(), self.graph.node(other)._truth())

    def logical_or(self, other):
        return _logical("or", self._truth(), self.graph.node(other)._truth())

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
        return self.graph.operation("select", condition, _number(then), _number(otherwise))

    def apply(self, name, plain):
        return _unary(name, _number(self), plain)


def _yielding(method):
    """An operator that leaves the word to a value that carries its slope along."""
    return lambda self, other: NotImplemented if isinstance(other, Dual) else method(self, other)


for _name in ("add", "sub", "mul", "truediv", "lt", "le", "gt", "ge"):
    setattr(Node, f"__{_name}__", _yielding(getattr(Node, f"__{_name}__")))


def _number(node: Node) -> Node:
    """A boolean used as a number is 1 or 0."""
    if node.is_boolean:
        graph = node.graph
        return graph.operation("select", node, graph.const(1.0), graph.const(0.0))
    return node


def _folded(a: Node, b: Node, function) -> Node | None:
    if a.constant is None or b.constant is None:
        return None
    return a.graph.const(function(a.constant, b.constant))


def _factors(product: Node) -> list[Node]:
    return [product.graph.at(i) for i in product.graph.args[product.number]]


def _add(a: Node, b: Node) -> Node:
    if (known := _folded(a, b, lambda x, y: x + y)) is not None:
        return known
    if a.constant == 0:
        return b
    if b.constant == 0:
        return a
    graph = a.graph
    level = max(a.level, b.level)
    for product, rest in ((a, b), (b, a)):
        if product.op == "mul" and product.level == level:
            return graph.operation("fma", *_factors(product), rest)
    return graph.pair("add", a, b) if a.number < b.number else graph.pair("add", b, a)


def _subtract(a: Node, b: Node) -> Node:
    if (known := _folded(a, b, lambda x, y: x - y)) is not None:
        return known
    if b.constant == 0:
        return a
    if a.constant == 0:
        return _negative(b)
    if a.number == b.number:
        return a.graph.const(0.0)
    graph = a.graph
    level = max(a.level, b.level)
    if b.op == "mul" and b.level == level:
        x, y = _factors(b)
        return graph.operation("fma", _negative(x), y, a)
    if a.op == "mul" and a.level == level:
        x, y = _factors(a)
        return graph.operation("fma", x, y, _negative(b))
    return graph.pair("sub", a, b)


def _negative(a: Node) -> Node:
    if a.constant is not None:
        return a.graph.const(-a.constant)
    if a.op == "neg":
        return a.graph.at(a.graph.args[a.number][0])
    return a.graph.operation("neg", a)


def _multiply(a: Node, b: Node) -> Node:
    if (known := _folded(a, b, lambda x, y: x * y)) is not None:
        return known
    if a.constant == 1:
        return b
    if b.constant == 1:
        return a
    if a.constant == 0 or b.constant == 0:
        return a.graph.const(0.0)
    if a.constant == -1:
        return _negative(b)
    if b.constant == -1:
        return _negative(a)
    return a.graph.pair("mul", a, b) if a.number < b.number else a.graph.pair("mul", b, a)


def _divide(a: Node, b: Node) -> Node:
    if b.constant is not None and b.constant != 0:
        if a.constant is not None:
            return a.graph.const(a.constant / b.constant)
        if b.constant == 1:
            return a
    # A reciprocal serves every dividend of the same divisor, and is computed as seldom as the divisor changes.
    if a.constant != 1:
        return _multiply(a, _divide(a.graph.const(1.0), b))
    return a.graph.pair("div", a, b)


def _power(a: Node, b: Node) -> Node:
    n = b.constant
    if n is not None and a.constant is not None:
        try:
            return a.graph.const(a.constant**n)
        except (OverflowError, ZeroDivisionError, TypeError):  # a root of a negative number is complex
            return a.graph.const(math.nan)
    if n is not None and float(n).is_integer() and 0 <= abs(n) <= 8:
        result, base, left = a.graph.const(1.0), a, int(abs(n))
        while left:
            if left & 1:
                result = _multiply(result, base)
            base, left = _multiply(base, base) if left > 1 else base, left >> 1
        return result if n >= 0 else _divide(a.graph.const(1.0), result)
    if n == 0.5:
        return a.apply("sqrt", math.sqrt)
    return _multiply(b, a.apply("log", math.log)).apply("exp", math.exp)


def _unary(name: str, a: Node, plain) -> Node:
    if a.constant is not None:
        return a.graph.const(plain(a.constant))
    return a.graph.operation(name, a)


def _logical(op: str, a: Node, b: Node) -> Node:
    for x, y in ((a, b), (b, a)):
        if x.constant is not None:
            if op == "and":
                return y if x.constant else x
            return x if x.constant else y
    return a.graph.pair(op, a, b) if a.number < b.number else a.graph.pair(op, b, a)
