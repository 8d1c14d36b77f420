"""A slice-selective spin-echo train that keeps the CPMG condition: one echo, several, or many lines after one excitation."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.draft import Draft
from proband.mr.sequence.encoding import encoding_area, reading
from proband.mr.sequence.pulses import play_pulse, slice_pulse

#: Cycles of dephasing across the slice on each side of a refocusing pulse; whole cycles cancel over the slice; assumed: two do.
CRUSHER = 2.0


class SpinEchoTrain:
    """90° about x, then refocusing about y; the read moment between pulses is the same everywhere, and every line is
    rewound before the next pulse. `spacing`: from echo to echo, s; none: the shortest."""

    def __init__(
        self, draft: Draft, *, fov: tuple[float, float], matrix: tuple[int, int], thickness: float, bandwidth: float,
        refocusing: float = 180.0, spacing: float | None = None, rf_duration: float = 2.5e-3,
    ):  # fmt: skip
        self.draft, self.fov, self.matrix, self.thickness = draft, fov, matrix, thickness
        self.excite = slice_pulse(draft, np.pi / 2, thickness, rf_duration, 4.0)
        self.refocus = slice_pulse(draft, np.deg2rad(refocusing), thickness, rf_duration, 4.0, "refocusing")
        self.reading = reading(draft, fov[0], matrix[0], bandwidth)
        self.crusher = CRUSHER / thickness
        self.half = self.reading.area / 2
        highest = encoding_area(0, matrix[1], fov[1])
        self.first = max(draft.shortest(self.half), draft.shortest(self.crusher - self.excite.area_after))
        self.around = max(draft.shortest(self.crusher), draft.shortest(highest))
        before = self.excite.after + self.first + self.refocus.before
        left = self.refocus.after + self.around + self.reading.half
        right = self.reading.after + self.around + self.refocus.before
        self.shortest = draft.up(2 * max(before, left, right))
        # Half of it must lie on the raster.
        raster = 2 * draft.limits.block_raster
        self.spacing = float(np.ceil((self.shortest if spacing is None else spacing) / raster - 1e-6) * raster)
        if self.spacing < self.shortest - 1e-9:
            raise ModelError(
                f"an echo after {self.spacing * 1e3:.4g} ms is too early; {self.shortest * 1e3:.4g} ms is the least."
            )
        self.waits = [self.spacing / 2 - time for time in (before, left, right)]

    def duration(self, echoes: int) -> float:
        """Of a train with its spoiler, s."""
        end = self.reading.after + self.around
        return self.excite.before + echoes * self.spacing + end + self.draft.shortest(self.crusher)

    def play(self, lines: list[int | None], position: float = 0.0, labels: list[dict[str, int]] | None = None) -> None:
        """One excitation and an echo for each line; None: an echo that nobody listens to."""
        d = self.draft
        play_pulse(d, self.excite, position=position)
        d.play(
            d.trapezoid(d.read, self.half, self.first),
            d.trapezoid(d.slice, self.crusher - self.excite.area_after, self.first),
            d.pp.make_delay(self.first),
        )
        d.wait(self.waits[0])
        for echo, line in enumerate(lines):
            y = 0.0 if line is None else encoding_area(line, self.matrix[1], self.fov[1])
            crush = d.trapezoid(d.slice, self.crusher, self.around)
            pause = d.pp.make_delay(self.around)
            play_pulse(d, self.refocus, phase=np.pi / 2, position=position)
            d.play(crush, d.trapezoid(d.phase, y, self.around), pause)
            d.wait(self.waits[1])
            adc = None if line is None else d.receiver(self.reading.adc)
            said = labels[echo] if labels is not None and line is not None else {}
            d.play(self.reading.gradient, adc, d.pp.make_delay(self.reading.duration), **said)
            if echo < len(lines) - 1:
                d.wait(self.waits[2])
            d.play(crush, d.trapezoid(d.phase, -y, self.around), pause)
        d.play(d.trapezoid(d.slice, self.crusher))
