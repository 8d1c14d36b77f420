"""LLVM IR of sampled parts: what they compute at their ticks, what they tell then, and what is logged."""

from __future__ import annotations

import functools

from proband.engine.blocks import Block
from proband.engine.llvm_math import Writer
from proband.engine.llvm_steps import Steps


class Samples(Steps):
    """Writes a function for each group of parts with one period."""

    def samples(self) -> None:
        for number, (group, block) in enumerate(zip(self.program.groups, self.plan.samples, strict=True)):
            w = Writer(self.lanes)
            direct = self.private[number]
            slots: dict[int, list[int]] = {}
            for slot, node in (*group.outputs, *group.memory):
                slots.setdefault(node, []).append(slot)
            read = self.held_read(block)
            first = {n: [read[s] for s in found if s in direct and s in read] for n, found in slots.items()}

            def put(node: int, made: str, w: Writer = w, slots: dict = slots, direct: frozenset = direct) -> None:
                for slot in slots.get(node, ()):
                    self.store(w, made, (self.layout.held if slot in direct else self.layout.pending) + slot)

            made = self.block(w, block, "%b", self.age(self.lanes.literal(self.h)), put, first)
            for ring in group.rings:
                address = self.at_index(w, self.ring_slot(w, ring))
                w.do(f"store {self.lanes.V} {made[self.program.rings[ring].source]}, ptr {address}, align {self.align}")
            self.define(f"sample_{number}", "ptr noalias %b, ptr noalias %keys, i64 %k", w)
            held, pending = self.layout.held, self.layout.pending
            self.copy(f"tell_{number}", [s for s, _ in group.outputs], pending, held)
            self.copy(f"keep_memory_{number}", [s for s, _ in group.memory if s not in direct], pending, held)
            self.copy(f"save_{number}", sorted(direct), held, pending)  # while priming, time stands still
            self.copy(f"undo_{number}", sorted(direct), pending, held)

    def held_read(self, block: Block) -> dict[int, int]:
        """The held slots that a block reads, each with its leaf."""
        graph = self.graph
        needed = {a for i in block.nodes for a in graph.args[i]} | set(block.roots)
        return {graph.args[i][0]: i for i in needed if graph.ops[i] == "held"}

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

    def copy(self, name: str, slots: list[int], source: int, target: int) -> None:
        """Write a function that copies slots from one region to another."""
        w = Writer(self.lanes)
        for slot in slots:
            self.store(w, self.load(w, source + slot), target + slot)
        self.define(name, "ptr noalias %b", w)

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
