"""What a scanner's hardware can play, as far as a sequence must know it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from math import isfinite
from typing import Any

from proband.model import ModelError

#: γ/2π of the proton, Hz/T (CODATA 2018).
GAMMA = 42.577478518e6


@dataclass(frozen=True)
class Limits:
    """Limits of a whole-body 3 T system. SI units: T/m, T/m/s, s, T.

    Gradients: 80 mT/m and 200 T/m/s are what current 3 T systems are sold with; a sequence asks for less by default.
    Rasters and dead times: those of the Pulseq specification's example system. B1 and duty: assumed, see each line."""

    B0: float = 3.0
    max_gradient: float = 40e-3  # T/m on each axis; assumed: leaves a margin on every current whole-body system
    max_slew: float = 150.0  # T/m/s on each axis; assumed: below the usual onset of nerve stimulation in the head
    max_gradient_rms: float = 25e-3  # T/m, of each axis over `rms_window`; assumed: amplifier and coil heating
    rms_window: float = 1.0  # s; assumed
    max_B1: float = 20e-6  # T, peak of the transmitter at a field map of 1; assumed: body coil of a 3 T system
    max_rf_duty: float = 0.1  # mean power over `rms_window` against peak power; assumed: usual of RF amplifiers
    rf_dead_time: float = 100e-6
    rf_ringdown_time: float = 30e-6
    adc_dead_time: float = 10e-6
    gradient_raster: float = 10e-6
    rf_raster: float = 1e-6
    adc_raster: float = 100e-9
    block_raster: float = 10e-6
    max_adc_samples: int = 65536  # of one readout; assumed: the receiver's buffer
    channels: int = 1  # transmitters that may play waveforms of their own

    def __post_init__(self):
        for each in fields(self):
            value = getattr(self, each.name)
            lowest_is_zero = each.name.endswith("dead_time") or each.name == "rf_ringdown_time"
            if not isfinite(value) or value < 0 or (value == 0 and not lowest_is_zero):
                raise ModelError(f"Limits: {each.name} = {value} cannot be; it must be a finite number above 0.")

    @classmethod
    def of(cls, scanner: Any, max_B1: float | None = None) -> Limits:
        """Those of a scanner's data sheet. `max_B1` in T follows from its amplifiers and the patient in its coil."""
        g, t, c = scanner.gradients, scanner.transmitter, scanner.converter
        known: dict[str, Any] = {} if max_B1 is None else {"max_B1": max_B1}
        return cls(
            B0=scanner.field, max_gradient=g.maximum, max_slew=g.slew, max_gradient_rms=g.rms, rms_window=g.rms_window,
            gradient_raster=g.raster, block_raster=g.raster, rf_raster=t.raster, rf_dead_time=t.dead_time,
            rf_ringdown_time=t.ringdown, max_rf_duty=t.duty, adc_raster=c.raster, adc_dead_time=c.dead_time,
            channels=t.channels, **known,
        )  # fmt: skip

    @cached_property
    def system(self) -> Any:
        """The same as pypulseq's `Opts`."""
        import pypulseq as pp

        return pp.Opts(
            B0=self.B0, gamma=GAMMA, max_grad=self.max_gradient * GAMMA, max_slew=self.max_slew * GAMMA,
            rf_dead_time=self.rf_dead_time, rf_ringdown_time=self.rf_ringdown_time, adc_dead_time=self.adc_dead_time,
            grad_raster_time=self.gradient_raster, rf_raster_time=self.rf_raster, adc_raster_time=self.adc_raster,
            block_duration_raster=self.block_raster, adc_samples_divisor=1,
        )  # fmt: skip
