"""LLVM IR of one step of a solver: the stages of Runge–Kutta, or the two halves of ROS2."""

from __future__ import annotations

import functools
from collections.abc import Callable

from proband.engine.blocks import Block
from proband.engine.graph import LEAVES
from proband.engine.llvm_equations import CACHE_LINE, Equations
from proband.engine.llvm_math import Lanes, Writer
from proband.engine.tally import SIZE

Get = Callable[[int], str]  # the value in a slot
Put = Callable[[str, int], None]  # a value into a slot


class Steps(Equations):
    """Writes the functions that move the states, and what is gathered on the way."""

    def age(self, stage: str):
        """Seconds since a sampled part's last sample, `stage` after the beginning of the step that was taken last."""

        def elapsed(w: Writer, period: int) -> str:
            base = self.load(w, self.layout.age + self.layout.ages.index(period))
            return base if stage == "0" else w.add(base, self.splat(w, stage))

        return elapsed

    def stage(self, name: str, block: Block, observed: bool) -> None:
        """One stage of Runge–Kutta: rates at `in`, then `out = base + a·rate` and `change = change + w·rate`.

        A state that no rate reads needs no `out`: it is only added up."""
        lanes, graph = self.lanes, self.graph
        moves: dict[int, list[int]] = {}
        for j, node in enumerate(self.program.derivatives):
            moves.setdefault(node, []).append(j)
        needed = (*self.plan.rates.nodes, *self.plan.rates.roots)
        leaves = {a for i in needed for a in (graph.args[i] if graph.ops[i] not in LEAVES else (i,))}
        read = {graph.args[i][0] for i in leaves if graph.ops[i] == "state"}
        weights: dict[Writer, tuple[str, str]] = {}

        def move(w: Writer, node: int, rate: str) -> None:
            if w not in weights:
                weights[w] = self.splat(w, "%a"), self.splat(w, "%w")
            a, b = weights[w]
            for j in moves.get(node, ()):
                if j in read:
                    self.store(w, w.fma(a, rate, self.load(w, j, "%base")), j, "%out")
                self.store(w, w.fma(b, rate, self.load(w, j, "%change")), j, "%change")
            if observed:
                self.show(w, node, rate)

        s = lanes.scalar
        pointers = "ptr noalias %b, ptr noalias %in, ptr noalias %out, ptr %base, ptr noalias %change"
        arguments = f"{pointers}, {s} %a, {s} %w, {s} %c"
        self.divided(
            name, block, arguments, self.age("%c"), move, states="%in", then=self.account if observed else None
        )

    @property
    def watched_apart(self) -> bool:
        """Whether what is observed is computed by itself, so that all stages share one code: a second edition of the rates
        does not fit beside the first where the processor keeps its instructions."""
        return 4 * len(self.plan.observe.nodes) < len(self.plan.rates.nodes)

    def watch(self) -> None:
        """Observed outputs at the beginning of a step."""
        self.divided("watch", self.plan.observe, "ptr noalias %b", self.age("0"), self.show, then=self.account)

    def look(self) -> None:
        """Observed outputs as they stand, without taking a step."""
        now = self.age(self.lanes.literal(self.h))
        self.divided("look", self.plan.observe, "ptr noalias %b", now, self.show, rare=True)

    @functools.cached_property
    def shown(self) -> dict[int, list[int]]:
        """Nodes that are observed, and as which outputs."""
        found: dict[int, list[int]] = {}
        for j, (_, node) in enumerate(self.program.outputs):
            found.setdefault(node, []).append(j)
        return found

    def show(self, w: Writer, node: int, made: str) -> None:
        for j in self.shown.get(node, ()):
            self.store(w, made, self.layout.out + j)

    def account(self, w: Writer) -> None:
        """Count what is observed."""
        self.invoke(w, "count", "ptr %b")
        for place, j in enumerate(self.plan.tallied):
            value = self.load(w, self.layout.out + j)
            self.invoke(w, "tally", f"ptr %b, {self.lanes.V} {value}, i64 {self.layout.tally + SIZE * place}")

    def count(self) -> None:
        """Sum, sum of squares, least and greatest of every observed output."""
        layout, double = self.layout, self.lanes.precision == "float64"

        def one(w: Writer, get: Get, put: Put) -> None:
            x = get(layout.out)
            if double:
                put(w.add(get(layout.sum), x), layout.sum)
                put(w.fma(x, x, get(layout.square)), layout.square)
            else:  # what rounding leaves over of sums that single precision could not hold is kept beside them
                add_up(w, x, get, put, layout.sum, layout.sum_left)
                add_up(w, w.mul(x, x), get, put, layout.square, layout.square_left)
            low, high = get(layout.low), get(layout.high)
            put(w.select(w.compare("olt", x, low), x, low), layout.low)
            put(w.select(w.compare("ogt", x, high), x, high), layout.high)

        self.each("count", len(self.program.outputs), one)

    def settle(self) -> None:
        """Add the change that the stages have gathered to every state, and begin anew."""
        layout = self.layout

        def one(w: Writer, get: Get, put: Put) -> None:
            add_up(w, get(layout.total_rate), get, put, layout.state, layout.carry)
            put(w.lanes.c(0.0), layout.total_rate)

        self.each("settle", len(self.program.states), one)

    def each(self, name: str, count: int, do: Callable[[Writer, Get, Put], None]) -> None:
        """Write a function that does the same to neighbouring slots of several regions: in a loop, a cache line's worth at a
        time, whosever lanes they are."""
        lanes, w = self.lanes, Writer(self.lanes)
        many = 1 if self.strided else max(1, CACHE_LINE // self.align)
        turns = 0 if self.strided else count // many
        if turns:
            wide = Writer(Lanes(lanes.width * many, lanes.precision))
            v, size = wide.lanes.V, wide.lanes.width
            wide.lines = ["entry:", "  br label %next", "next:", "  %i = phi i64 [ 0, %entry ], [ %more, %next ]"]
            wide.do(f"%from = mul i64 %i, {size}")
            wide.do(f"%here = getelementptr {lanes.scalar}, ptr %b, i64 %from")
            do(
                wide,
                lambda slot: wide.let(f"load {v}, ptr {self.at(wide, slot, '%here')}, align {self.align}"),
                lambda value, slot: wide.do(
                    f"store {v} {value}, ptr {self.at(wide, slot, '%here')}, align {self.align}"
                ),
            )
            wide.do("%more = add i64 %i, 1")
            wide.do(f"%again = icmp ult i64 %more, {turns}")
            wide.do("br i1 %again, label %next, label %rest")
            w.lines, w.count = [*wide.lines, "rest:"], wide.count
        for j in range(turns * many, count):
            do(w, lambda slot, j=j: self.load(w, slot + j), lambda value, slot, j=j: self.store(w, value, slot + j))
        self.define(name, "ptr noalias %b", w)

    def implicit_step(self) -> None:
        """The two halves of a ROS2 step."""
        plan, layout, lanes, h = self.plan, self.layout, self.lanes, self.h
        assert plan.implicit and plan.half and plan.rest
        w = Writer(lanes)
        made = self.block(w, plan.half, "%in", self.age("0"))
        for j, node in enumerate(plan.implicit.factors):
            self.store(w, made[node], layout.factor + j)
        for j, node in enumerate(plan.implicit.first):
            self.store(w, made[node], layout.total_rate + j)
            self.store(w, w.fma(lanes.c(h), made[node], self.load(w, j, "%in")), j, "%out")
        for j, (_, node) in enumerate(self.program.outputs):
            self.store(w, made[node], layout.out + j)
        self.account(w)
        self.define("half", "ptr noalias %b, ptr noalias %in, ptr noalias %out", w)
        w = Writer(lanes)
        made = self.block(w, plan.rest, "%in", self.age(lanes.literal(h)))
        for j, node in enumerate(plan.implicit.second):
            change = w.fma(lanes.c(1.5 * h), self.load(w, layout.total_rate + j), w.mul(lanes.c(0.5 * h), made[node]))
            add_up(
                w,
                change,
                lambda slot, j=j: self.load(w, slot + j),
                lambda x, slot, j=j: self.store(w, x, slot + j),
                layout.state,
                layout.carry,
            )
        self.define("rest", "ptr noalias %b, ptr noalias %in", w)


def add_up(w: Writer, change: str, get: Get, put: Put, total: int, left: int) -> None:
    """Add a change to a slot. What rounding leaves over is carried on to the next one (Kahan 1965), so that nothing leaks
    away in millions of small steps."""
    wanted = w.add(change, get(left))
    before = get(total)
    after = w.add(before, wanted)
    put(after, total)
    put(w.sub(wanted, w.sub(after, before)), left)
