"""Orders of free precession: relaxation, turns by exact moments, diffusion, and places that change with time."""

from __future__ import annotations

from proband.mr.spins.layout import DIFFUSION, ROWS, Tile
from proband.mr.spins.vectors import Writer


class Precession(Tile):
    """Writes them as functions of one order."""

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
        """a: a turn, weakened by exp(−Σ b·D) over the entries of both tensors; b is x, y, z, u, v, w."""
        w = self.begin()
        to = self.field(w, "a")
        b = [w.times(self.number_of(w, name), w.c(-1.0)) for name in ("x", "y", "z", "u", "v", "w")]
        with w.loop(str(self.N), step=self.L) as i:
            entries = [self.get(w, getattr(self.at, name), i) for name in DIFFUSION]
            total = w.times(b[0], entries[0])
            for weight, entry in zip(b[1:], entries[1:], strict=True):
                total = w.fma(weight, entry, total)
            weaker = w.exp(total)
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
