"""One repetition of a gradient-echo sequence: pulse, encoding, one or more readouts, and what sends the rest away."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.draft import Draft
from proband.mr.sequence.encoding import Reading, encoding_area, reading
from proband.mr.sequence.pulses import PlayedPulse, play_pulse

#: Phase increment of RF spoiling, rad (Zur, Wood and Neuringer 1991).
SPOILING = np.deg2rad(117.0)


class GradientEcho:
    """Timing and moments are the same in every repetition; only encoding steps and phases change.

    `balanced`: every moment is zero over a repetition and TE = TR/2 (bSSFP); else a spoiler of `spoil` cycles per voxel
    (slice direction in 2-D, read direction in 3-D) and RF spoiling. `echoes` echoes fly back in between, `spacing` s apart.
    """

    def __init__(
        self, draft: Draft, pulse: PlayedPulse, *, fov: tuple[float, float], matrix: tuple[int, int], bandwidth: float,
        TE: float | None = None, TR: float | None = None, slab: float = 0.0, partitions: int = 1, thickness: float = 0.005,
        balanced: bool = False, spoil: float = 2.0, echoes: int = 1, spacing: float | None = None, later: float = 0.0,
        spoiling: float = SPOILING,
    ):  # fmt: skip
        self.draft, self.pulse, self.balanced, self.spoiling = draft, pulse, balanced, spoiling
        self.fov, self.matrix, self.slab, self.partitions = fov, matrix, slab, partitions
        self.reading: Reading = reading(draft, fov[0], matrix[0], bandwidth)
        half = self.reading.area / 2
        highest = encoding_area(0, matrix[1], fov[1]) if matrix[1] > 1 else 0.0
        depth = abs(encoding_area(0, partitions, slab)) if partitions > 1 else 0.0

        # Balanced: everything before the echo mirrors what comes after it.
        # Spoiled: what is left over a repetition is the spoiler, along one axis, in whole cycles a voxel.
        along_read = 0.0 if balanced or partitions == 1 else spoil * matrix[0] / fov[0]
        along_slice = 0.0 if balanced or partitions > 1 else spoil / thickness
        self.rewind_read, self.rewind_slice = along_read - half, along_slice - pulse.area_before
        self.spoiler = along_read, along_slice
        self.before = max(draft.shortest(a) for a in (half, highest, abs(pulse.area_after) + depth))
        self.after = max(draft.shortest(a) for a in (self.rewind_read, highest, abs(self.rewind_slice) + depth))
        self.flyback = draft.shortest(self.reading.area) if echoes > 1 else 0.0

        least = pulse.after + self.before + self.reading.half
        shortest = self.reading.duration + self.flyback
        self.spacing = draft.near(shortest if spacing is None else spacing)
        if echoes > 1 and self.spacing < shortest - 1e-9:
            raise ModelError(
                f"echoes {self.spacing * 1e3:.3g} ms apart are too close; {shortest * 1e3:.3g} ms are the least."
            )
        self.echoes = echoes
        train = (echoes - 1) * self.spacing if echoes > 1 else 0.0
        rest = self.reading.after + self.after + pulse.before
        if balanced:
            whole = 2 * max(least, rest) if TR is None else TR
            self.TR = draft.up(whole)
            TE = self.TR / 2 if TE is None else TE
        first = least if TE is None else TE
        self.wait_before = draft.near(first - least)
        if self.wait_before < -1e-9:
            raise ModelError(f"TE {first * 1e3:.4g} ms is too short; {least * 1e3:.4g} ms is the least.")
        self.TE = least + self.wait_before
        # `later`: time that longer echo times of other repetitions take, so that all repetitions are alike.
        shortest_TR = self.TE + later + train + rest
        if not balanced:
            self.TR = draft.up(shortest_TR if TR is None else TR)
        self.wait_after = draft.near(self.TR - shortest_TR + later)
        if shortest_TR - 1e-9 > self.TR:
            raise ModelError(f"TR {self.TR * 1e3:.4g} ms is too short; {shortest_TR * 1e3:.4g} ms is the least.")
        self._count = 0

    def restart(self) -> None:
        """Count phases from the beginning: every shot is then like the first."""
        self._count = 0

    def skip(self, repetitions: int) -> None:
        """Count on as if so many repetitions had been played: RF spoiling keeps to time."""
        self._count += repetitions

    @property
    def echo_times(self) -> tuple[float, ...]:
        """s"""
        return tuple(self.TE + n * self.spacing for n in range(self.echoes))

    def next_phase(self) -> float:
        """Of the pulse and the receiver: alternating where balanced, RF spoiling otherwise; rad."""
        n = self._count
        self._count += 1
        return np.pi * (n % 2) if self.balanced else self.spoiling * (n * (n + 1) / 2)

    def play(
        self, line: int | None = None, partition: int | None = None, *, angle: float | None = None, position: float = 0.0,
        scale: float = 1.0, acquire: bool = True, shift: float = 0.0, extra: float = 0.0,
        echo_numbers: tuple[int, ...] | None = None, labels: Mapping[str, int] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """One repetition. `angle` turns the read gradient in the plane (rad); `shift` moves the echoes later and `extra`
        makes the repetition longer, s; `acquire` False plays all but listens not (a dummy)."""
        d, phase = self.draft, self.next_phase()
        y = encoding_area(line, self.matrix[1], self.fov[1]) if line is not None else 0.0
        z = encoding_area(partition, self.partitions, self.slab) if partition is not None else 0.0
        half = self.reading.area / 2

        play_pulse(d, self.pulse, phase=phase, position=position, scale=scale)
        pause = d.pp.make_delay(self.before)
        d.play(
            *self._in_plane(-half, angle, self.before, y),
            d.trapezoid(d.slice, z - self.pulse.area_after, self.before),
            pause,
        )
        d.wait(self.wait_before + shift)
        for echo in range(self.echoes):
            if echo:
                gap = self.spacing - self.reading.duration
                d.play(*self._in_plane(-self.reading.area, angle, gap), d.pp.make_delay(gap))
            adc = d.receiver(self.reading.adc, phase) if acquire else None
            number = echo if echo_numbers is None else echo_numbers[echo]
            numbered = self.echoes > 1 or echo_numbers is not None
            said = {**labels, **({"ECO": number} if numbered else {})} if acquire else {}
            d.play(*self._turned(self.reading.gradient, angle), adc, d.pp.make_delay(self.reading.duration), **said)
        d.play(
            *self._in_plane(self.rewind_read, angle, self.after, -y),
            d.trapezoid(d.slice, self.rewind_slice - z, self.after),
            d.pp.make_delay(self.after),
        )
        d.wait(self.wait_after - shift + extra)

    def _turned(self, event, angle: float | None):
        d = self.draft
        if angle is None:
            return (event,)
        return d.scaled(event, d.read, float(np.cos(angle))), d.scaled(event, d.phase, float(np.sin(angle)))

    def _in_plane(self, area: float, angle: float | None, duration: float, y: float = 0.0):
        """A moment along the read direction, and the line's."""
        d = self.draft
        if angle is None:
            return d.trapezoid(d.read, area, duration), d.trapezoid(d.phase, y, duration)
        return self._turned(d.trapezoid(d.read, area, duration), angle)
