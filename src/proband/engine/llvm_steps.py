"""LLVM IR of one step of a solver: the stages of Runge–Kutta, or the two halves of ROS2."""

from __future__ import annotations

from proband.engine.blocks import Block
from proband.engine.graph import LEAVES
from proband.engine.llvm_equations import Equations
from proband.engine.llvm_math import Writer
from proband.engine.tally import SIZE


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
        w, lanes, graph = Writer(self.lanes), self.lanes, self.graph
        a, b = self.splat(w, "%a"), self.splat(w, "%w")
        moves: dict[int, list[int]] = {}
        for j, node in enumerate(self.program.derivatives):
            moves.setdefault(node, []).append(j)
        needed = (*self.plan.rates.nodes, *self.plan.rates.roots)
        leaves = {a for i in needed for a in (graph.args[i] if graph.ops[i] not in LEAVES else (i,))}
        read = {graph.args[i][0] for i in leaves if graph.ops[i] == "state"}

        def move(node: int, rate: str) -> None:
            for j in moves.get(node, ()):
                if j in read:
                    self.store(w, w.fma(a, rate, self.load(w, j, "%base")), j, "%out")
                self.store(w, w.fma(b, rate, self.load(w, j, "%change")), j, "%change")

        made = self.block(w, block, "%in", self.age("%c"), move)
        if observed:
            self.observed(w, made)
            self.account(w, made)
        s = lanes.scalar
        pointers = "ptr noalias %b, ptr noalias %in, ptr noalias %out, ptr %base, ptr noalias %change"
        self.define(name, f"{pointers}, {s} %a, {s} %w, {s} %c", w)

    @property
    def watched_apart(self) -> bool:
        """Whether what is observed is computed by itself, so that all stages share one code: a second edition of the rates
        does not fit beside the first where the processor keeps its instructions."""
        return 4 * len(self.plan.observe.nodes) < len(self.plan.rates.nodes)

    def watch(self) -> None:
        """Observed outputs at the beginning of a step."""
        w = Writer(self.lanes)
        made = self.block(w, self.plan.observe, "%b", self.age("0"))
        self.observed(w, made)
        self.account(w, made)
        self.define("watch", "ptr noalias %b", w)

    def settle(self, w: Writer, j: int, change: str) -> None:
        """Add a step's change to a state. What rounding leaves over is carried to the next step (Kahan 1965), so that
        nothing leaks away in millions of small steps."""
        wanted = w.add(change, self.load(w, self.layout.carry + j))
        before = self.load(w, self.layout.state + j)
        after = w.add(before, wanted)
        self.store(w, after, self.layout.state + j)
        self.store(w, w.sub(wanted, w.sub(after, before)), self.layout.carry + j)

    def observed(self, w: Writer, made: dict[int, str]) -> None:
        for j, (_, node) in enumerate(self.program.outputs):
            self.store(w, made[node], self.layout.out + j)

    def account(self, w: Writer, made: dict[int, str]) -> None:
        """Sum, sum of squares, least and greatest of every observed output, and how often it had which value where that is asked."""
        layout = self.layout
        for j, (_, node) in enumerate(self.program.outputs):
            x = made[node]
            if self.lanes.precision == "float64":
                self.store(w, w.add(self.load(w, layout.sum + j), x), layout.sum + j)
                self.store(w, w.fma(x, x, self.load(w, layout.square + j)), layout.square + j)
            else:
                self.add_up(w, x, layout.sum + j, layout.sum_left + j)
                self.add_up(w, w.mul(x, x), layout.square + j, layout.square_left + j)
            low, high = self.load(w, layout.low + j), self.load(w, layout.high + j)
            self.store(w, w.select(w.compare("olt", x, low), x, low), layout.low + j)
            self.store(w, w.select(w.compare("ogt", x, high), x, high), layout.high + j)
        for place, j in enumerate(self.plan.tallied):
            first = layout.tally + SIZE * place
            self.invoke(w, "tally", f"ptr %b, {self.lanes.V} {made[self.program.outputs[j][1]]}, i64 {first}")

    def add_up(self, w: Writer, x: str, total: int, left: int) -> None:
        """Add to a sum that single precision could not hold; what rounding leaves over is kept beside it (Kahan 1965)."""
        before = self.load(w, total)
        wanted = w.add(x, self.load(w, left))
        after = w.add(before, wanted)
        self.store(w, after, total)
        self.store(w, w.sub(wanted, w.sub(after, before)), left)

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
        self.observed(w, made)
        self.account(w, made)
        self.define("half", "ptr noalias %b, ptr noalias %in, ptr noalias %out", w)
        w = Writer(lanes)
        made = self.block(w, plan.rest, "%in", self.age(lanes.literal(h)))
        for j, node in enumerate(plan.implicit.second):
            change = w.fma(lanes.c(1.5 * h), self.load(w, layout.total_rate + j), w.mul(lanes.c(0.5 * h), made[node]))
            self.settle(w, j, change)
        self.define("rest", "ptr noalias %b, ptr noalias %in", w)

    def look(self) -> None:
        """Observed outputs as they stand, without taking a step."""
        w = Writer(self.lanes)
        made = self.block(w, self.plan.observe, "%b", self.age(self.lanes.literal(self.h)))
        self.observed(w, made)
        self.define("look", "ptr noalias %b", w)
