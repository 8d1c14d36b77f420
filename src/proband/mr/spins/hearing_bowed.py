"""Orders of readouts that are nearly straight, as coils play them: late, and bent by eddy currents.

A sample's turn is that of a straight readout, a product of two tables (see `hearing`), and besides a small one of its own,
the bow, whose cosine and sine are short series. So a step costs some twenty operations, where a readout under any gradient
costs a whole cosine and sine for every sample and spin."""

from __future__ import annotations

from proband.mr.spins.hearing_curved import CurvedHearing
from proband.mr.spins.vectors import Writer

BOW = 0.04  # turns at the rim of the patient that a bow may have
TERMS = {"float": 4, "double": 7}  # of each series: the next is below the number's rounding at `BOW`


class BowedHearing(CurvedHearing):
    """Writes them as functions of one order."""

    def bow(self, axes: int) -> str:
        """Σ over spins n0 … n1 of rows times columns times bows: to %sums, re and im of each register of one row. %data has the
        bow by axis and lane, rad for one m (or m²)."""
        w = self.writer()
        L, size, wide = self.L, self.at.size, self.at.wide
        sums = [[w.variable(w.T) for _ in range(2)] for _ in range(wide)]
        for part in (p for pair in sums for p in pair):
            w.store(w.c(0.0), part)
        bows = [[w.load(w.at("%data", (axis * wide + k) * L * size)) for axis in range(axes)] for k in range(wide)]
        with w.loop("%n1", "%n0") as n:
            byte = w.mul_i(n, size)
            re, im = (w.splat(w.load(w.at(w.at("%left", part * self.at.one), byte), self.number)) for part in range(2))
            places = [
                w.splat(w.load(w.at(w.at("%near", axis * self.at.one), byte), self.number)) for axis in range(axes)
            ]
            here = w.at("%columns", w.mul_i(n, 2 * wide * L * size))
            for k, (to_re, to_im) in enumerate(sums):
                a, b = w.load(w.at(here, 2 * k * L * size)), w.load(w.at(here, (2 * k + 1) * L * size))
                x, y = w.minus(w.times(re, a), w.times(im, b)), w.fma(re, b, w.times(im, a))
                angle = w.times(bows[k][0], places[0])
                for bow, place in zip(bows[k][1:], places[1:], strict=True):
                    angle = w.fma(bow, place, angle)
                c, s = self.short(w, angle)
                w.store(w.fma(y, s, w.fma(x, c, w.load(to_re))), to_re)
                w.store(w.minus(w.fma(y, c, w.load(to_im)), w.times(x, s)), to_im)
        for k, pair in enumerate(sums):
            for part, p in enumerate(pair):
                w.store(w.load(p), w.at("%sums", (2 * k + part) * L * size))
        return w.function(
            f"internal void @bow{axes}(ptr noalias %left, ptr noalias %near, ptr noalias %columns, ptr noalias %data, ptr noalias %sums, i64 %n0, i64 %n1) noinline"
        )

    def short(self, w: Writer, angle: str) -> tuple[str, str]:
        """Cosine and sine of a small angle, rad, by their series."""
        square = w.times(angle, angle)
        found = []
        for odd in (0, 1):
            factors, term = [1.0], 1.0
            for k in range(1, TERMS[self.number]):
                term /= -(2 * k - 1 + odd) * (2 * k + odd)
                factors.append(term)
            value = w.c(factors[-1])
            for factor in factors[-2::-1]:
                value = w.fma(value, square, w.c(factor))
            found.append(value)
        return found[0], w.times(angle, found[1])

    def bowed(self, bent: bool) -> str:
        """A nearly straight readout: `count` rows, whose bows are at `pointer`; columns at b, the turn of a row's dwell times at
        c, the turn before the first sample at `more` (0: none); scratch for sums at a. `bent`: with what the fields beside
        the gradients do."""
        w = self.begin()
        L, size, wide, axes = self.L, self.at.size, self.at.wide, 7 if bent else 3
        rows, data, out, leap, turn = (self.field(w, n) for n in ("count", "pointer", "out", "c", "more"))
        coils, groups, group_count = (self.context(w, n) for n in ("coils", "groups", "group_count"))
        several = w.let(f"icmp sgt i64 {coils}, 1")
        late = w.let(f"icmp ne i64 {turn}, 0")
        left, near = w.at("%buffer", self.at.current), w.at("%buffer", self.at.near)
        columns, sums = w.at("%buffer", self.field(w, "b")), w.at("%buffer", self.field(w, "a"))
        per_coil = 2 * wide * L * size
        heard = w.at(sums, per_coil)
        for_x, for_y = self.at.current, self.at.current + self.at.one
        with w.loop(str(self.N), step=L) as i:
            spot = [self.get_d(w, getattr(self.at, name), i) for name in ("x", "y", "z")]
            for k, value in enumerate([*spot, *(self.squares(w, *spot) if bent else ())]):
                self.put(w, w.narrow(value), self.at.near + k * self.at.one, i)
            self.put(w, self.get(w, self.at.mx, i), for_x, i)
            self.put(w, self.get(w, self.at.my, i), for_y, i)

        def onward(by: str) -> None:
            with w.loop(str(self.N), step=L) as i:
                c, s = self.get(w, by, i), self.get(w, w.add(by, self.at.one), i)
                re, im = self.further(w, self.get(w, for_x, i), self.get(w, for_y, i), c, s)
                self.put(w, re, for_x, i)
                self.put(w, im, for_y, i)

        with w.when(late):
            onward(turn)
        with w.loop(rows) as r:
            here = w.at(data, w.mul_i(r, axes * self.at.samples * size))
            first = w.add(out, w.mul_i(r, self.at.samples))
            call = f"call void @bow{axes}(ptr {left}, ptr {near}, ptr {columns}, ptr {here}, ptr {sums}, "
            with w.when(several):
                self.clear(w, heard, w.mul_i(coils, 2 * wide))
                with w.loop(group_count) as g:
                    bounds = w.at(groups, w.mul_i(g, 8))
                    n0, n1 = w.load(bounds, "i64"), w.load(w.at(bounds, 8), "i64")
                    w.do(f"{call}i64 {n0}, i64 {n1})")
                    self.weigh(w, g, str(wide), sums, heard, per_coil)
                with w.loop(coils) as c:
                    self.hear(w, c, first, w.at(heard, w.mul_i(c, per_coil)), str(wide))
            with w.when(w.let(f"xor i1 {several}, true")):
                w.do(f"{call}i64 0, i64 {self.N})")
                self.hear(w, "0", first, sums, str(wide))
            onward(leap)
        return self.finish(w, "bowed_bent" if bent else "bowed")
