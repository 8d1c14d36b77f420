"""Images taken in one heartbeat each: what the maps of the heart share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.draft import Draft
from proband.mr.sequence.gradient_echo import GradientEcho
from proband.mr.sequence.ordering import flags
from proband.mr.sequence.pulses import slice_pulse
from proband.mr.sequence.undersampling import pattern

#: Above this field bSSFP's bands reach the heart: ± 250 Hz of off-resonance at 5 T against ± 156 Hz at TR 3.2 ms.
HIGHEST_FIELD_OF_BSSFP = 4.0  # T


def usual_contrast(draft: Draft, asked: str) -> str:
    """Balanced below 4 T, spoiled above, unless asked for."""
    if asked != "by field":
        return asked
    return "balanced" if draft.limits.B0 < HIGHEST_FIELD_OF_BSSFP else "spoiled"


class SingleShot:
    """An image within one heartbeat: a rising ramp of flips, then all lines of a partial, accelerated k-space."""

    def __init__(
        self, draft: Draft, *, fov: tuple[float, float], matrix: tuple[int, int], thickness: float, contrast: str,
        flip: float | None, bandwidth: float, TR: float | None, acceleration: float, acs: int, partial: float, ramp: int,
    ):  # fmt: skip
        self.contrast = usual_contrast(draft, contrast)
        balanced = self.contrast == "balanced"
        self.flip = flip if flip is not None else 35.0 if balanced else 8.0
        pulse = slice_pulse(draft, np.deg2rad(self.flip), thickness, 1e-3, 2.7)
        self.draft, self.ramp, self.matrix = draft, ramp if balanced else 0, matrix
        self.echo = GradientEcho(
            draft, pulse, fov=fov, matrix=matrix, bandwidth=bandwidth, TR=TR, thickness=thickness, balanced=balanced
        )
        self.mask = pattern((matrix[1], 1), "uniform", acceleration, acs, partial=partial)
        self.acceleration, self.acs = acceleration, acs
        self.lines = [int(n) for n in np.flatnonzero(self.mask[:, 0])]
        #: From the shot's beginning to the pulse of the middle line, s.
        self.to_middle = (self.ramp + self.lines.index(matrix[1] // 2)) * self.echo.TR + pulse.before
        self.duration = (self.ramp + len(self.lines)) * self.echo.TR

    def play(self, **labels: int) -> None:
        """All lines."""
        self.echo.restart()
        for n in range(self.ramp):
            self.echo.play(acquire=False, scale=(n + 0.5) / self.ramp)
        for line in self.lines:
            said = flags(self.mask, line, 0, self.acceleration, self.acs, "uniform")
            self.echo.play(line, labels={"LIN": line, **said, **labels})

    def info(self, fov: Sequence[float], thickness: float) -> dict[str, object]:
        """The protocol's lines that all maps share."""
        return {
            "spoiler": self.echo.spoiler, "TE": self.echo.TE, "TR": self.echo.TR, "flip": self.flip, "contrast": self.contrast, "FOV": (*fov, thickness),
            "matrix": (*self.matrix, 1), "bandwidth": self.echo.reading.bandwidth / self.matrix[0], "mask": self.mask,
            "gated": True, "shot": self.duration,
        }  # fmt: skip


def beat(draft: Draft, shot: SingleShot, delay: float, prepare=None, lead: float = 0.0, **labels: int) -> None:
    """One heartbeat: after the trigger, `prepare` plays `lead` s before the middle line, which comes `delay` s after it."""
    draft.trigger()
    begin = draft.clock
    if delay < shot.to_middle:
        raise ModelError(
            f"a delay of {delay:.3g} s is too short; the image's middle comes after {shot.to_middle:.3g} s at the least."
        )
    if prepare is not None:
        if lead > delay:
            raise ModelError(f"preparing {lead:.4g} s before the image does not fit into a delay of {delay:.4g} s.")
        draft.wait_until(begin + delay - lead, "the time before the preparation")
        prepare()
        gap = begin + delay - shot.to_middle - draft.clock
        if gap < -1e-9:
            raise ModelError(
                f"preparing {lead:.4g} s before the image's middle is too late; {lead - gap:.4g} s is the least."
            )
    draft.wait_until(begin + delay - shot.to_middle)
    shot.play(**labels)
