"""The compiled Bloch solver: what each order does to one tile of spins, written as LLVM IR.

A tile stays in the processor's nearest memory while the whole sequence passes over it. A sequence is a list of orders
(`ORDER`); each works on arrays of the tile at byte offsets into its buffer (`Layout`)."""

from __future__ import annotations

from proband.mr.spins.hearing_bowed import BowedHearing
from proband.mr.spins.layout import DIFFUSION, KINDS, ORDER, ROW, ROWS, ROWS_HEARD, STATE
from proband.mr.spins.striking import Striking


class Kernel(BowedHearing, Striking):
    """Writes the module for one number, lane count and layout."""

    def fetch(self) -> str:
        """`fetch(context, tile)`: copy the tile's spins from the rows where they lie, of whatever step, to the table."""
        w = self.writer()
        rows, table, stride = (self.context(w, n) for n in ("rows", "table", "stride"))
        begin = w.mul_i("%tile", self.N)
        rest = w.let(f"sub i64 {self.context(w, 'spins')}, {begin}")
        short = w.let(f"icmp slt i64 {rest}, {self.N}")
        many = w.let(f"select i1 {short}, i64 {rest}, i64 {self.N}")
        with w.loop(self.context(w, "row_count")) as r:
            row = w.at(rows, w.mul_i(r, ROW.itemsize))
            source, step, fill = w.load(row, "ptr"), w.load(w.at(row, 8), "i64"), w.load(w.at(row, 16), "double")
            to = w.at(table, w.mul_i(r, stride))
            here = w.let(f"icmp ne ptr {source}, null")
            there = w.let(f"select i1 {here}, i64 {many}, i64 0")
            spot = w.at(source, w.mul_i(begin, step))
            close = w.let(f"icmp eq i64 {step}, 8")  # one after the other
            bytes_ = w.mul_i(w.let(f"select i1 {close}, i64 {there}, i64 0"), 8)
            w.do(f"call void @llvm.memcpy.p0.p0.i64(ptr align 8 {to}, ptr align 8 {spot}, i64 {bytes_}, i1 false)")
            apart = w.let(f"select i1 {close}, i64 0, i64 {there}")
            with w.loop(apart) as n:
                value = w.load(w.at(spot, w.mul_i(n, step)), "double")
                w.do(f"store double {value}, ptr {w.at(to, w.mul_i(n, 8))}, align 8")
            with w.loop(str(self.N), there) as n:
                w.do(f"store double {fill}, ptr {w.at(to, w.mul_i(n, 8))}, align 8")
            with w.loop(w.mul_i(step, self.N), step=64) as line:  # of the next tile, to be near by then
                ahead = w.at(w.at(spot, w.mul_i(step, self.N)), line)
                w.do(f"call void @llvm.prefetch.p0(ptr {ahead}, i32 0, i32 2, i32 1)")
        return w.function("internal void @fetch(ptr noalias %ctx, i64 %tile) noinline")

    def store(self) -> str:
        """`store(context, tile)`: the tile's magnetisation and walks to `after`, six rows of all spins."""
        w = self.begin()
        after, stride = self.context(w, "after"), self.context(w, "after_stride")
        begin = w.mul_i("%tile", self.N)
        rest = w.let(f"sub i64 {self.context(w, 'spins')}, {begin}")
        short = w.let(f"icmp slt i64 {rest}, {self.N}")
        many = w.let(f"select i1 {short}, i64 {rest}, i64 {self.N}")
        for k, name in enumerate(STATE):
            to, size = w.at(w.at(after, w.mul_i(stride, k)), w.mul_i(begin, 8)), 8 if k > 2 else self.at.size
            with w.loop(many) as n:
                here = w.at("%buffer", w.add(w.mul_i(n, size), getattr(self.at, name)))
                value = w.load(here, "double" if size == 8 else "float")
                value = value if size == 8 else w.let(f"fpext float {value} to double")
                w.do(f"store double {value}, ptr {w.at(to, w.mul_i(n, 8))}, align 8")
        return w.function("internal void @store(ptr noalias %ctx, i64 %tile) noinline")

    def play(self) -> str:
        """`play(context)`: set out a tile from its table, obey every order."""
        w = self.begin()
        table, stride = self.context(w, "table"), self.context(w, "stride")
        state = w.at(table, w.mul_i(stride, w.add(w.mul_i(self.context(w, "channels"), 2), len(ROWS))))
        with w.loop(str(self.N), step=self.L) as i:
            for row, name in enumerate(("x", "y", "z", "off")):
                self.put_d(w, self.get_d(w, w.mul_i(stride, row), i, table), getattr(self.at, name), i)
            for name in ("vx", "vy", "vz", "extra"):
                self.put_d(w, "zeroinitializer", getattr(self.at, name), i)
            for name, row in (("m0", "density"), ("R1", "T1"), ("R2", "T2"), *zip(DIFFUSION, DIFFUSION, strict=True)):
                value = self.get_d(w, w.mul_i(stride, ROWS.index(row)), i, table)
                if row in ("T1", "T2"):
                    value = w.op("fdiv", w.c(1.0, True), value, w.D)
                self.put(w, w.narrow(value), getattr(self.at, name), i)
            for k, name in enumerate(STATE):
                value = self.get_d(w, w.mul_i(stride, k), i, state)
                if k < 3:
                    self.put(w, w.narrow(value), getattr(self.at, name), i)
                else:
                    self.put_d(w, value, getattr(self.at, name), i)
        orders, count = self.context(w, "orders"), self.context(w, "count")
        with w.loop(count) as j:
            order = w.at(orders, w.mul_i(j, ORDER.itemsize))
            kind = w.load(order, "i64")
            cases = " ".join(f"i64 {k}, label %do_{name}" for k, name in enumerate(KINDS))
            w.do(f"switch i64 {kind}, label %obeyed [ {cases} ]")
            for name in KINDS:
                w.label(f"do_{name}")
                w.do(f"call void @{name}(ptr %ctx, ptr {order})")
                w.do("br label %obeyed")
            w.label("obeyed")
        return w.function("internal void @play(ptr noalias %ctx) noinline")

    def batch(self) -> str:
        """`play_tiles(context)`: some tiles one after the other, each with its rows, its spins' groups and their coils."""
        w = self.writer()

        def put(value: str, name: str, kind: str = "ptr") -> None:
            w.do(f"store {kind} {value}, ptr {w.at('%ctx', self.names[name])}, align 8")

        several = w.let(f"icmp sgt i64 {self.context(w, 'coils')}, 1")
        begin = self.context(w, "first_tile")
        after = w.let(f"icmp ne ptr {self.context(w, 'after')}, null")
        with w.loop(w.add(begin, self.context(w, "tiles")), begin) as t:
            w.do(f"call void @fetch(ptr %ctx, i64 {t})")
            with w.when(several):
                starts = w.at(self.context(w, "first_group"), w.mul_i(t, 8))
                first, last = w.load(starts, "i64"), w.load(w.at(starts, 8), "i64")
                put(w.let(f"sub i64 {last}, {first}"), "group_count", "i64")
                of_group = w.mul_i(self.context(w, "coils"), 2 * self.at.size)
                put(w.at(self.context(w, "all_receive"), w.mul_i(first, of_group)), "receive")
                put(w.at(self.context(w, "all_groups"), w.mul_i(w.add(first, t), 8)), "groups")
            w.do("call void @play(ptr %ctx)")
            with w.when(after):
                w.do(f"call void @store(ptr %ctx, i64 {t})")
        return w.function("void @play_tiles(ptr noalias %ctx)")

    def module(self) -> str:
        L = self.L
        texts = [
            self.decay(), self.turn(""), self.turn("moving"), self.turn("bent"), self.apply(), self.attenuate(), self.pulse(False), self.pulse(True), self.join(), self.strike(),
            self.table(), self.run(False), self.run(True), self.hearing(), self.curved(""), self.curved("moving"), self.curved("bent"), self.bow(3), self.bow(7), self.bowed(False), self.bowed(True), self.move(False), self.move(True), self.kick(), self.follow(),
            *(self.product(r) for r in range(1, ROWS_HEARD + 1)), *(self.weighing(r) for r in range(1, ROWS_HEARD + 1)), self.fetch(),
            self.store(), self.play(), self.batch(),
        ]  # fmt: skip
        heads = []
        for bits, number in ((64, "double"), *(() if self.number == "double" else ((32, "float"),))):
            V, name = f"<{L} x {number}>", f"v{L}f{bits}"
            heads.append(f"declare {V} @llvm.fma.{name}({V}, {V}, {V})")
            heads.append(f"declare {V} @llvm.rint.{name}({V})")
        heads.append("declare void @llvm.prefetch.p0(ptr, i32, i32, i32)")
        heads.append("declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)")
        return "\n\n".join([*heads, *texts])
