"""LLVM IR of sampled parts: what they compute at their ticks, what they tell then, and what is logged."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from proband.engine.blocks import Block
from proband.engine.llvm_math import Writer
from proband.engine.llvm_steps import Steps

RARE = 4  # steps from one sample to the next
FEW = 4  # neighbouring slots that are copied without a loop


class Samples(Steps):
    """Writes a function for each group of parts with one period."""

    def samples(self) -> None:
        for number, (group, block) in enumerate(zip(self.program.groups, self.plan.samples, strict=True)):
            direct, rare = self.private[number], group.period >= RARE
            slots: dict[int, list[int]] = {}
            for slot, node in (*group.outputs, *group.memory):
                slots.setdefault(node, []).append(slot)
            rings: dict[int, list[int]] = {}
            for ring in group.rings:
                rings.setdefault(self.program.rings[ring].source, []).append(ring)
            read, late = self.read(block, "held"), self.read(block, "ring")
            first = {n: [read[s] for s in found if s in direct and s in read] for n, found in slots.items()}
            for node, found in rings.items():
                first.setdefault(node, []).extend(late[r] for r in found if r in late)

            def put(
                w: Writer, node: int, made: str, slots: dict = slots, direct: frozenset = direct, rings: dict = rings
            ) -> None:
                for slot in slots.get(node, ()):
                    self.store(w, made, (self.layout.held if slot in direct else self.layout.pending) + slot)
                for ring in rings.get(node, ()):
                    address = self.at_index(w, self.ring_slot(w, ring))
                    w.do(f"store {self.lanes.V} {made}, ptr {address}, align {self.align}")

            age = self.age(self.lanes.literal(self.h))
            arguments = "ptr noalias %b, ptr noalias %keys, i64 %k"
            self.divided(f"sample_{number}", block, arguments, age, put, first=first, rare=rare)
            held, pending = self.layout.held, self.layout.pending
            self.copy(f"tell_{number}", [s for s, _ in group.outputs], pending, held, rare)
            self.copy(f"keep_memory_{number}", [s for s, _ in group.memory if s not in direct], pending, held, rare)
            self.copy(f"save_{number}", sorted(direct), held, pending, True)  # while priming, time stands still
            self.copy(f"undo_{number}", sorted(direct), pending, held, True)

    def read(self, block: Block, op: str) -> dict[int, int]:
        """The slots of a kind (`held`, `ring`) that a block reads, each with its leaf."""
        graph = self.graph
        needed = {a for i in block.nodes for a in graph.args[i]} | set(block.roots)
        return {graph.args[i][0]: i for i in needed if graph.ops[i] == op}

    def held_read(self, block: Block) -> dict[int, int]:
        """The held slots that a block reads, each with its leaf."""
        return self.read(block, "held")

    @functools.cached_property
    def private(self) -> list[frozenset[int]]:
        """Of each group, the memory that nothing else which is due at the same time reads: it needs no second place where
        it waits until all have read."""
        reads = [self.held_read(block).keys() for block in self.plan.samples]
        watched = {bell.held for bell in self.program.bells}
        result = []
        for number, group in enumerate(self.program.groups):
            others = watched.union(*(r for i, r in enumerate(reads) if i != number))
            result.append(frozenset(slot for slot, _ in group.memory) - others)
        return result

    def copy(self, name: str, slots: list[int], source: int, target: int, rare: bool) -> None:
        """Write a function that copies slots from one region to another, many neighbours in a loop."""
        w = Writer(self.lanes)
        for first, count in runs(slots):
            if count <= FEW or self.strided:
                for slot in range(first, first + count):
                    self.store(w, self.load(w, source + slot), target + slot)
            else:
                from_, to = (self.at(w, region + first) for region in (source, target))
                self.invoke(w, "copied", f"ptr {from_}, ptr {to}, i64 {count}")
        self.define(name, "ptr noalias %b", w, rare)

    def copied(self) -> None:
        """Write the loop over neighbouring slots."""
        w, lanes = Writer(self.lanes), self.lanes
        w.do("br label %next")
        w.lines.append("next:")
        w.do("%i = phi i64 [ 0, %entry ], [ %more, %next ]")
        moved = self.at_index(w, "%i", "%from")
        value = w.let(f"load {lanes.V}, ptr {moved}, align {self.align}")
        w.do(f"store {lanes.V} {value}, ptr {self.at_index(w, '%i', '%to')}, align {self.align}")
        w.do("%more = add i64 %i, 1")
        w.do("%again = icmp ult i64 %more, %slots")
        w.do("br i1 %again, label %next, label %done")
        w.lines.append("done:")
        w.lines.insert(0, "entry:")
        self.define("copied", "ptr noalias %from, ptr noalias %to, i64 %slots", w)

    def bells(self) -> None:
        """Compare each bell of a group with what it was, and log the lanes that changed."""
        lanes, layout = self.lanes, self.layout
        log = "ptr %events, ptr %counts, i64 %room"
        for number, group in enumerate(self.program.groups):
            slots = {s for s, _ in group.memory}
            mine = [(i, b.held) for i, b in enumerate(self.program.bells) if b.held in slots]
            w = Writer(lanes)
            for i, held in mine:
                old, new = (self.at(w, region + held) for region in (layout.held, layout.pending))
                before, now = (w.let(f"load {lanes.V}, ptr {at}, align {self.align}") for at in (old, new))
                changed = some = w.compare("une", before, now)
                if lanes.width > 1:
                    some = w.let(f"call i1 @llvm.vector.reduce.or.v{lanes.width}i1({lanes.B} {changed})")
                w.do(f"br i1 {some}, label %log_{i}, label %past_{i}")
                w.lines.append(f"log_{i}:")
                self.invoke(w, "ring_bell", f"ptr {old}, ptr {new}, i64 {2 * i}, i64 %step, {log}")
                w.do(f"br label %past_{i}")
                w.lines.append(f"past_{i}:")
            self.define(f"bells_{number}", f"ptr noalias %b, i64 %step, {log}", w, group.period >= RARE)

    def ring_bell(self) -> None:
        """Write what logs a bell, lane by lane: `what` is its number twice, and one more where it begins."""
        w, lanes = Writer(self.lanes), self.lanes
        w.do("br label %lane")
        w.lines.append("lane:")
        w.do("%i = phi i64 [ 0, %entry ], [ %next, %skip ]")
        before, now = (
            w.let(f"load {lanes.scalar}, ptr {w.let(f'getelementptr {lanes.scalar}, ptr {at}, i64 %i')}")
            for at in ("%old", "%new")
        )
        mine = w.let(f"fcmp une {lanes.scalar} {before}, {now}")
        count_at = w.let("getelementptr i64, ptr %counts, i64 %i")
        count = w.let(f"load i64, ptr {count_at}, align 8")
        one = w.let(f"zext i1 {mine} to i64")  # counted also where there is no room to write it down
        more = w.let(f"add i64 {count}, {one}")
        w.do(f"store i64 {more}, ptr {count_at}, align 8")
        room = w.let(f"icmp ult i64 {count}, %room")
        go = w.let(f"and i1 {mine}, {room}")
        w.do(f"br i1 {go}, label %write, label %skip")
        w.lines.append("write:")
        row = w.let("mul i64 %room, %i")
        row = w.let(f"add i64 {row}, {count}")
        row = w.let(f"mul i64 {row}, 2")
        at = w.let(f"getelementptr i64, ptr %events, i64 {row}")
        w.do(f"store i64 %step, ptr {at}, align 8")
        on = w.let(f"fcmp ogt {lanes.scalar} {now}, {lanes.literal(0.5)}")
        on = w.let(f"zext i1 {on} to i64")
        what = w.let(f"add i64 {on}, %what")
        at2 = w.let(f"getelementptr i64, ptr {at}, i64 1")
        w.do(f"store i64 {what}, ptr {at2}, align 8")
        w.do("br label %skip")
        w.lines.append("skip:")
        w.do("%next = add i64 %i, 1")
        w.do(f"%again = icmp ult i64 %next, {lanes.width}")
        w.do("br i1 %again, label %lane, label %done")
        w.lines.append("done:")
        w.lines.insert(0, "entry:")
        arguments = "ptr %old, ptr %new, i64 %what, i64 %step, ptr %events, ptr %counts, i64 %room"
        self.define("ring_bell", arguments, w)


def runs(slots: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbours among slots: the first of each run, and how many."""
    found: list[tuple[int, int]] = []
    for slot in sorted(slots):
        if found and slot == sum(found[-1]):
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((slot, 1))
    return found
