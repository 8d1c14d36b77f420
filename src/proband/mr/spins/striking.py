"""Orders of pulses: a shaped one as one affine map of each spin, made once, joined to what precedes it, and played."""

from __future__ import annotations

from proband.mr.spins.layout import MOST, ROWS, Tile
from proband.mr.spins.vectors import Writer, cos_pi, sin_pi


class Striking(Tile):
    """Writes them as functions of one order."""

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
        sample may stand for several (see `magnus`): three more numbers tell how those turn about each other, a fourth the
        turns about z of a frame that turns with the pulse, by u and v (cosine, sine) when it is over.
        Rotations are multiplied as quaternions with series in the square of half the angle: no root, no division.
        Relaxation acts in two halves around every block of `more` samples."""
        w = self.begin()
        L, size = self.L, self.at.size
        to, count, data, block = (self.field(w, n) for n in ("a", "count", "pointer", "more"))
        channels, table, stride = (self.context(w, n) for n in ("channels", "table", "stride"))
        row = str(10 * size) if one else w.mul_i(w.add(w.mul_i(channels, 2), 4), size)
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
                    g = [w.splat(w.load(w.at(here, size * k), self.number)) for k in range(10 if one else 4)]
                    for n, (q, spot) in enumerate(zip(turns, spots, strict=True)):
                        bz = w.dot([(g[axis], spot[axis]) for axis in (3, 0, 1, 2)])
                        if one:
                            bz = w.plus(bz, g[9])
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
            c, s = (self.number_of(w, n) for n in ("u", "v")) if one else ("", "")
            for op, i in zip(ops, lanes, strict=True):
                rows = [w.load(p) for p in op]
                if one:  # out of the frame that turned with the pulse
                    x, y = rows[:4], rows[4:8]
                    rows[:4] = [w.fma(b, s, w.times(a, c)) for a, b in zip(x, y, strict=True)]
                    rows[4:8] = [w.minus(w.times(b, c), w.times(a, s)) for a, b in zip(x, y, strict=True)]
                for k, value in enumerate(rows):
                    self.put(w, value, w.add(to, k * self.at.one), i)
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
