"""LLVM IR of a program's equations, for any number of lanes: every node once, in the order in which it was traced."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

from proband.engine.blocks import Block, Plan
from proband.engine.graph import BOOLEAN, PATIENT
from proband.engine.layout import Layout
from proband.engine.llvm_math import Lanes, Writer
from proband.engine.pieces import Piece, cut, whole
from proband.engine.randomness import GOLDEN, MIX_1, MIX_2, STREAM
from proband.engine.schedule import frugal, ordered

COMPARE = {"lt": "olt", "le": "ole", "eq": "oeq"}
CACHE_LINE = 64  # bytes
LONG, LONGEST = 1000, 3000  # instructions of equations in a function that runs rarely, and in any other
Elapsed = Callable[[Writer, int], str] | None
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
    @property
    def orderly(self) -> Callable:
        """How nodes are put in order where a processor is to wait least."""
        return frugal if self.align >= CACHE_LINE else ordered

    def block(self, w: Writer, block: Block, states: str, elapsed: Elapsed) -> dict[int, str]:
        """Write a block in one piece; gives the names of its nodes."""
        piece = whole(self.orderly(self.graph, block.nodes), block.roots)
        return self.piece(w, piece, states, elapsed, lambda node, name: None, {})

    def piece(
        self,
        w: Writer,
        piece: Piece,
        states: str,
        elapsed: Elapsed,
        use: Callable[[int, str], None],
        first: Mapping[int, Sequence[int]],
        apart: bool = False,
    ) -> dict[int, str]:
        """Write a piece of a block; gives the names of its nodes. `states` is the pointer to the states; `elapsed(w, period)`
        a sampled part's age; `use(node, name)` is called once for every root, as soon as there is one; the leaves
        `first[root]` are loaded before that, since their slots are about to be overwritten. Elementary functions are
        written in place, or are `apart` and called."""
        graph, made = self.graph, {}

        def value(i: int) -> str:
            known = made.get(i)
            if known is None:
                if i in piece.finds:
                    known = self.found(w, i, piece.finds[i])
                else:
                    known = self.leaf(w, i, states, elapsed)
                    leave(i, known)
                made[i] = known
            return known

        def leave(i: int, name: str) -> None:
            if i in piece.leaves:
                number = w.select(name, self.lanes.c(1.0), self.lanes.c(0.0)) if graph.ops[i] in BOOLEAN else name
                self.store(w, number, piece.leaves[i], "%left")

        def hand(i: int) -> None:
            name = value(i)
            for leaf in first.get(i, ()):
                value(leaf)
            use(i, name)

        roots = dict.fromkeys(piece.roots)
        for i in piece.nodes:
            op = graph.ops[i]
            made[i] = self.operation(
                w, f"{op}_apart" if apart and op in MATHS else op, [value(a) for a in graph.args[i]]
            )
            leave(i, made[i])
            if i in roots:
                hand(i)
                del roots[i]
        for i in roots:
            hand(i)
        return made

    def found(self, w: Writer, i: int, place: int) -> str:
        """What an earlier piece has left."""
        number = self.load(w, place, "%left")
        return w.compare("une", number, self.lanes.c(0.0)) if self.graph.ops[i] in BOOLEAN else number

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
        if op.removesuffix("_apart") in MATHS:
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
    def define(self, name: str, arguments: str, w: Writer, rare: bool = False) -> None:
        """Write a function. What runs rarely is compiled as it stands, which takes a third of the time."""
        stride = ", i64 %stride" if self.strided else ""
        how = "noinline optnone" if rare and not self.strided else "noinline"
        self.functions.append(
            f"define internal void @{name}({arguments}{stride}) {how} {{\n" + "\n".join(w.lines) + "\n  ret void\n}\n"
        )

    def divided(
        self,
        name: str,
        block: Block,
        arguments: str,
        elapsed: Elapsed,
        use: Callable[[Writer, int, str], None],
        *,
        states: str = "%b",
        first: Mapping[int, Sequence[int]] | None = None,
        then: Callable[[Writer], None] | None = None,
        rare: bool = False,
    ) -> None:
        """Write a block as a function, and `then` what comes after it: where it is long, as one that calls its pieces one
        after another, so that it is soon compiled. On a card all stays in one piece, which shares registers."""
        first = first or {}
        if self.strided:
            pieces, places = [whole(self.orderly(self.graph, block.nodes), block.roots)], 0
        else:
            pieces, places = cut(
                self.graph, frugal(self.graph, block.nodes), block.roots, first, LONG if rare else LONGEST
            )
        alone, outer = len(pieces) == 1, Writer(self.lanes)
        inner = f"{arguments}, ptr noalias %left" if places else arguments
        if places:
            outer.do(f"%left = alloca [{places} x {self.lanes.V}], align {self.align}")
        for number, piece in enumerate(pieces):
            w = Writer(self.lanes)
            if not rare and self.orderly is not frugal:
                piece.nodes = self.orderly(self.graph, piece.nodes)
            self.piece(w, piece, states, elapsed, functools.partial(use, w), first, apart=rare and not self.strided)
            if alone:
                outer = w
            else:
                self.define(f"{name}_{number}", inner, w, rare)
                self.invoke(outer, f"{name}_{number}", inner.replace("noalias ", ""))
        if then:
            then(outer)
        self.define(name, arguments, outer, rare)

    def invoke(self, w: Writer, name: str, arguments: str) -> None:
        w.do(f"call void @{name}({arguments}{', i64 %stride' if self.strided else ''})")

    def keepers(self) -> None:
        for keeper in self.plan.keepers:

            def keep(w: Writer, node: int, made: str) -> None:
                self.store(w, made, self.layout.kept + self.plan.kept[node])

            self.divided(keeper.name, keeper, "ptr noalias %b", None, keep, rare=keeper.level == PATIENT)
