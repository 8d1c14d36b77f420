"""Orders of straight readouts, the heart of the solver: sums over spins as a product of two tables.

Sample a·B + b hears Σ z·E^(aB)·E^b, E being what one dwell time does to a spin: a product of two tables, the rows z·E^(aB)
and the columns E^b, whose columns are kept as long as the gradient is the same. Lanes hold the samples b, so that nothing
is ever summed across lanes. Rows of several readouts wait for each other until they fill the registers. A complex product
is three real ones (of the real parts, of the imaginary parts, and of their sums), so that a step costs three multiply-adds."""

from __future__ import annotations

from proband.mr.spins.layout import ROWS_HEARD, Tile
from proband.mr.spins.vectors import Writer


class Hearing(Tile):
    """Writes them as functions of one order."""

    def table(self) -> str:
        """b: for each spin E⁰ … E^(B−1), from the turn of one dwell time at a, times the sensitivity of a coil alone."""
        w = self.begin()
        one, to, L = self.field(w, "a"), self.field(w, "b"), self.L
        alone = w.let(f"icmp eq i64 {self.context(w, 'coils')}, 1")
        receive, row = self.context(w, "receive"), self.context(w, "stride")
        arrays = [(one, w.add(one, self.at.one))]
        arrays += [
            (self.at.powers + 2 * k * self.at.one, self.at.powers + (2 * k + 1) * self.at.one)
            for k in range(L.bit_length() - 1)
        ]
        with w.loop(str(self.N), step=L) as i:  # E = c − is; then squares
            c, s = (self.get(w, o, i) for o in arrays[0])
            for re, im in arrays[1:]:
                c, s = w.minus(w.times(c, c), w.times(s, s)), w.times(w.plus(c, c), s)
                self.put(w, c, re, i)
                self.put(w, s, im, i)
            self.put(w, w.c(1.0), self.at.current, i)
            self.put(w, w.c(0.0), self.at.current + self.at.one, i)
        with w.when(alone), w.loop(str(self.N), step=L) as i:
            for k in range(2):
                part = w.narrow(self.get_d(w, w.mul_i(row, k), i, receive))
                self.put(w, part, self.at.current + k * self.at.one, i)
        *levels, leap = arrays
        with w.loop(str(self.N)) as n:

            def each(offset: str | int, n=n) -> str:
                return w.splat(w.load(self.place(w, "%buffer", offset, n), self.number))

            re, im = each(self.at.current), each(self.at.current + self.at.one)
            for level, (cosine, sine) in enumerate(levels):
                mask = f"<{', '.join(f'i1 {(lane >> level) & 1}' for lane in range(L))}>"
                c = w.let(f"select {w.B} {mask}, {w.T} {each(cosine)}, {w.T} {w.c(1.0)}")
                s = w.let(f"select {w.B} {mask}, {w.T} {each(sine)}, {w.T} {w.c(0.0)}")
                re, im = w.fma(im, s, w.times(re, c)), w.minus(w.times(im, c), w.times(re, s))
            here = w.at(w.at("%buffer", to), w.mul_i(n, 2 * self.at.samples * self.at.size))
            for k in range(self.at.wide):
                if k:
                    c, s = (each(o) for o in leap)
                    re, im = w.fma(im, s, w.times(re, c)), w.minus(w.times(im, c), w.times(re, s))
                w.store(re, w.at(here, 2 * k * L * self.at.size))
                w.store(im, w.at(here, (2 * k + 1) * L * self.at.size))
        return self.finish(w, "table")

    def product(self, rows: int) -> str:
        """Σ over spins n0 … n1 of rows times columns: to %sums, re and im of each register of each row."""
        w = self.writer()
        L, size, wide = self.L, self.at.size, self.at.wide
        sums = [[[w.variable(w.T) for _ in range(3)] for _ in range(wide)] for _ in range(rows)]
        for p in (p for row in sums for part in row for p in part):
            w.store(w.c(0.0), p)
        with w.loop("%n1", "%n0") as n:
            here = w.at("%columns", w.mul_i(n, 2 * wide * L * size))
            columns = []
            for k in range(wide):
                re, im = w.load(w.at(here, 2 * k * L * size)), w.load(w.at(here, (2 * k + 1) * L * size))
                columns.append((re, im, w.plus(re, im)))
            left = w.at("%left", w.mul_i(n, size))
            for r, row in enumerate(sums):
                for k in range(3):
                    a = w.splat(w.load(w.at(left, (3 * r + k) * self.at.one), self.number))
                    for column, part in zip(columns, row, strict=True):
                        w.store(w.fma(a, column[k], w.load(part[k])), part[k])
        for r, row in enumerate(sums):
            for k, part in enumerate(row):
                re, im, both = (w.load(p) for p in part)
                to = w.at("%sums", 2 * (r * wide + k) * L * size)
                w.store(w.minus(re, im), to)
                w.store(w.minus(both, w.plus(re, im)), w.at(to, L * size))
        return w.function(
            f"internal void @product{rows}(ptr noalias %left, ptr noalias %columns, ptr noalias %sums, i64 %n0, i64 %n1) noinline"
        )

    def hear(self, w: Writer, coil: str, first: str, sums: str, rows: str) -> None:
        """Add rows of sums (re, im of L samples each) to what a coil has heard from sample `first` on, double."""
        out, plane = self.context(w, "out"), self.context(w, "plane")
        base = w.at(w.at(out, w.mul_i(w.mul_i(coil, 2), plane)), w.mul_i(first, 8))
        with w.loop(rows) as r:
            for part in range(2):
                value = w.load(w.at(sums, w.mul_i(w.add(w.mul_i(r, 2), part), self.L * self.at.size)))
                here = w.at(w.at(base, w.mul_i(r, 8 * self.L)), plane if part else 0)
                old = w.let(f"load {w.D}, ptr {here}, align 8")
                w.do(f"store {w.D} {w.plus(old, w.widen(value), w.D)}, ptr {here}, align 8")

    def weighing(self, rows: int) -> str:
        """Each coil hears all groups' sums of a known number of rows, weighed with its sensitivity: a small product of
        matrices whose results stay in registers until they are added to the plane at `%out`."""
        w = self.writer()
        L, size = self.L, self.at.size
        coils = self.context(w, "coils")
        plane = self.context(w, "plane")
        with w.loop(coils) as c:
            totals = [[w.variable(w.T) for _ in range(2)] for _ in range(rows * self.at.wide)]
            for total in totals:
                for p in total:
                    w.store(w.c(0.0), p)
            mine = w.at("%weights", w.mul_i(c, 2 * size))
            with w.loop("%groups") as g:
                weight = w.at(mine, w.mul_i(w.mul_i(g, coils), 2 * size))
                re, im = (w.splat(w.load(w.at(weight, k * size), self.number)) for k in range(2))
                minus = w.let(f"fneg {w.T} {im}")
                sums = w.at("%sums", w.mul_i(g, 2 * ROWS_HEARD * self.at.samples * size))
                for r, (x, y) in enumerate(totals):
                    a, b = (w.load(w.at(sums, (2 * r + k) * L * size)) for k in range(2))
                    w.store(w.fma(b, minus, w.fma(a, re, w.load(x))), x)
                    w.store(w.fma(b, re, w.fma(a, im, w.load(y))), y)
            base = w.at("%out", w.mul_i(w.mul_i(c, 2), plane))
            for r, total in enumerate(totals):
                for part, p in enumerate(total):
                    here = w.at(w.at(base, 8 * L * r), plane if part else 0)
                    old = w.let(f"load {w.D}, ptr {here}, align 8")
                    w.do(f"store {w.D} {w.plus(old, w.widen(w.load(p)), w.D)}, ptr {here}, align 8")
        return w.function(
            f"internal void @weigh{rows}(ptr noalias %ctx, ptr noalias %weights, ptr noalias %sums, ptr noalias %out, i64 %groups) noinline"
        )

    def run(self, on: bool) -> str:
        """`count` rows of a straight readout, to those that wait, from place `a` on; the turn of B dwell times is at c.

        The first row is M+, behind the turn that lies between the magnetisation and the first sample at `more` (0: none).
        `on`: the readout has filled all places before and goes on with the first."""
        w = self.begin()
        leap, rows, turn = (self.field(w, n) for n in ("c", "count", "more"))
        first = w.at("%buffer", w.add(w.mul_i(self.field(w, "a"), 3 * self.at.one), self.at.left))
        late = w.let(f"icmp ne i64 {turn}, 0")

        def fill(count: int, turned: bool) -> None:
            with w.loop(str(self.N), step=self.L) as i:
                c, s = self.get(w, leap, i), self.get(w, w.add(leap, self.at.one), i)
                if on:
                    last = self.at.left + 3 * (ROWS_HEARD - 1) * self.at.one
                    re, im = self.get(w, last, i), self.get(w, last + self.at.one, i)
                    re, im = self.further(w, re, im, c, s)
                else:
                    re, im = self.get(w, self.at.mx, i), self.get(w, self.at.my, i)
                if turned:
                    re, im = self.further(w, re, im, self.get(w, turn, i), self.get(w, w.add(turn, self.at.one), i))
                for r in range(count):
                    for k, value in enumerate((re, im, w.plus(re, im))):
                        self.put(w, value, (3 * r + k) * self.at.one, i, first)
                    if r < count - 1:
                        re, im = self.further(w, re, im, c, s)

        for count in range(1, ROWS_HEARD + 1):
            with w.when(w.let(f"icmp eq i64 {rows}, {count}")):
                if on:
                    fill(count, False)
                    continue
                with w.when(late):
                    fill(count, True)
                with w.when(w.let(f"xor i1 {late}, true")):
                    fill(count, False)
        return self.finish(w, "run_on" if on else "run")

    def further(self, w: Writer, re: str, im: str, c: str, s: str) -> tuple[str, str]:
        """A complex number times c − is."""
        return w.fma(im, s, w.times(re, c)), w.minus(w.times(im, c), w.times(re, s))

    def hearing(self) -> str:
        """The `count` rows that wait are heard, from sample `out` on; their columns are at b.

        One coil: all spins are one sum. Several: spins of one group (a voxel's points) are summed first, since they
        share the coils' sensitivities."""
        w = self.begin()
        columns, rows, out = (self.field(w, n) for n in ("b", "count", "out"))
        coils, groups, group_count = (self.context(w, n) for n in ("coils", "groups", "group_count"))
        several = w.let(f"icmp sgt i64 {coils}, 1")
        left, sums, table = (w.at("%buffer", o) for o in (self.at.left, self.at.sums, columns))
        of_group = 2 * ROWS_HEARD * self.at.samples * self.at.size
        weights, to = self.context(w, "receive"), w.at(self.context(w, "out"), w.mul_i(out, 8))
        plane = self.context(w, "plane")
        with w.loop(w.mul_i(rows, 8 * self.at.samples), step=64) as line:  # to be near once the sums are there
            for base in (to, w.at(to, plane)):
                w.do(f"call void @llvm.prefetch.p0(ptr {w.at(base, line)}, i32 1, i32 3, i32 1)")
        for r in range(1, ROWS_HEARD + 1):
            with w.when(w.let(f"icmp eq i64 {rows}, {r}")):
                with w.when(several):
                    with w.loop(group_count) as g:
                        bounds = w.at(groups, w.mul_i(g, 8))
                        n0, n1 = w.load(bounds, "i64"), w.load(w.at(bounds, 8), "i64")
                        here = w.at(sums, w.mul_i(g, of_group))
                        w.do(f"call void @product{r}(ptr {left}, ptr {table}, ptr {here}, i64 {n0}, i64 {n1})")
                    w.do(f"call void @weigh{r}(ptr %ctx, ptr {weights}, ptr {sums}, ptr {to}, i64 {group_count})")
                with w.when(w.let(f"xor i1 {several}, true")):
                    w.do(f"call void @product{r}(ptr {left}, ptr {table}, ptr {sums}, i64 0, i64 {self.N})")
                    self.hear(w, "0", out, sums, str(r * self.at.wide))
        return self.finish(w, "hear")
