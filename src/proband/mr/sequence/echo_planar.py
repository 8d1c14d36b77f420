"""An echo-planar train: navigator lines, then all lines of k-space in one go."""

from __future__ import annotations

import itertools
from copy import copy

from proband.mr.sequence.draft import Draft
from proband.mr.sequence.encoding import encoding_area, reading


class EchoPlanar:
    """`lines` in the order of playing. Blips lie on the readouts' ramps; both directions sample the same points.

    NAV marks the `navigators` lines without encoding before the train; REV the lines that run backwards."""

    def __init__(
        self, draft: Draft, *, fov: tuple[float, float], matrix: tuple[int, int], bandwidth: float, lines: list[int],
        navigators: int = 3,
    ):  # fmt: skip
        self.draft, self.fov, self.matrix, self.lines, self.navigators = draft, fov, matrix, lines, navigators
        largest = max((abs(b - a) for a, b in itertools.pairwise(lines)), default=0) / fov[1]
        self.reading = reading(draft, fov[0], matrix[0], bandwidth, rise=draft.shortest(largest))
        self.back = draft.scaled(self.reading.gradient, draft.read, -1.0)
        # Backwards, the first sample lies where the forward line has its last: one dwell time later about the middle.
        late = copy(self.reading.adc)
        late.delay += self.reading.dwell * (1 - matrix[0] % 2)
        self.adc = {False: draft.receiver(self.reading.adc), True: draft.receiver(late)}
        self.prepare = draft.shortest(self.reading.area / 2)
        self.step = draft.shortest(encoding_area(lines[0], matrix[1], fov[1]))
        #: From the beginning to the middle of the middle line, s.
        ahead = navigators + lines.index(matrix[1] // 2)
        self.to_middle = self.prepare + self.step + ahead * self.reading.duration + self.reading.half
        self.duration = self.prepare + self.step + (navigators + len(lines)) * self.reading.duration

    def play(self, **labels: int) -> None:
        """The whole train."""
        d, r = self.draft, self.reading
        d.play(d.trapezoid(d.read, -r.area / 2, self.prepare), d.pp.make_delay(self.prepare))
        pause = d.pp.make_delay(r.duration)
        for n in range(self.navigators):
            back = bool(n % 2)
            gradient = self.back if back else r.gradient
            d.play(gradient, self.adc[back], pause, LIN=self.matrix[1] // 2, NAV=1, REV=int(back), **labels)
        first = encoding_area(self.lines[0], self.matrix[1], self.fov[1])
        if self.step:
            d.play(d.trapezoid(d.phase, first, self.step), d.pp.make_delay(self.step))
        for n, line in enumerate(self.lines):
            back = bool((n + self.navigators) % 2)
            gradient = self.back if back else r.gradient
            blip = d.trapezoid(d.phase, (line - self.lines[n - 1]) / self.fov[1]) if n else None
            said = {"LIN": line, "REV": int(back)} | ({"NAV": 0} if self.navigators else {})
            d.play(gradient, blip, self.adc[back], pause, **said, **labels)
