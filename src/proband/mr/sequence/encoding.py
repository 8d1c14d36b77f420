"""Reading and phase encoding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.draft import Draft
from proband.mr.sequence.limits import GAMMA


@dataclass(frozen=True, eq=False)
class Reading:
    """A trapezoid and the samples on its flat top; sample n // 2 lies at its middle, so k = 0 there after −area/2."""

    gradient: Any
    adc: Any
    duration: float
    dwell: float
    samples: int

    @property
    def area(self) -> float:
        """cycles/m"""
        return float(self.gradient.area)

    @property
    def half(self) -> float:
        """s from the block's beginning to the middle."""
        return float(self.gradient.rise_time + self.gradient.flat_time / 2)

    @property
    def after(self) -> float:
        """s from the middle to the block's end."""
        return self.duration - self.half

    @property
    def bandwidth(self) -> float:
        """Of all samples together, Hz."""
        return 1 / self.dwell


def dwell_time(draft: Draft, samples: int, bandwidth: float) -> float:
    """The dwell time nearest to `bandwidth` (Hz per pixel), s: twice the RF raster or a multiple, so that a sample can
    lie in the very middle of a gradient."""
    unit = 2 * draft.limits.rf_raster
    while abs(unit / draft.limits.adc_raster - round(unit / draft.limits.adc_raster)) > 1e-6:
        unit += 2 * draft.limits.rf_raster
    return max(1, round(1 / (bandwidth * samples) / unit)) * unit


def reading(
    draft: Draft, fov: float, samples: int, bandwidth: float, axis: str | None = None, rise: float = 0.0
) -> Reading:
    """A readout of `samples` over `fov` m at `bandwidth` Hz per pixel (the nearest that the rasters allow).

    `rise`: ramps of at least this length, s."""
    dwell = dwell_time(draft, samples, bandwidth)
    amplitude = 1 / (fov * dwell)
    most = draft.limits.max_gradient * GAMMA
    if amplitude > most * (1 + 1e-9):
        raise ModelError(
            f"a readout of {fov * 1e3:g} mm at {1 / (dwell * samples):.4g} Hz per pixel takes {amplitude / GAMMA * 1e3:.3g} mT/m, "
            f"above the limit of {draft.limits.max_gradient * 1e3:g} mT/m; at most {most * fov / samples:.4g} Hz per pixel are right."
        )
    if samples > draft.limits.max_adc_samples:
        raise ModelError(f"{samples} samples are more than the receiver's {draft.limits.max_adc_samples}.")
    raster = draft.limits.gradient_raster
    rise = max(rise, amplitude / (draft.limits.max_slew * GAMMA), draft.limits.adc_dead_time)
    rise = float(np.ceil(rise / raster - 1e-6) * raster)
    flat = float(np.ceil((samples + 1) * dwell / (2 * raster) - 1e-6) * 2 * raster)  # its middle is on the raster
    gradient = draft.pp.make_trapezoid(
        axis or draft.read, amplitude=amplitude, rise_time=rise, flat_time=flat, fall_time=rise, system=draft.system
    )
    delay = rise + flat / 2 - (samples // 2 + 0.5) * dwell
    delay = max(round(delay / draft.limits.rf_raster) * draft.limits.rf_raster, draft.limits.adc_dead_time)
    adc = draft.pp.make_adc(samples, dwell=dwell, delay=delay, system=draft.system)
    return Reading(draft.keep(gradient), adc, draft.up(2 * rise + flat), dwell, samples)


def encoding_area(index: int, count: int, fov: float) -> float:
    """Moment that encodes line `index` of `count`, cycles/m; line count // 2 is the middle of k-space."""
    return (index - count // 2) / fov
