"""The compiled Bloch solver: what each order does to one tile of spins, written as LLVM IR.

A tile stays in the processor's nearest memory while the whole sequence passes over it. A sequence is a list of orders
(`ORDER`); each works on arrays of the tile at byte offsets into its buffer (`Layout`).

The sum over spins in a straight readout is the heart. Sample a·L + b hears Σ z·E^(aL)·E^b, E being what one dwell time
does to a spin: a product of two tables, the rows z·E^(aL) and the columns E^b, whose columns are kept as long as the
gradient is the same. Lanes hold the samples b, so that nothing is ever summed across lanes."""

from __future__ import annotations

import numpy as np

from proband.mr.spins.vectors import Writer, cos_pi, sin_pi

ORDER = np.dtype(
    [(n, "i8") for n in ("kind", "a", "b", "c", "count", "pointer", "out", "more")]
    + [(n, "f8") for n in ("time", "x", "y", "z", "u", "v", "w", "spare")]
)
KINDS = (
    "decay", "turn", "turn_moving", "apply", "attenuate", "pulse", "pulse_one", "join", "strike", "table", "run", "curved",
    "curved_moving", "move", "move_frames", "kick", "turn_bent", "curved_bent", "follow",
)  # fmt: skip
CONTEXT = (
    "orders", "count", "rows", "row_count", "table", "stride", "buffer", "receive", "groups", "group_count", "out",
    "plane", "frames", "kicks", "coils", "channels", "first_tile", "tiles", "spins", "all_receive", "all_groups",
    "first_group", "after", "after_stride",
)  # fmt: skip
POINTERS = {"orders", "rows", "table", "buffer", "receive", "groups", "out", "frames", "kicks"}
POINTERS |= {"all_receive", "all_groups", "first_group", "after"}
ROW = np.dtype([("pointer", "i8"), ("step", "i8"), ("fill", "f8")])  # where a row of numbers lies; what stands for none
STATE = ("mx", "my", "mz", "wx", "wy", "wz")
ROWS = (
    "x",
    "y",
    "z",
    "off",
    "density",
    "T1",
    "T2",
    "D",
    "vx",
    "vy",
    "vz",
)  # then the transmit field, re and im by channel; STATE; of a coil alone its sensitivity, re and im
BLOCK = 24  # samples of a pulse between two portions of relaxation, at most
MOST = 0.25  # turns of a spin in one sample of a pulse; longer samples are cut


class Layout:
    """Where the arrays of a tile lie in its buffer, bytes. Double arrays first, then the solver's number."""

    x: int
    y: int
    z: int
    off: int
    vx: int
    vy: int
    vz: int
    wx: int
    wy: int
    wz: int
    extra: int
    mx: int
    my: int
    mz: int
    m0: int
    R1: int
    R2: int
    D: int

    def __init__(self, number: str, lanes: int, spins: int):
        self.size = 4 if number == "float" else 8
        self.number, self.lanes, self.spins = number, lanes, spins
        self.rows = 2 if lanes * self.size == 32 else 8  # of a readout at a time; AVX2 has half the registers
        self.one, self.end = spins * self.size, 0
        for name in ("x", "y", "z", "off", "vx", "vy", "vz", "wx", "wy", "wz", "extra"):
            setattr(self, name, self.take(8 * spins))
        for name in ("mx", "my", "mz", "m0", "R1", "R2", "D"):
            setattr(self, name, self.take(self.one))
        self.current = self.take(2 * self.one)
        self.left = self.take(2 * self.rows * self.one)
        self.powers = self.take(2 * max(lanes.bit_length() - 2, 1) * self.one)
        self.sums = self.take(2 * lanes * self.size * self.rows * spins)  # of each group
        self.local = 0

    def take(self, size: int) -> int:
        here, self.end = self.end, self.end + (size + 63) // 64 * 64
        return here

    def decay(self) -> int:
        return self.take(2 * self.one)

    turn = decay

    def pulse(self) -> int:
        return self.take(12 * self.one)

    def table(self) -> int:
        return self.take(2 * self.lanes * self.one)


class Kernel:
    """Writes the module for one number, lane count and layout."""

    def __init__(self, layout: Layout):
        self.at, self.N, self.L = layout, layout.spins, layout.lanes
        self.number = layout.number
        self.names = {name: 8 * i for i, name in enumerate(CONTEXT)}
        self.fields = {name: 8 * i for i, name in enumerate(ORDER.names or ())}

    # reading ------------------------------------------------------------------------------------------------------
    def writer(self) -> Writer:
        return Writer(self.number, self.L)

    def context(self, w: Writer, name: str) -> str:
        kind = "ptr" if name in POINTERS else "i64"
        return w.load(w.at("%ctx", self.names[name]), kind)

    def field(self, w: Writer, name: str) -> str:
        kind = "ptr" if name == "pointer" else "i64" if self.fields[name] < 64 else "double"
        return w.load(w.at("%order", self.fields[name]), kind)

    def place(self, w: Writer, base: str, offset: str | int, i: str, double: bool = False) -> str:
        """Address of lane group that begins at spin i of the array at this offset."""
        byte = w.mul_i(i, 8 if double else self.at.size)
        return w.at(w.at(base, offset), byte)

    def get(self, w: Writer, offset: str | int, i: str, base: str = "%buffer") -> str:
        return w.load(self.place(w, base, offset, i))

    def put(self, w: Writer, value: str, offset: str | int, i: str, base: str = "%buffer") -> None:
        w.store(value, self.place(w, base, offset, i))

    def get_d(self, w: Writer, offset: str | int, i: str, base: str = "%buffer") -> str:
        return w.load(self.place(w, base, offset, i, double=True), w.D)

    def put_d(self, w: Writer, value: str, offset: str | int, i: str, base: str = "%buffer") -> None:
        w.store(value, self.place(w, base, offset, i, double=True), w.D)

    def number_of(self, w: Writer, name: str) -> str:
        """A field of the order on all lanes, in the solver's number."""
        value = self.field(w, name)
        if self.number == "float":
            value = w.let(f"fptrunc double {value} to float")
        return w.splat(value)

    def begin(self) -> Writer:
        w = self.writer()
        w.do(f"%buffer = load ptr, ptr {w.at('%ctx', self.names['buffer'])}, align 8")
        return w

    def finish(self, w: Writer, name: str) -> str:
        return w.function(f"internal void @{name}(ptr noalias %ctx, ptr noalias %order) noinline")

    # orders -------------------------------------------------------------------------------------------------------
    def decay(self) -> str:
        """b: exp(−time·R1) and exp(−time·R2)."""
        w = self.begin()
        to, time = self.field(w, "b"), w.times(self.number_of(w, "time"), w.c(-1.0))
        with w.loop(str(self.N), step=self.L) as i:
            self.put(w, w.exp(w.times(time, self.get(w, self.at.R1, i))), to, i)
            self.put(w, w.exp(w.times(time, self.get(w, self.at.R2, i))), w.add(to, self.at.one), i)
        return self.finish(w, "decay")

    def turns(self, w: Writer, i: str, way: str, names: tuple[str, ...]) -> str:
        """How often a spin turns, double: moments times place, off-resonance times time. `way`: "moving" adds first moments
        times speed, "bent" the fields beside the gradients (see `moments.beside`)."""
        spot = [self.get_d(w, getattr(self.at, row), i) for row in ("x", "y", "z")]
        total = w.times(names[0], self.get_d(w, self.at.off, i), w.D)
        for name, place in zip(names[1:4], spot, strict=True):
            total = w.fma(name, place, total, True)
        if way == "moving":
            for name, row in zip(names[4:7], ("vx", "vy", "vz"), strict=True):
                total = w.fma(name, self.get_d(w, getattr(self.at, row), i), total, True)
        if way == "bent":
            for name, square in zip(names[4:8], self.squares(w, *spot), strict=True):
                total = w.fma(name, square, total, True)
        return total

    def squares(self, w: Writer, x: str, y: str, z: str) -> list[str]:
        return [w.times(z, z, w.D), w.fma(x, x, w.times(y, y, w.D), True), w.times(x, z, w.D), w.times(y, z, w.D)]

    def turn(self, way: str) -> str:
        """a: cos and sin of the turn, times the decay of T2 at b."""
        w = self.begin()
        to, decay = self.field(w, "a"), w.add(self.field(w, "b"), self.at.one)
        values = tuple(w.splat(self.field(w, n), True) for n in ("time", "x", "y", "z", "u", "v", "w", "spare"))
        with w.loop(str(self.N), step=self.L) as i:
            turns = self.turns(w, i, way, values)
            if way == "moving":
                turns = w.plus(turns, self.get_d(w, self.at.extra, i), w.D)
            c, s = w.cos_sin(turns)
            e2 = self.get(w, decay, i)
            self.put(w, w.times(c, e2), to, i)
            self.put(w, w.times(s, e2), w.add(to, self.at.one), i)
        return self.finish(w, f"turn_{way}" if way else "turn")

    def follow(self) -> str:
        """a: the turn at b, turned further by that at c, which has no decay."""
        w = self.begin()
        to, one, more = (self.field(w, n) for n in ("a", "b", "c"))
        with w.loop(str(self.N), step=self.L) as i:
            c, s = self.get(w, one, i), self.get(w, w.add(one, self.at.one), i)
            u, v = self.get(w, more, i), self.get(w, w.add(more, self.at.one), i)
            self.put(w, w.minus(w.times(c, u), w.times(s, v)), to, i)
            self.put(w, w.fma(s, u, w.times(c, v)), w.add(to, self.at.one), i)
        return self.finish(w, "follow")

    def attenuate(self) -> str:
        """a: a turn, weakened by exp(−b·D); b is the field x."""
        w = self.begin()
        to, b = self.field(w, "a"), w.times(self.number_of(w, "x"), w.c(-1.0))
        with w.loop(str(self.N), step=self.L) as i:
            weaker = w.exp(w.times(b, self.get(w, self.at.D, i)))
            for part in (to, w.add(to, self.at.one)):
                self.put(w, w.times(self.get(w, part, i), weaker), part, i)
        return self.finish(w, "attenuate")

    def apply(self) -> str:
        """The turn at a and the decay at b act on the magnetisation."""
        w = self.begin()
        turn, decay = self.field(w, "a"), self.field(w, "b")
        sine = w.add(turn, self.at.one)
        with w.loop(str(self.N), step=self.L) as i:
            c, s = self.get(w, turn, i), self.get(w, sine, i)
            x, y, z = (self.get(w, o, i) for o in (self.at.mx, self.at.my, self.at.mz))
            m0 = self.get(w, self.at.m0, i)
            self.put(w, w.fma(y, s, w.times(x, c)), self.at.mx, i)
            self.put(w, w.minus(w.times(y, c), w.times(x, s)), self.at.my, i)
            self.put(w, w.fma(w.minus(z, m0), self.get(w, decay, i), m0), self.at.mz, i)
        return self.finish(w, "apply")

    def join(self) -> str:
        """a: the pulse at b after the free precession at c (its decay at `more`), as one pulse of phase 0.

        A phase turns about the same axis as precession does, so that it may still be applied afterwards."""
        w = self.begin()
        to, pulse, turn, decay = (self.field(w, n) for n in ("a", "b", "c", "more"))
        with w.loop(str(self.N), step=self.L) as i:
            c, s, e1 = self.get(w, turn, i), self.get(w, w.add(turn, self.at.one), i), self.get(w, decay, i)
            for r in range(3):
                x, y, z, gain = (self.get(w, w.add(pulse, (4 * r + k) * self.at.one), i) for k in range(4))
                new = [w.minus(w.times(x, c), w.times(y, s)), w.fma(x, s, w.times(y, c)), w.times(z, e1)]
                new.append(w.fma(z, w.minus(w.c(1.0), e1), gain))
                for k, value in enumerate(new):
                    self.put(w, value, w.add(to, (4 * r + k) * self.at.one), i)
        return self.finish(w, "join")

    def strike(self) -> str:
        """The pulse at a, played with a phase whose cosine and sine are u and v."""
        w = self.begin()
        pulse, c, s = self.field(w, "a"), self.number_of(w, "u"), self.number_of(w, "v")
        with w.loop(str(self.N), step=self.L) as i:
            e = [self.get(w, w.add(pulse, k * self.at.one), i) for k in range(12)]
            x, y, z = (self.get(w, o, i) for o in (self.at.mx, self.at.my, self.at.mz))
            m0 = self.get(w, self.at.m0, i)
            x, y = w.minus(w.times(x, c), w.times(y, s)), w.fma(y, c, w.times(x, s))
            new = [w.dot([(e[4 * r], x), (e[4 * r + 1], y), (e[4 * r + 2], z), (e[4 * r + 3], m0)]) for r in range(3)]
            self.put(w, w.fma(new[1], s, w.times(new[0], c)), self.at.mx, i)
            self.put(w, w.minus(w.times(new[1], c), w.times(new[0], s)), self.at.my, i)
            self.put(w, new[2], self.at.mz, i)
        return self.finish(w, "strike")

    def pulse(self, one: bool) -> str:
        """a: what a pulse of phase 0 does, three rows of four numbers (the fourth times the equilibrium).

        `pointer`: `count` samples of (x, y, z in turns/m, time, then re and im of each channel in turns), in the
        solver's number; scratch for the channels' fields at b. With `one` channel its field stays in registers, and a
        sample may stand for several (see `magnus`): three more numbers tell how those turn about each other.
        Rotations are multiplied as quaternions with series in the square of half the angle: no root, no division.
        Relaxation acts in two halves around every block of `more` samples."""
        w = self.begin()
        L, size = self.L, self.at.size
        to, count, data, block = (self.field(w, n) for n in ("a", "count", "pointer", "more"))
        channels, table, stride = (self.context(w, n) for n in ("channels", "table", "stride"))
        row = str(9 * size) if one else w.mul_i(w.add(w.mul_i(channels, 2), 4), size)
        first_time = self.field(w, "time")
        fields = w.at("%buffer", self.field(w, "b"))
        groups = 2 if one and L * size == 64 and self.N % (2 * L) == 0 else 1  # at once, as many as registers hold
        with w.loop(str(self.N), step=groups * L) as begin:
            lanes = [begin, *(w.add(begin, k * L) for k in range(1, groups))]
            ops = [[w.variable(w.T) for _ in range(12)] for _ in lanes]
            for op in ops:
                for k, p in enumerate(op):
                    w.store(w.c(1.0 if k in (0, 5, 10) else 0.0), p)
            spots = [[w.narrow(self.get_d(w, getattr(self.at, n), i)) for n in ("x", "y", "z", "off")] for i in lanes]
            alone: list[list[str]] = []
            if one:
                for i in lanes:
                    places = [w.at(table, w.mul_i(stride, len(ROWS) + k)) for k in range(2)]
                    alone.append([w.narrow(self.get_d(w, 0, i, place)) for place in places])
            else:
                with w.loop(w.mul_i(channels, 2)) as c:
                    here = w.at(table, w.mul_i(w.add(c, len(ROWS)), stride))
                    w.store(w.narrow(self.get_d(w, 0, begin, here)), w.at(fields, w.mul_i(c, L * size)))
            squares = [w.fma(re, re, w.times(im, im)) for re, im in alone]
            rates = [(self.get(w, self.at.R1, i), self.get(w, self.at.R2, i)) for i in lanes]

            def relaxation(samples: str, rates=rates) -> list[tuple[str, str]]:
                half = w.let(f"fmul double {w.let(f'sitofp i64 {samples} to double')}, {w.scalar(-0.5, 'double')}")
                half = w.let(f"fmul double {half}, {first_time}")
                if self.number == "float":
                    half = w.let(f"fptrunc double {half} to float")
                half = w.splat(half)
                return [(w.exp(w.times(half, r1)), w.exp(w.times(half, r2))) for r1, r2 in rates]

            with_whole = relaxation(block)
            with_last = relaxation(w.let(f"srem i64 {count}, {block}"))
            with w.loop(w.let(f"sdiv i64 {w.add(count, w.add(block, -1))}, {block}")) as j:
                first = w.mul_i(j, block)
                stop = w.add(first, block)
                short = w.let(f"icmp sgt i64 {stop}, {count}")
                stop = w.let(f"select i1 {short}, i64 {count}, i64 {stop}")
                turns = [[w.variable(w.T) for _ in range(4)] for _ in lanes]
                for q in turns:
                    for k, p in enumerate(q):
                        w.store(w.c(1.0 if k == 0 else 0.0), p)
                with w.loop(stop, first) as k:
                    here = w.at(data, w.mul_i(k, row))
                    g = [w.splat(w.load(w.at(here, size * k), self.number)) for k in range(9 if one else 4)]
                    for n, (q, spot) in enumerate(zip(turns, spots, strict=True)):
                        bz = w.dot([(g[axis], spot[axis]) for axis in (3, 0, 1, 2)])
                        if one:
                            re, im = alone[n]
                            a = w.fma(w.times(bz, w.c(-1.0)), g[7], g[4])
                            b = w.fma(bz, g[6], g[5])
                            b1 = w.minus(w.times(a, re), w.times(b, im)), w.fma(a, im, w.times(b, re))
                            bz = w.fma(g[8], squares[n], bz)
                        else:
                            b1 = self.gather_field(w, here, fields, channels)
                        self.sample(w, bz, b1, q)
                for op, q, whole, last in zip(ops, turns, with_whole, with_last, strict=True):
                    e1, e2 = (
                        w.let(f"select i1 {short}, {w.T} {a}, {w.T} {b}") for a, b in zip(last, whole, strict=True)
                    )
                    self.compose(w, op, [w.load(p) for p in q], e1, e2)
            for op, i in zip(ops, lanes, strict=True):
                for k, p in enumerate(op):
                    self.put(w, w.load(p), w.add(to, k * self.at.one), i)
        return self.finish(w, "pulse_one" if one else "pulse")

    def gather_field(self, w: Writer, data: str, fields: str, channels: str) -> tuple[str, str]:
        """The transmit field of all channels together during one sample, turns."""
        size = self.at.size
        bx, by = w.variable(w.T), w.variable(w.T)
        for p in (bx, by):
            w.store(w.c(0.0), p)
        with w.loop(channels) as c:
            wave = w.at(data, w.add(w.mul_i(c, 2 * size), 4 * size))
            parts = [w.splat(w.load(w.at(wave, size * k), self.number)) for k in range(2)]
            here = w.at(fields, w.mul_i(c, 2 * self.L * size))
            re, im = w.load(here), w.load(w.at(here, self.L * size))
            w.store(w.fma(parts[0], re, w.minus(w.load(bx), w.times(parts[1], im))), bx)
            w.store(w.fma(parts[0], im, w.fma(parts[1], re, w.load(by))), by)
        return w.load(bx), w.load(by)

    def sample(self, w: Writer, bz: str, b1: tuple[str, str], q: list[str]) -> None:
        """Multiply the rotation of one sample of a pulse onto the quaternion."""
        x, y = b1[0], w.times(b1[1], w.c(-1.0))  # phases count clockwise, as precession does
        u = w.dot([(x, x), (y, y), (bz, bz)])  # turns², half the angle is π·√u
        high = (1.05 * MOST) ** 2
        cosine = w.series(cos_pi, 0.0, high, u)
        sine = w.times(w.c(-1.0), w.series(sin_pi, 0.0, high, u))  # clockwise
        a = [cosine, w.times(x, sine), w.times(y, sine), w.times(bz, sine)]
        b = [w.load(p) for p in q]

        def signed(terms: list[tuple[int, int, int]]) -> str:
            total = w.times(a[terms[0][1]], b[terms[0][2]])
            for sign, j, k in terms[1:]:
                if sign > 0:
                    total = w.fma(a[j], b[k], total)
                else:
                    total = w.minus(total, w.times(a[j], b[k]))
            return total

        product = [
            signed([(1, 0, 0), (-1, 1, 1), (-1, 2, 2), (-1, 3, 3)]),
            signed([(1, 0, 1), (1, 1, 0), (1, 2, 3), (-1, 3, 2)]),
            signed([(1, 0, 2), (1, 2, 0), (1, 3, 1), (-1, 1, 3)]),
            signed([(1, 0, 3), (1, 3, 0), (1, 1, 2), (-1, 2, 1)]),
        ]
        for p, value in zip(q, product, strict=True):
            w.store(value, p)

    def matrix(self, w: Writer, q: list[str]) -> list[list[str]]:
        """The rotation of a quaternion, three rows."""
        s, x, y, z = q

        def twice(a: str, b: str, c: str, d: str, plus: bool) -> str:
            first, second = w.times(a, b), w.times(c, d)
            value = w.plus(first, second) if plus else w.minus(first, second)
            return w.plus(value, value)

        one = w.c(1.0)
        return [
            [w.minus(one, twice(y, y, z, z, True)), twice(x, y, s, z, False), twice(x, z, s, y, True)],
            [twice(x, y, s, z, True), w.minus(one, twice(x, x, z, z, True)), twice(y, z, s, x, False)],
            [twice(x, z, s, y, False), twice(y, z, s, x, True), w.minus(one, twice(x, x, y, y, True))],
        ]

    def compose(self, w: Writer, op: list[str], q: list[str], e1: str, e2: str) -> None:
        """Half the relaxation, the rotation of a quaternion, the other half: after what there is."""
        one, turn = w.c(1.0), self.matrix(w, q)
        e = [e2, e2, e1]
        gain = w.minus(one, e1)
        old = [w.load(p) for p in op]
        for c in range(4):
            column = [w.times(old[4 * r + c], e[r]) for r in range(3)]
            if c == 3:
                column[2] = w.plus(column[2], gain)
            for r in range(3):
                value = w.times(w.dot([(turn[r][k], column[k]) for k in range(3)]), e[r])
                w.store(w.plus(value, gain) if (r, c) == (2, 3) else value, op[4 * r + c])

    def table(self) -> str:
        """b: for each spin E⁰ … E^(L−1), from the turn of one dwell time at a."""
        w = self.begin()
        one, to, L = self.field(w, "a"), self.field(w, "b"), self.L
        levels = L.bit_length() - 1
        arrays = [(one, w.add(one, self.at.one))]
        arrays += [
            (self.at.powers + 2 * k * self.at.one, self.at.powers + (2 * k + 1) * self.at.one)
            for k in range(levels - 1)
        ]
        with w.loop(str(self.N), step=L) as i:  # E = c − is; then squares
            c, s = (self.get(w, o, i) for o in arrays[0])
            for re, im in arrays[1:]:
                c, s = w.minus(w.times(c, c), w.times(s, s)), w.times(w.plus(c, c), s)
                self.put(w, c, re, i)
                self.put(w, s, im, i)
        with w.loop(str(self.N)) as n:
            re = im = None
            for level, (cosine, sine) in enumerate(arrays):
                mask = f"<{', '.join(f'i1 {(lane >> level) & 1}' for lane in range(L))}>"
                c = w.splat(w.load(self.place(w, "%buffer", cosine, n), self.number))
                s = w.splat(w.load(self.place(w, "%buffer", sine, n), self.number))
                c = w.let(f"select {w.B} {mask}, {w.T} {c}, {w.T} {w.c(1.0)}")
                s = w.let(f"select {w.B} {mask}, {w.T} {s}, {w.T} {w.c(0.0)}")
                if re is None or im is None:
                    re, im = c, w.times(s, w.c(-1.0))
                else:
                    re, im = w.fma(im, s, w.times(re, c)), w.minus(w.times(im, c), w.times(re, s))
            here = w.at(w.at("%buffer", to), w.mul_i(n, 2 * L * self.at.size))
            w.store(str(re), here)
            w.store(str(im), w.at(here, L * self.at.size))
        return self.finish(w, "table")

    def product(self, rows: int) -> str:
        """Σ over spins n0 … n1 of rows times columns: to %sums, re and im of each row."""
        w = self.writer()
        L, size = self.L, self.at.size
        apart = rows <= 4  # few rows: each product has its own sum, so that none waits for another
        sums = [[w.variable(w.T) for _ in range(4 if apart else 2)] for _ in range(rows)]
        for row in sums:
            for p in row:
                w.store(w.c(0.0), p)
        with w.loop("%n1", "%n0") as n:
            here = w.at("%columns", w.mul_i(n, 2 * L * size))
            b = [w.load(here), w.load(w.at(here, L * size))]
            left = w.at("%left", w.mul_i(n, size))
            for r, row in enumerate(sums):
                a = [w.splat(w.load(w.at(left, (2 * r + k) * self.at.one), self.number)) for k in range(2)]
                if apart:
                    for k, p in enumerate(row):
                        w.store(w.fma(a[k // 2], b[k % 2], w.load(p)), p)
                else:
                    minus = w.let(f"fneg {w.T} {a[1]}")
                    w.store(w.fma(minus, b[1], w.fma(a[0], b[0], w.load(row[0]))), row[0])
                    w.store(w.fma(a[1], b[0], w.fma(a[0], b[1], w.load(row[1]))), row[1])
        for r, row in enumerate(sums):
            parts = [w.load(p) for p in row]
            if apart:
                rr, ri, ir, ii = parts
                parts = [w.minus(rr, ii), w.plus(ri, ir)]
            for k, part in enumerate(parts):
                w.store(part, w.at("%sums", (2 * r + k) * L * size))
        return w.function(
            f"internal void @product{rows}(ptr noalias %left, ptr noalias %columns, ptr noalias %sums, i64 %n0, i64 %n1) noinline"
        )

    def start(self, w: Writer) -> None:
        """The rows begin with M+, turned by what lies before the first sample, times the sensitivity of a coil alone."""
        alone = w.let(f"icmp eq i64 {self.context(w, 'coils')}, 1")
        receive, row = self.context(w, "receive"), self.context(w, "stride")
        turn = self.field(w, "more")
        for_x, for_y = self.at.current, self.at.current + self.at.one
        late = w.let(f"icmp ne i64 {turn}, 0")
        with w.when(w.let(f"xor i1 {late}, true")), w.loop(str(self.N), step=self.L) as i:
            self.put(w, self.get(w, self.at.mx, i), for_x, i)
            self.put(w, self.get(w, self.at.my, i), for_y, i)
        with w.when(late), w.loop(str(self.N), step=self.L) as i:
            x, y = self.get(w, self.at.mx, i), self.get(w, self.at.my, i)
            c, s = self.get(w, turn, i), self.get(w, w.add(turn, self.at.one), i)
            self.put(w, w.fma(y, s, w.times(x, c)), for_x, i)
            self.put(w, w.minus(w.times(y, c), w.times(x, s)), for_y, i)
        with w.when(alone), w.loop(str(self.N), step=self.L) as i:
            x, y = self.get(w, for_x, i), self.get(w, for_y, i)
            re, im = w.narrow(self.get_d(w, 0, i, receive)), w.narrow(self.get_d(w, row, i, receive))
            self.put(w, w.minus(w.times(x, re), w.times(y, im)), for_x, i)
            self.put(w, w.fma(x, im, w.times(y, re)), for_y, i)

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

    def weigh(self, w: Writer, group: str, rows: str, sums: str, heard: str, coil_step: str | int) -> None:
        """Each coil hears a group's sums with its sensitivity there."""
        coils, receive = self.context(w, "coils"), self.context(w, "receive")
        L, size = self.L, self.at.size
        mine = w.at(receive, w.mul_i(w.mul_i(group, coils), 2 * size))
        with w.loop(coils) as c:
            weight = w.at(mine, w.mul_i(c, 2 * size))
            re, im = (w.splat(w.load(w.at(weight, k * size), self.number)) for k in range(2))
            there = w.at(heard, w.mul_i(c, coil_step))
            with w.loop(rows) as r:
                byte = w.mul_i(r, 2 * L * size)
                a, b = w.load(w.at(sums, byte)), w.load(w.at(w.at(sums, byte), L * size))
                to_re = w.at(there, byte)
                to_im = w.at(to_re, L * size)
                w.store(w.minus(w.fma(a, re, w.load(to_re)), w.times(b, im)), to_re)
                w.store(w.fma(a, im, w.fma(b, re, w.load(to_im))), to_im)

    def weighing(self, rows: int) -> str:
        """Each coil hears all groups' sums of a known number of rows, weighed with its sensitivity: a small product of
        matrices whose results stay in registers until they are added to the plane at `%out`."""
        w = self.writer()
        L, size, R = self.L, self.at.size, self.at.rows
        coils = self.context(w, "coils")
        plane = self.context(w, "plane")
        with w.loop(coils) as c:
            totals = [[w.variable(w.T) for _ in range(2)] for _ in range(rows)]
            for total in totals:
                for p in total:
                    w.store(w.c(0.0), p)
            mine = w.at("%weights", w.mul_i(c, 2 * size))
            with w.loop("%groups") as g:
                weight = w.at(mine, w.mul_i(w.mul_i(g, coils), 2 * size))
                re, im = (w.splat(w.load(w.at(weight, k * size), self.number)) for k in range(2))
                minus = w.let(f"fneg {w.T} {im}")
                sums = w.at("%sums", w.mul_i(g, 2 * R * L * size))
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

    def clear(self, w: Writer, pointer: str, vectors: str) -> None:
        with w.loop(vectors) as k:
            w.store(w.c(0.0), w.at(pointer, w.mul_i(k, self.L * self.at.size)))

    def run(self) -> str:
        """A straight readout of `count` rows of L samples: columns at b, the turn of L dwell times at c, the turn that
        lies between the magnetisation and the first sample at `more` (0: none).

        One coil: all spins are one sum. Several: spins of one group (a voxel's points) are summed first, since they
        share the coils' sensitivities."""
        w = self.begin()
        L, size, R = self.L, self.at.size, self.at.rows
        columns, leap, rows, out = (self.field(w, n) for n in ("b", "c", "count", "out"))
        coils, groups, group_count = (self.context(w, n) for n in ("coils", "groups", "group_count"))
        several = w.let(f"icmp sgt i64 {coils}, 1")
        left, sums = w.at("%buffer", self.at.left), w.at("%buffer", self.at.sums)
        table = w.at("%buffer", columns)
        self.start(w)
        with w.loop(rows, step=R) as row:
            rest = w.let(f"sub i64 {rows}, {row}")
            many = w.let(f"icmp sgt i64 {rest}, {R}")
            here = w.let(f"select i1 {many}, i64 {R}, i64 {rest}")
            for half in (range(R // 2), range(R // 2, R)):  # few samples need no more than the first
                with (
                    w.when(w.let(f"icmp sgt i64 {here}, {half.start}")),
                    w.loop(str(self.N), step=L) as i,
                ):
                    re, im = self.get(w, self.at.current, i), self.get(w, self.at.current + self.at.one, i)
                    c, s = self.get(w, leap, i), self.get(w, w.add(leap, self.at.one), i)
                    for r in half:
                        self.put(w, re, self.at.left + 2 * r * self.at.one, i)
                        self.put(w, im, self.at.left + (2 * r + 1) * self.at.one, i)
                        re, im = w.fma(im, s, w.times(re, c)), w.minus(w.times(im, c), w.times(re, s))
                    self.put(w, re, self.at.current, i)
                    self.put(w, im, self.at.current + self.at.one, i)
            first = w.add(out, w.mul_i(row, L))

            def sum_up(n0: str, n1: str, to: str, here=here) -> None:
                for r in range(1, R + 1):
                    with w.when(w.let(f"icmp eq i64 {here}, {r}")):
                        w.do(f"call void @product{r}(ptr {left}, ptr {table}, ptr {to}, i64 {n0}, i64 {n1})")

            with w.when(several):
                with w.loop(group_count) as g:
                    bounds = w.at(groups, w.mul_i(g, 8))
                    to = w.at(sums, w.mul_i(g, 2 * R * L * size))
                    sum_up(w.load(bounds, "i64"), w.load(w.at(bounds, 8), "i64"), to)
                weights, to = self.context(w, "receive"), w.at(self.context(w, "out"), w.mul_i(first, 8))
                for r in range(1, R + 1):
                    with w.when(w.let(f"icmp eq i64 {here}, {r}")):
                        w.do(f"call void @weigh{r}(ptr %ctx, ptr {weights}, ptr {sums}, ptr {to}, i64 {group_count})")
            alone = w.let(f"xor i1 {several}, true")
            with w.when(alone):
                sum_up("0", str(self.N), sums)
                self.hear(w, "0", first, sums, here)
        return self.finish(w, "run")

    def curved(self, way: str) -> str:
        """A readout under any gradient: `count` rows of L samples at `pointer`, eight doubles each (time, moments, then
        first moments or what the fields beside the gradients weigh) by lane. b is the decay of L dwell times; scratch for
        sums at a."""
        w = self.begin()
        L, size = self.L, self.at.size
        rows, data, out, decay = (self.field(w, n) for n in ("count", "pointer", "out", "b"))
        coils, groups, group_count = (self.context(w, n) for n in ("coils", "groups", "group_count"))
        several = w.let(f"icmp sgt i64 {coils}, 1")
        sums = w.at("%buffer", self.field(w, "a"))
        per_row = 2 * L * size
        per_coil = w.mul_i(rows, per_row)
        heard = w.at(sums, per_coil)
        self.start(w)
        decay = w.add(decay, self.at.one)
        first = w.narrow(w.load(data, w.D))

        def gather(n0: str, n1: str) -> None:
            self.clear(w, sums, w.mul_i(rows, 2))
            with w.loop(n1, n0) as n:
                names = ("off", "x", "y", "z") + (("vx", "vy", "vz") if way == "moving" else ())
                spot = [
                    w.splat(w.load(self.place(w, "%buffer", getattr(self.at, k), n, True), "double"), True)
                    for k in names
                ]
                if way == "bent":
                    spot += self.squares(w, *spot[1:4])
                re, im, rate, leap = (
                    w.splat(w.load(self.place(w, "%buffer", o, n), self.number))
                    for o in (self.at.current, self.at.current + self.at.one, self.at.R2, decay)
                )
                size_now = w.variable(w.T)
                w.store(w.exp(w.times(w.times(first, w.c(-1.0)), rate)), size_now)
                with w.loop(rows) as r:
                    here = w.at(data, w.mul_i(r, 8 * 8 * L))
                    turns = w.times(w.load(here, w.D), spot[0], w.D)
                    for k in range(1, len(spot)):
                        turns = w.fma(w.load(w.at(here, 8 * L * k), w.D), spot[k], turns, True)
                    c, s = w.cos_sin(turns)
                    now = w.load(size_now)
                    c, s = w.times(c, now), w.times(s, now)
                    to_re = w.at(sums, w.mul_i(r, per_row))
                    to_im = w.at(to_re, L * size)
                    w.store(w.fma(im, s, w.fma(re, c, w.load(to_re))), to_re)
                    w.store(w.minus(w.fma(im, c, w.load(to_im)), w.times(re, s)), to_im)
                    w.store(w.times(now, leap), size_now)

        with w.when(several):
            self.clear(w, heard, w.mul_i(w.mul_i(coils, rows), 2))
            with w.loop(group_count) as g:
                bounds = w.at(groups, w.mul_i(g, 8))
                gather(w.load(bounds, "i64"), w.load(w.at(bounds, 8), "i64"))
                self.weigh(w, g, rows, sums, heard, per_coil)
            with w.loop(coils) as c:
                self.hear(w, c, out, w.at(heard, w.mul_i(c, per_coil)), rows)
        with w.when(w.let(f"xor i1 {several}, true")):
            gather("0", str(self.N))
            self.hear(w, "0", out, sums, rows)
        return self.finish(w, f"curved_{way}" if way else "curved")

    def move(self, frames: bool) -> str:
        """Places and speeds at `time`. With frames: u between frame `count` and the next, v = 1 / their distance."""
        w = self.begin()
        time, share, pace = (w.splat(self.field(w, n), True) for n in ("time", "u", "v"))
        table, stride, path = self.context(w, "table"), self.context(w, "stride"), self.context(w, "frames")
        frame = w.at(path, w.mul_i(self.field(w, "count"), 24 * self.N))
        with w.loop(str(self.N), step=self.L) as i:
            for k, (spot, speed, walk) in enumerate(
                zip(("x", "y", "z"), ("vx", "vy", "vz"), ("wx", "wy", "wz"), strict=True)
            ):
                here = self.get_d(w, w.mul_i(stride, k), i, table)
                v = self.get_d(w, w.mul_i(stride, ROWS.index("vx") + k), i, table)
                here = w.fma(v, time, w.plus(here, self.get_d(w, getattr(self.at, walk), i), w.D), True)
                if frames:
                    a = self.get_d(w, 8 * self.N * k, i, frame)
                    rise = w.minus(self.get_d(w, 8 * self.N * (k + 3), i, frame), a, w.D)
                    here = w.fma(share, rise, w.plus(here, a, w.D), True)
                    v = w.fma(pace, rise, v, True)
                self.put_d(w, here, getattr(self.at, spot), i)
                self.put_d(w, v, getattr(self.at, speed), i)
        return self.finish(w, "move_frames" if frames else "move")

    def kick(self) -> str:
        """Random walk number `count`: the next turn's extra share, and the step (3) that follows it."""
        w = self.begin()
        data = w.at(self.context(w, "kicks"), w.mul_i(self.field(w, "count"), 4 * 8 * self.N))
        with w.loop(str(self.N), step=self.L) as i:
            self.put_d(w, self.get_d(w, 0, i, data), self.at.extra, i)
            for k, walk in enumerate(("wx", "wy", "wz")):
                step = self.get_d(w, 8 * self.N * (k + 1), i, data)
                self.put_d(w, w.plus(self.get_d(w, getattr(self.at, walk), i), step, w.D), getattr(self.at, walk), i)
        return self.finish(w, "kick")

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
            for name, row in (("m0", "density"), ("R1", "T1"), ("R2", "T2"), ("D", "D")):
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
            self.table(), self.run(), self.curved(""), self.curved("moving"), self.curved("bent"), self.move(False), self.move(True), self.kick(), self.follow(),
            *(self.product(r) for r in range(1, self.at.rows + 1)), *(self.weighing(r) for r in range(1, self.at.rows + 1)), self.fetch(),
            self.store(), self.play(), self.batch(),
        ]  # fmt: skip
        heads = []
        for bits, number in ((64, "double"), *(() if self.number == "double" else ((32, "float"),))):
            V, name = f"<{L} x {number}>", f"v{L}f{bits}"
            heads.append(f"declare {V} @llvm.fma.{name}({V}, {V}, {V})")
            heads.append(f"declare {V} @llvm.rint.{name}({V})")
        heads.append("declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)")
        return "\n\n".join([*heads, *texts])
