"""Orders of readouts under any gradient: each sample's turn by its own exact moments."""

from __future__ import annotations

from proband.mr.spins.hearing import Hearing
from proband.mr.spins.precession import Precession
from proband.mr.spins.vectors import Writer


class CurvedHearing(Hearing, Precession):
    """Writes them as functions of one order."""

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

    def clear(self, w: Writer, pointer: str, vectors: str) -> None:
        with w.loop(vectors) as k:
            w.store(w.c(0.0), w.at(pointer, w.mul_i(k, self.L * self.at.size)))

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
