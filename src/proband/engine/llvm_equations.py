"""LLVM IR of a program's equations, for any number of lanes: every node once, in the order in which it was traced."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from proband.engine.blocks import Block, Plan
from proband.engine.layout import Layout
from proband.engine.llvm_math import Lanes, Writer
from proband.engine.randomness import GOLDEN, MIX_1, MIX_2, STREAM
from proband.engine.schedule import frugal, ordered

COMPARE = {"lt": "olt", "le": "ole", "eq": "oeq"}
CACHE_LINE = 64  # bytes
MATHS = ("exp", "log", "sin", "cos", "tanh")


class Equations:
    """Writes blocks of equations. `strided` puts patients side by side at a stride known only at run time (a GPU)."""

    def __init__(self, plan: Plan, layout: Layout, width: int, precision: str, strided: bool = False):
        self.plan, self.program, self.graph = plan, plan.program, plan.program.graph
        self.layout, self.lanes, self.strided = layout, Lanes(width, precision), strided
        self.h = self.program.step_ns * 1e-9
        self.functions: list[str] = []
        self.used = {op for op in self.graph.ops if op in MATHS}

    # addresses -------------------------------------------------------------------------------------------------
    def at(self, w: Writer, slot: int, base: str = "%b") -> str:
        """The address of a slot."""
        scalar = self.lanes.scalar
        if self.strided:
            offset = w.let(f"mul i64 %stride, {slot}")
            return w.let(f"getelementptr {scalar}, ptr {base}, i64 {offset}")
        return w.let(f"getelementptr {scalar}, ptr {base}, i64 {slot * self.lanes.width}")

    def at_index(self, w: Writer, slot: str, base: str = "%b") -> str:
        """The address of a slot whose number is known at run time."""
        step = "%stride" if self.strided else str(self.lanes.width)
        offset = w.let(f"mul i64 {slot}, {step}")
        return w.let(f"getelementptr {self.lanes.scalar}, ptr {base}, i64 {offset}")

    def load(self, w: Writer, slot: int, base: str = "%b") -> str:
        return w.let(f"load {self.lanes.V}, ptr {self.at(w, slot, base)}, align {self.align}")

    def store(self, w: Writer, value: str, slot: int, base: str = "%b") -> None:
        w.do(f"store {self.lanes.V} {value}, ptr {self.at(w, slot, base)}, align {self.align}")

    @property
    def align(self) -> int:
        return self.lanes.bytes if self.strided else self.lanes.bytes * self.lanes.width

    def splat(self, w: Writer, scalar: str) -> str:
        """A run-time number in every lane."""
        lanes = self.lanes
        if lanes.width == 1:
            return scalar
        one = w.let(f"insertelement {lanes.V} poison, {lanes.scalar} {scalar}, i64 0")
        return w.let(f"shufflevector {lanes.V} {one}, {lanes.V} poison, <{lanes.width} x i32> zeroinitializer")

    # nodes -----------------------------------------------------------------------------------------------------
    def block(
        self,
        w: Writer,
        block: Block,
        states: str,
        elapsed,
        use: Callable[[int, str], None] | None = None,
        first: Mapping[int, list[int]] | None = None,
    ) -> dict[int, str]:
        """Write a block's nodes; gives their names. `states` is the pointer to the states; `elapsed(w, period)` a sampled
        part's age; `use(node, name)` is called once for every root, as soon as there is one; the leaves `first[node]`
        are loaded before that, since their slots are about to be overwritten."""
        graph, made = self.graph, {}

        def value(i: int) -> str:
            known = made.get(i)
            if known is None:
                known = made[i] = self.leaf(w, i, states, elapsed)
            return known

        def hand(i: int) -> None:
            name = value(i)
            for leaf in first.get(i, ()) if first else ():
                value(leaf)
            if use:
                use(i, name)

        roots = dict.fromkeys(block.roots)
        order = frugal if self.align >= CACHE_LINE else ordered
        for i in order(graph, block.nodes):
            made[i] = self.operation(w, graph.ops[i], [value(a) for a in graph.args[i]])
            if i in roots:
                hand(i)
                del roots[i]
        for i in roots:
            hand(i)
        return made

    def leaf(self, w: Writer, i: int, states: str, elapsed) -> str:
        graph, layout = self.graph, self.layout
        op, args = graph.ops[i], graph.args[i]
        if i in self.plan.kept:
            return self.load(w, layout.kept + self.plan.kept[i])
        if op == "const":
            return self.lanes.c(float.fromhex(args[0]))
        if op == "state":
            return self.load(w, args[0], states)
        if op == "param":
            return self.load(w, layout.param + args[0])
        if op == "held":
            return self.load(w, layout.held + args[0])
        if op == "elapsed":
            return elapsed(w, args[0])
        if op == "factor":
            return self.load(w, layout.factor + args[0])
        if op == "slope":
            return self.load(w, layout.total_rate + args[0])
        if op == "ring":
            return self.ring_value(w, args[0])
        if op == "random":
            return self.random(w, args[0])
        raise AssertionError(f"{op} is no leaf")

    def operation(self, w: Writer, op: str, a: list[str]) -> str:
        boolean = self.lanes.B
        if op in ("add", "sub", "mul", "div", "neg", "fma", "select"):
            return getattr(w, op)(*a)
        if op in COMPARE:
            return w.compare(COMPARE[op], *a)
        if op in ("and", "or"):
            return w.let(f"{op} {boolean} {a[0]}, {a[1]}")
        if op == "not":
            true = "true" if self.lanes.width == 1 else "splat (i1 true)"
            return w.let(f"xor {boolean} {a[0]}, {true}")
        if op in ("sqrt", "floor"):
            return w.intrinsic(op, a[0])
        if op == "abs":
            return w.intrinsic("fabs", a[0])
        if op in MATHS:
            return w.call(op, a[0])
        raise AssertionError(f"no code for {op}")

    # sampled things --------------------------------------------------------------------------------------------
    def ring_slot(self, w: Writer, ring: int) -> str:
        """The slot with the oldest sample of a ring, which is also where the new one goes."""
        start = self.layout.ring + self.layout.ring_starts[ring]
        turn = w.let(f"urem i64 %k, {self.program.rings[ring].length}")
        return w.let(f"add i64 {turn}, {start}")

    def ring_value(self, w: Writer, ring: int) -> str:
        address = self.at_index(w, self.ring_slot(w, ring))
        return w.let(f"load {self.lanes.V}, ptr {address}, align {self.align}")

    def random(self, w: Writer, stream: int) -> str:
        lanes = self.lanes

        def mixed(z: str) -> str:
            for shift, factor in ((30, MIX_1), (27, MIX_2)):
                moved = w.let(f"lshr {lanes.I64} {z}, {lanes.i(shift, 64)}")
                z = w.let(f"xor {lanes.I64} {z}, {moved}")
                z = w.let(f"mul {lanes.I64} {z}, {lanes.i(factor, 64)}")
            moved = w.let(f"lshr {lanes.I64} {z}, {lanes.i(31, 64)}")
            return w.let(f"xor {lanes.I64} {z}, {moved}")

        key = w.let(f"load {lanes.I64}, ptr %keys, align 8")
        z = mixed(w.let(f"add {lanes.I64} {key}, {lanes.i((stream * STREAM) % (1 << 64), 64)}"))
        count = w.let("add i64 %k, 1")
        count = w.let(f"mul i64 {count}, {GOLDEN - (1 << 64)}")
        if lanes.width > 1:
            one = w.let(f"insertelement {lanes.I64} poison, i64 {count}, i64 0")
            count = w.let(f"shufflevector {lanes.I64} {one}, {lanes.I64} poison, <{lanes.width} x i32> zeroinitializer")
        z = mixed(w.let(f"add {lanes.I64} {z}, {count}"))
        if lanes.precision == "float64":
            z = w.let(f"lshr {lanes.I64} {z}, {lanes.i(12, 64)}")
            z = w.let(f"or {lanes.I64} {z}, {lanes.i(0x3FF0000000000000, 64)}")
        else:
            z = w.let(f"lshr {lanes.I64} {z}, {lanes.i(41, 64)}")
            z = w.let(f"trunc {lanes.I64} {z} to {lanes.I}")
            z = w.integer("or", z, lanes.i(0x3F800000))
        return w.sub(w.number(z), lanes.c(1.0))

    # functions -------------------------------------------------------------------------------------------------
    def define(self, name: str, arguments: str, w: Writer, how: str = "noinline") -> None:
        stride = ", i64 %stride" if self.strided else ""
        self.functions.append(
            f"define internal void @{name}({arguments}{stride}) {how} {{\n" + "\n".join(w.lines) + "\n  ret void\n}\n"
        )

    def invoke(self, w: Writer, name: str, arguments: str) -> None:
        w.do(f"call void @{name}({arguments}{', i64 %stride' if self.strided else ''})")

    def keepers(self) -> None:
        for keeper in self.plan.keepers:
            w = Writer(self.lanes)

            def keep(node: int, made: str, w: Writer = w) -> None:
                self.store(w, made, self.layout.kept + self.plan.kept[node])

            self.block(w, keeper, "%b", None, keep)
            self.define(keeper.name, "ptr noalias %b", w)
