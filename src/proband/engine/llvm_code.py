"""LLVM IR of the whole: the loop over steps, and the entries that are called from outside."""

from __future__ import annotations

from proband.engine.blocks import Plan
from proband.engine.graph import SLOW
from proband.engine.layout import Layout
from proband.engine.llvm_math import Writer, functions
from proband.engine.llvm_samples import Samples
from proband.engine.llvm_tally import functions as tally_functions

CHECK_EVERY = 16  # steps between two looks for states that are no numbers
ROUNDS = 4  # of priming


class Code(Samples):
    """Writes the module of a program."""

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
        self.copied()
        self.bells()
        self.ring_bell()
        self.look()
        self.count()
        if self.plan.implicit:
            self.implicit_step()
        else:
            self.stage("stage", self.plan.rates, observed=False)
            if self.watched_apart:
                self.watch()
            else:
                self.stage("first", self.plan.full, observed=True)
            self.settle()
        self.check()
        lanes = self.lanes
        entry = self.entry()
        head = functions(lanes, self.used)
        if lanes.width > 1:
            head += f"\ndeclare i1 @llvm.vector.reduce.or.v{lanes.width}i1({lanes.B})"
        if self.plan.tallied:
            if lanes.width > 1:
                head += f"\ndeclare {lanes.scalar} @llvm.fabs.f{lanes.bits}({lanes.scalar})"
            self.functions.append(tally_functions(lanes, self.strided))
        return f"{head}\n" + "\n".join(self.functions) + entry

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
                self.sample_apart(w, g, "0")
            for g in range(len(self.program.groups)):
                self.invoke(w, f"tell_{g}", "ptr %b")
        self.keep(w, 2, 3)
        self.fill_rings(w)

    def sample_apart(self, w: Writer, g: int, k: str) -> None:
        """Sample a group as if nothing were kept of it."""
        self.invoke(w, f"save_{g}", "ptr %b")
        self.invoke(w, f"sample_{g}", f"ptr %b, ptr %keys, i64 {k}")
        self.invoke(w, f"undo_{g}", "ptr %b")

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
                self.sample_apart(w, g, f"%k_{g}")
                w.do(f"%n_{g} = add i64 %k_{g}, 1")
                w.do(f"%c_{g} = icmp ult i64 %n_{g}, {longest}")
                w.do(f"br i1 %c_{g}, label %fill_{g}, label %filled_{g}")
                w.lines.append(f"filled_{g}:")

    def step_body(self, w: Writer) -> None:
        """One step: sampled groups that are due, then the stages of the method."""
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
        kept_of = {s for keeper in self.plan.keepers if keeper.level == SLOW for s in self.held_read(keeper)}
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
            if group.period > 1 and not kept_of.isdisjoint(s for s, _ in (*group.outputs, *group.memory)):
                slow = w.let(f"or i1 {slow}, {fires}")
        if slow != "false":
            w.do(f"br i1 {slow}, label %keep_slow, label %kept_slow")
            w.lines.append("keep_slow:")
            self.keep(w, 2)
            w.do("br label %kept_slow")
            w.lines.append("kept_slow:")
        self.keep(w, 3)
        x, y, z, t = (self.at(w, r) for r in (layout.state, layout.next, layout.other, layout.total_rate))
        lit = lanes.literal

        def stage(name, into, out, base, a, b, c):
            p = f"ptr %b, ptr {into}, ptr {out}, ptr {base}, ptr {t}"
            self.invoke(w, name, f"{p}, {s} {lit(a)}, {s} {lit(b)}, {s} {lit(c)}")

        if self.plan.implicit:
            self.invoke(w, "half", f"ptr %b, ptr {x}, ptr {y}")
            self.record(w)
            self.invoke(w, "rest", f"ptr %b, ptr {y}")
        else:
            if self.watched_apart:
                self.invoke(w, "watch", "ptr %b")
                self.record(w)
            here = x
            for number, (at, weight, ahead) in enumerate(self.plan.stages):
                there = z if here == y else y
                name = "stage" if number or self.watched_apart else "first"
                stage(name, here, there, x, h * ahead, h * weight, h * at)
                if number == 0 and not self.watched_apart:
                    self.record(w)
                here = there
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
        count = len(self.program.outputs)
        wanted = w.let("icmp ne i64 %every, 0")
        w.do(f"br i1 {wanted}, label %maybe, label %recorded")
        w.lines.append("maybe:")
        phase = w.let("urem i64 %step, %every")
        due = w.let(f"icmp eq i64 {phase}, 0")
        w.do(f"br i1 {due}, label %frame, label %recorded")
        w.lines.append("frame:")
        at = w.let("load i64, ptr %frames, align 8")
        row = w.let(f"mul i64 {at}, {count}")
        if self.strided:
            for j in range(count):
                address = self.at_index(w, w.let(f"add i64 {row}, {j}"), "%record")
                value = self.load(w, self.layout.out + j)
                w.do(f"store {self.lanes.V} {value}, ptr {address}, align {self.align}")
        elif count:
            to = self.at_index(w, row, "%record")
            self.invoke(w, "copied", f"ptr {self.at(w, self.layout.out)}, ptr {to}, i64 {count}")
        more = w.let(f"add i64 {at}, 1")
        w.do(f"store i64 {more}, ptr %frames, align 8")
        w.do("br label %recorded")
        w.lines.append("recorded:")

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
