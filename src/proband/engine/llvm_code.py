"""LLVM IR of a program, for any number of lanes: right-hand side straight on, sampled groups, and the loop over steps."""

from __future__ import annotations

from proband.engine.blocks import Block, Plan
from proband.engine.graph import LEAVES
from proband.engine.layout import Layout
from proband.engine.llvm_math import Lanes, Writer, functions
from proband.engine.randomness import GOLDEN, MIX_1, MIX_2, STREAM

CHECK_EVERY = 16  # steps between two looks for states that are no numbers
ROUNDS = 4  # of priming
COMPARE = {"lt": "olt", "le": "ole", "eq": "oeq"}
MATHS = ("exp", "log", "sin", "cos", "tanh")


class Code:
    """Writes the module. `strided` puts patients side by side at a stride known only at run time (a GPU)."""

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
    def block(self, w: Writer, block: Block, states: str, elapsed) -> dict[int, str]:
        """Write a block's nodes. `states` is the pointer to the states; `elapsed(w, period)` a sampled part's age."""
        graph, lanes, made = self.graph, self.lanes, {}

        def value(i: int) -> str:
            known = made.get(i)
            if known is None:
                known = made[i] = self.leaf(w, i, states, elapsed)
            return known

        for i in block.nodes:
            made[i] = self.operation(w, graph.ops[i], [value(a) for a in graph.args[i]])
        for i in block.roots:
            value(i)
        del lanes
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
            made = self.block(w, keeper, "%b", None)
            for i in keeper.roots:
                self.store(w, made[i], self.layout.kept + self.plan.kept[i])
            self.define(keeper.name, "ptr noalias %b", w)

    def age(self, stage: str):
        """Seconds since a sampled part's last sample, `stage` after the beginning of the step that was taken last."""

        def elapsed(w: Writer, period: int) -> str:
            base = self.load(w, self.layout.age + self.layout.ages.index(period))
            return base if stage == "0" else w.add(base, self.splat(w, stage))

        return elapsed

    def stage(self, name: str, block: Block, observed: bool) -> None:
        """One stage of Runge–Kutta: rates at `in`, then `out = base + a·rate` and `change = change + w·rate`."""
        w, lanes = Writer(self.lanes), self.lanes
        made = self.block(w, block, "%in", self.age("%c"))
        a, b = self.splat(w, "%a"), self.splat(w, "%w")
        for j, node in enumerate(self.program.derivatives):
            rate = made[node]
            base = self.load(w, j, "%base")
            self.store(w, w.fma(a, rate, base), j, "%out")
            self.store(w, w.mul(b, rate) if observed else w.fma(b, rate, self.load(w, j, "%change")), j, "%change")
        if observed:
            self.observed(w, made)
            self.account(w, made)
        s = lanes.scalar
        # The base may be what is written (the last stage).
        pointers = "ptr noalias %b, ptr noalias %in, ptr %out, ptr %base, ptr noalias %change"
        self.define(name, f"{pointers}, {s} %a, {s} %w, {s} %c", w)

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
        """Sum, sum of squares, least and greatest of every observed output."""
        layout = self.layout
        for j, (_, node) in enumerate(self.program.outputs):
            x = made[node]
            self.store(w, w.add(self.load(w, layout.sum + j), x), layout.sum + j)
            self.store(w, w.fma(x, x, self.load(w, layout.square + j)), layout.square + j)
            low, high = self.load(w, layout.low + j), self.load(w, layout.high + j)
            self.store(w, w.select(w.compare("olt", x, low), x, low), layout.low + j)
            self.store(w, w.select(w.compare("ogt", x, high), x, high), layout.high + j)

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

    def samples(self) -> None:
        for number, (group, block) in enumerate(zip(self.program.groups, self.plan.samples, strict=True)):
            w = Writer(self.lanes)
            made = self.block(w, block, "%b", self.age(self.lanes.literal(self.h)))
            for slot, node in (*group.outputs, *group.memory):
                self.store(w, made[node], self.layout.pending + slot)
            for ring in group.rings:
                address = self.at_index(w, self.ring_slot(w, ring))
                w.do(f"store {self.lanes.V} {made[self.program.rings[ring].source]}, ptr {address}, align {self.align}")
            self.define(f"sample_{number}", "ptr noalias %b, ptr noalias %keys, i64 %k", w)
            w = Writer(self.lanes)
            self.commit(w, group.outputs)
            self.define(f"tell_{number}", "ptr noalias %b", w)
            w = Writer(self.lanes)
            self.commit(w, group.memory)
            self.define(f"keep_memory_{number}", "ptr noalias %b", w)

    def commit(self, w: Writer, told: list[tuple[int, int]]) -> None:
        for slot, _ in told:
            self.store(w, self.load(w, self.layout.pending + slot), self.layout.held + slot)

    def bells(self) -> None:
        """Compare each bell of a group with what it was, and log the lanes that changed."""
        lanes, layout = self.lanes, self.layout
        for number, group in enumerate(self.program.groups):
            slots = {s for s, _ in group.memory}
            mine = [(i, b.held) for i, b in enumerate(self.program.bells) if b.held in slots]
            w = Writer(lanes)
            for i, held in mine:
                old, new = self.load(w, layout.held + held), self.load(w, layout.pending + held)
                changed = w.compare("une", old, new)
                if lanes.width == 1:
                    some = changed
                else:
                    some = w.let(f"call i1 @llvm.vector.reduce.or.v{lanes.width}i1({lanes.B} {changed})")
                w.do(f"br i1 {some}, label %log_{i}, label %past_{i}")
                w.lines.append(f"log_{i}:")
                for lane in range(lanes.width):
                    self.log(w, i, lane, changed, new)
                w.do(f"br label %past_{i}")
                w.lines.append(f"past_{i}:")
            self.define(
                f"bells_{number}", "ptr noalias %b, i64 %step, ptr noalias %events, ptr noalias %counts, i64 %room", w
            )

    def log(self, w: Writer, bell: int, lane: int, changed: str, new: str) -> None:
        lanes = self.lanes
        if lanes.width == 1:
            mine, value = changed, new
        else:
            mine = w.let(f"extractelement {lanes.B} {changed}, i64 {lane}")
            value = w.let(f"extractelement {lanes.V} {new}, i64 {lane}")
        count_at = w.let(f"getelementptr i64, ptr %counts, i64 {lane}")
        count = w.let(f"load i64, ptr {count_at}, align 8")
        one = w.let(f"zext i1 {mine} to i64")  # counted also where there is no room to write it down
        more = w.let(f"add i64 {count}, {one}")
        w.do(f"store i64 {more}, ptr {count_at}, align 8")
        room = w.let(f"icmp ult i64 {count}, %room")
        go = w.let(f"and i1 {mine}, {room}")
        tag = f"{bell}_{lane}"
        w.do(f"br i1 {go}, label %write_{tag}, label %skip_{tag}")
        w.lines.append(f"write_{tag}:")
        row = w.let(f"mul i64 %room, {lane}")
        row = w.let(f"add i64 {row}, {count}")
        row = w.let(f"mul i64 {row}, 2")
        at = w.let(f"getelementptr i64, ptr %events, i64 {row}")
        w.do(f"store i64 %step, ptr {at}, align 8")
        on = w.let(f"fcmp ogt {lanes.scalar} {value}, {lanes.literal(0.5)}")
        on = w.let(f"zext i1 {on} to i64")
        what = w.let(f"add i64 {on}, {2 * bell}")
        at2 = w.let(f"getelementptr i64, ptr {at}, i64 1")
        w.do(f"store i64 {what}, ptr {at2}, align 8")
        w.do(f"br label %skip_{tag}")
        w.lines.append(f"skip_{tag}:")

    def check(self) -> None:
        """Note the step at which a lane first has a state that is no number, or a negative volume."""
        w, layout, lanes = Writer(self.lanes), self.layout, self.lanes
        total = lanes.c(0.0)
        for j in range(len(self.program.states)):
            total = w.fma(self.load(w, j), lanes.c(0.0), total)  # 0 · x is 0, unless x is infinite or no number
        low = lanes.c(0.0)
        for j in self.program.volumes:
            x = self.load(w, j)
            low = w.select(w.compare("olt", x, low), x, low)
        bad = w.compare("uno", total, total)
        bad = w.let(f"or {lanes.B} {bad}, {w.compare('olt', low, lanes.c(0.0))}")
        before = self.load(w, layout.failed)
        fresh = w.let(f"and {lanes.B} {bad}, {w.compare('olt', before, lanes.c(0.0))}")
        now = w.let(f"sitofp i64 %step to {lanes.scalar}")
        self.store(w, w.select(fresh, self.splat(w, now), before), layout.failed)
        self.define("check", "ptr noalias %b, i64 %step", w)

    # the module ------------------------------------------------------------------------------------------------
    def module(self) -> str:
        self.keepers()
        self.samples()
        self.bells()
        self.look()
        if self.plan.implicit:
            self.implicit_step()
        else:
            self.stage("stage", self.plan.rates, observed=False)
            self.stage("first", self.plan.full, observed=True)
            w = Writer(self.lanes)
            for j in range(len(self.program.states)):
                self.settle(w, j, self.load(w, self.layout.total_rate + j))
            self.define("settle", "ptr noalias %b", w)
        self.check()
        lanes = self.lanes
        entry = self.entry()
        head = functions(lanes, self.used)
        if lanes.width > 1:
            head += f"\ndeclare i1 @llvm.vector.reduce.or.v{lanes.width}i1({lanes.B})"
        return f"{head}\n" + "\n".join(self.functions) + entry

    def pointer(self, w: Writer, slot: int) -> str:
        return self.at(w, slot)

    def keep(self, w: Writer, *levels: int) -> None:
        for keeper in self.plan.keepers:
            if keeper.level in levels and keeper.roots:
                self.invoke(w, keeper.name, "ptr %b")

    def prime_body(self, w: Writer) -> None:
        """What sampled parts tell before time begins: each round carries a chain of them one part further."""
        for slot in range(len(self.program.groups)):
            self.store(w, self.lanes.c(-self.h), self.layout.age + slot)
        self.keep(w, 1)
        for _ in range(ROUNDS):
            self.keep(w, 2, 3)
            for g in range(len(self.program.groups)):
                self.invoke(w, f"sample_{g}", "ptr %b, ptr %keys, i64 0")
            for g in range(len(self.program.groups)):
                self.invoke(w, f"tell_{g}", "ptr %b")
        self.keep(w, 2, 3)
        self.fill_rings(w)

    def fill_rings(self, w: Writer) -> None:
        """Sample on without telling, until every late signal has its whole past."""
        for g, group in enumerate(self.program.groups):
            if group.rings:
                longest = max(self.program.rings[r].length for r in group.rings)
                w.do(f"br label %before_{g}")
                w.lines.append(f"before_{g}:")
                w.do(f"br label %fill_{g}")
                w.lines.append(f"fill_{g}:")
                w.do(f"%k_{g} = phi i64 [ 0, %before_{g} ], [ %n_{g}, %fill_{g} ]")
                self.invoke(w, f"sample_{g}", f"ptr %b, ptr %keys, i64 %k_{g}")
                w.do(f"%n_{g} = add i64 %k_{g}, 1")
                w.do(f"%c_{g} = icmp ult i64 %n_{g}, {longest}")
                w.do(f"br i1 %c_{g}, label %fill_{g}, label %filled_{g}")
                w.lines.append(f"filled_{g}:")

    def step_body(self, w: Writer) -> None:
        """One step: sampled groups that are due, then the four stages."""
        lanes, layout = self.lanes, self.layout
        s, h = lanes.scalar, self.h
        due = []
        for g, group in enumerate(self.program.groups):
            phase = w.let(f"urem i64 %step, {group.period}")
            k = w.let(f"udiv i64 %step, {group.period}")
            fires = w.let(f"icmp eq i64 {phase}, 0")
            due.append((fires, phase))
            w.do(f"br i1 {fires}, label %fire_{g}, label %rest_{g}")
            w.lines.append(f"fire_{g}:")
            self.invoke(w, f"sample_{g}", f"ptr %b, ptr %keys, i64 {k}")
            w.do(f"br label %rest_{g}")
            w.lines.append(f"rest_{g}:")
        slow = "false"
        for g, group in enumerate(self.program.groups):
            fires, phase = due[g]
            w.do(f"br i1 {fires}, label %commit_{g}, label %done_{g}")
            w.lines.append(f"commit_{g}:")
            self.invoke(w, f"bells_{g}", "ptr %b, i64 %step, ptr %events, ptr %counts, i64 %room")
            self.invoke(w, f"tell_{g}", "ptr %b")
            self.invoke(w, f"keep_memory_{g}", "ptr %b")
            w.do(f"br label %done_{g}")
            w.lines.append(f"done_{g}:")
            steps = w.let(f"uitofp i64 {phase} to {s}")
            age = w.let(f"fmul {s} {steps}, {lanes.literal(h)}")
            self.store(w, self.splat(w, age), layout.age + g)
            if group.period > 1:
                slow = w.let(f"or i1 {slow}, {fires}")
        if slow != "false":
            w.do(f"br i1 {slow}, label %keep_slow, label %kept_slow")
            w.lines.append("keep_slow:")
            self.keep(w, 2)
            w.do("br label %kept_slow")
            w.lines.append("kept_slow:")
        self.keep(w, 3)
        x, y, z, t = (self.pointer(w, r) for r in (layout.state, layout.next, layout.other, layout.total_rate))
        lit = lanes.literal

        def stage(name, into, out, base, a, b, c):
            p = f"ptr %b, ptr {into}, ptr {out}, ptr {base}, ptr {t}"
            self.invoke(w, name, f"{p}, {s} {lit(a)}, {s} {lit(b)}, {s} {lit(c)}")

        if self.plan.implicit:
            self.invoke(w, "half", f"ptr %b, ptr {x}, ptr {y}")
            self.record(w)
            self.invoke(w, "rest", f"ptr %b, ptr {y}")
        else:
            stage("first", x, y, x, h / 2, h / 6, 0.0)
            self.record(w)
            stage("stage", y, z, x, h / 2, h / 3, h / 2)
            stage("stage", z, y, x, h, h / 3, h / 2)
            stage("stage", y, z, z, h, h / 6, h)
            self.invoke(w, "settle", "ptr %b")
        low = w.let(f"and i64 %step, {CHECK_EVERY - 1}")
        look = w.let(f"icmp eq i64 {low}, {CHECK_EVERY - 1}")
        w.do(f"br i1 {look}, label %checking, label %checked")
        w.lines.append("checking:")
        self.invoke(w, "check", "ptr %b, i64 %step")
        w.do("br label %checked")
        w.lines.append("checked:")

    def record(self, w: Writer) -> None:
        """A frame of observed outputs, where one is due."""
        count, width = len(self.program.outputs), self.lanes.width
        wanted = w.let("icmp ne i64 %every, 0")
        w.do(f"br i1 {wanted}, label %maybe, label %recorded")
        w.lines.append("maybe:")
        phase = w.let("urem i64 %step, %every")
        due = w.let(f"icmp eq i64 {phase}, 0")
        w.do(f"br i1 {due}, label %frame, label %recorded")
        w.lines.append("frame:")
        at = w.let("load i64, ptr %frames, align 8")
        row = w.let(f"mul i64 {at}, {count}")
        for j in range(count):
            value = self.load(w, self.layout.out + j)
            slot = w.let(f"add i64 {row}, {j}")
            address = self.at_index(w, slot, "%record")
            w.do(f"store {self.lanes.V} {value}, ptr {address}, align {self.align}")
        more = w.let(f"add i64 {at}, 1")
        w.do(f"store i64 {more}, ptr %frames, align 8")
        w.do("br label %recorded")
        w.lines.append("recorded:")
        del width

    def entry(self) -> str:
        """`prime`, `observe` and `run`, which the outside calls."""
        text = []
        for name in ("prime", "observe", "advance"):
            w = Writer(self.lanes)
            if name == "prime":
                self.prime_body(w)
                self.invoke(w, "look", "ptr %b")
            elif name == "observe":
                self.keep(w, 1, 2, 3)
                self.invoke(w, "look", "ptr %b")
            else:
                self.keep(w, 1, 2, 3)
                w.do("%last = add i64 %start, %steps")
                w.do("%some = icmp ult i64 %start, %last")
                w.do("br i1 %some, label %head, label %end")
                w.lines.append("head:")
                w.do("%step = phi i64 [ %start, %entry ], [ %following, %checked ]")
                self.step_body(w)
                w.do("%following = add i64 %step, 1")
                w.do("%more = icmp ult i64 %following, %last")
                w.do("br i1 %more, label %head, label %leave")
                w.lines.append("leave:")
                self.invoke(w, "check", "ptr %b, i64 %step")
                w.do("br label %end")
                w.lines.append("end:")
            text.append(self.signature(name) + "entry:\n" + "\n".join(w.lines) + "\n  ret void\n}\n")
        return "\n".join(text)

    def signature(self, name: str) -> str:
        """All entries take the same arguments, so that one call serves them all."""
        arguments = (
            "ptr noalias %b, ptr noalias %keys, i64 %start, i64 %steps, ptr noalias %record, i64 %every, "
            "ptr noalias %frames, ptr noalias %events, ptr noalias %counts, i64 %room"
        )
        return f"define void @{name}({arguments}{', i64 %stride' if self.strided else ''}) {{\n"


def module(plan: Plan, layout: Layout, width: int, precision: str) -> str:
    """The IR text of a program for one lane count."""
    return Code(plan, layout, width, precision).module()


assert LEAVES  # the leaf kinds that `leaf` spells
