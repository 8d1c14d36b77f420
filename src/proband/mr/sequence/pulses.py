"""Radio-frequency pulses and their slice gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from proband.mr.sequence.draft import Draft
from proband.mr.sequence.limits import GAMMA

#: Share of the transmitter's peak that a pulse asks for at most; assumed: room for the shim.
SHARE = 0.95
#: Main fat peak against water, ppm (mr: methylene at 1.3 against water at 4.7).
FAT_PPM = -3.4


@dataclass(frozen=True, eq=False)
class PlayedPulse:
    """A pulse in a block of its own, with its slice gradient (None: not selective)."""

    rf: Any
    gradient: Any
    before: float  # s from the block's beginning to the pulse's centre
    after: float  # s from there to the block's end
    area_before: float  # cycles/m of the slice gradient up to the centre
    area_after: float

    @property
    def duration(self) -> float:
        """Of the block, s."""
        return self.before + self.after

    def frequency(self, position: float) -> float:
        """Offset in Hz that selects a slice at `position` in m."""
        return 0.0 if self.gradient is None else float(self.gradient.amplitude * position)


def peak(draft: Draft) -> float:
    """The highest γB1/2π that a pulse may use, Hz."""
    return SHARE * draft.limits.max_B1 * GAMMA


def _on_raster(draft: Draft, duration: float) -> float:
    """An even number of gradient raster steps: so the middle is on the raster, too."""
    raster = 2 * draft.limits.gradient_raster
    return max(1, round(np.ceil(duration / raster - 1e-6))) * raster


def _played(draft: Draft, rf: Any, gradient: Any) -> PlayedPulse:
    end = rf.delay + rf.shape_dur + draft.limits.rf_ringdown_time
    centre = rf.delay + rf.center
    before_area = after_area = 0.0
    if gradient is not None:
        end = max(end, draft.pp.calc_duration(gradient))
        into = centre - gradient.delay - gradient.rise_time
        before_area = gradient.amplitude * (gradient.rise_time / 2 + into)
        after_area = gradient.amplitude * (gradient.flat_time - into + gradient.fall_time / 2)
    return PlayedPulse(rf, gradient, centre, draft.up(end) - centre, before_area, after_area)


def slice_pulse(
    draft: Draft, flip: float, thickness: float, duration: float = 2e-3, time_bandwidth: float = 4.0,
    use: str = "excitation", frequency: float = 0.0,
) -> PlayedPulse:  # fmt: skip
    """A Hann-windowed sinc of `flip` rad over `thickness` m; longer than `duration` where the transmitter is too weak."""
    duration = _on_raster(draft, duration)
    for _ in range(20):
        rf, gradient, _ = draft.pp.make_sinc_pulse(
            flip, duration=duration, slice_thickness=thickness, time_bw_product=time_bandwidth, apodization=0.5,
            system=draft.system, return_gz=True, use=use, delay=draft.limits.rf_dead_time, freq_offset=frequency,
        )  # fmt: skip
        over = float(np.abs(rf.signal).max()) / peak(draft)
        if over <= 1:
            break
        duration = _on_raster(draft, duration * over)
    gradient.channel = draft.slice
    rf.center = rf.shape_dur / 2
    return _played(draft, rf, draft.keep(gradient))


def slab_pulse(draft, flip: float, thickness: float, partitions: int, duration: float, cycles: float):
    """A pulse (flip in degrees) for a slice, or in 3-D for the slab of all partitions. Returns it and the slab's thickness, m."""
    slab = partitions * thickness
    return slice_pulse(draft, np.deg2rad(flip), slab, duration, cycles), slab


def hard_pulse(
    draft: Draft, flip: float, use: str = "excitation", phase: float = 0.0, share: float = 1.0
) -> PlayedPulse:
    """A block pulse of `flip` rad, as short as the transmitter allows but at least 100 µs."""
    duration = _on_raster(draft, max(100e-6, flip / (2 * np.pi) / (share * peak(draft))))
    rf = draft.pp.make_block_pulse(
        flip, duration=duration, system=draft.system, use=use, delay=draft.limits.rf_dead_time, phase_offset=phase
    )
    rf.center = duration / 2
    return _played(draft, rf, None)


def _from_samples(draft: Draft, signal: np.ndarray, use: str, frequency: float = 0.0) -> PlayedPulse:
    rf = draft.pp.make_arbitrary_rf(
        signal, 1.0, no_signal_scaling=True, dwell=draft.limits.rf_raster, system=draft.system, use=use,
        delay=draft.limits.rf_dead_time, freq_offset=frequency, center=len(signal) * draft.limits.rf_raster / 2,
    )  # fmt: skip
    rf.center = len(signal) * draft.limits.rf_raster / 2
    return _played(draft, rf, None)


def hyperbolic_secant(duration: float, step: float, top: float, bandwidth: float, cut: float = 0.06) -> np.ndarray:
    """γB1/2π (n,) complex, Hz, of an adiabatic inversion: top · sech(βt)^(1 + iμ), Silver, Joseph and Hoult 1985.

    `cut` is the amplitude at both ends against the middle; `bandwidth` = μβ/π in Hz."""
    t = (np.arange(round(duration / step)) + 0.5) * step - duration / 2
    beta = np.arccosh(1 / cut) / (duration / 2)
    mu = np.pi * bandwidth / beta
    sech = 1 / np.cosh(beta * t)
    return top * sech * np.exp(1j * mu * np.log(sech))


def inversion(
    draft: Draft, duration: float = 10.24e-3, bandwidth: float = 900.0, use: str = "inversion"
) -> PlayedPulse:
    """A hyperbolic secant over the whole body.

    With 11 µT it turns 95 % or more of water within ± 250 Hz where the field is at least 0.8 of what was asked, and less
    below: the inversion of a heart at 5 T is not perfect, and need not be told so."""
    top = min(peak(draft), 0.8e3)  # assumed: more than 19 µT only adds to SAR
    return _from_samples(draft, hyperbolic_secant(duration, draft.limits.rf_raster, top, bandwidth), use)


def bir4(
    duration: float, step: float, top: float, flip: float, sweep: float = 5e3, kappa: float = 1.52, zeta: float = 10.0
):
    """γB1/2π (n,) complex, Hz, of a BIR-4 rotation by `flip` rad, Staewen et al. 1990: tanh/tan, phase jumps ± (π + flip/2)."""
    n = round(duration / step / 4) * 4
    s = (np.arange(n) + 0.5) / n * 4  # quarter by quarter
    away = np.select([s < 1, s < 2, s < 3], [s, 2 - s, s - 2], 4 - s)  # 0 at the ends and in the middle
    size = top * np.tanh(zeta * (1 - away))
    # The frequency runs up in the first half-quarters and jumps back where B1 is 0.
    sign = np.select([s < 1, s < 2, s < 3], [1.0, -1.0, 1.0], -1.0)
    offset = sign * sweep * np.tan(kappa * away) / np.tan(kappa)
    phase = 2 * np.pi * np.cumsum(offset) * step
    jump = np.where((s >= 1) & (s < 3), np.pi + flip / 2, 0.0)
    return size * np.exp(1j * (phase + jump))


#: Flip angles of the saturation train, deg. Found for this project by minimising the largest |Mz| that is left over
#: B1 of 0.4 to 1.25 and ± 280 Hz, pulses of 11 to 19 µT (Bloch, no relaxation): 1.8 % (the idea: Ogg et al. 1994, WET).
TRAIN = (99.0, 123.0, 168.0, 202.0, 224.0, 255.0)


@dataclass(frozen=True, eq=False)
class SaturationTrain:
    """Hard pulses with spoilers between: saturation that hardly knows the transmit field or the main field."""

    draft: Draft
    pulses: tuple[PlayedPulse, ...]

    thickness: float  # m, that a spoiler's whole cycles span

    def spoiler(self, n: int) -> tuple[str, float]:
        """Axis and area (cycles/m) after pulse n: two along each axis, one twice the other, so that no path of the
        magnetisation sums to zero; those in the plane fit no voxel's length, so that they act between its points, too."""
        d = self.draft
        slice_, first, second = 3.0 / self.thickness, 730.0, 870.0
        return (
            (d.slice, slice_),
            (d.slice, 2 * slice_),
            (d.read, first),
            (d.read, 2 * first),
            (d.phase, second),
            (d.phase, 2 * second),
        )[n]

    @property
    def before(self) -> float:
        """From the train's beginning to the last pulse's centre, s."""
        gaps = sum(self.draft.shortest(self.spoiler(n)[1]) for n in range(len(self.pulses) - 1))
        return sum(p.duration for p in self.pulses[:-1]) + gaps + self.pulses[-1].before

    @property
    def after(self) -> float:
        """From there to the train's end, s."""
        return self.pulses[-1].after + self.draft.shortest(self.spoiler(len(self.pulses) - 1)[1])

    def play(self) -> None:
        """All pulses and spoilers."""
        for n, pulse in enumerate(self.pulses):
            play_pulse(self.draft, pulse)
            axis, area = self.spoiler(n)
            spoil(self.draft, area, axis)


def saturation(draft: Draft, thickness: float) -> SaturationTrain:
    """Saturation of the whole body; see `TRAIN`."""
    pulses = tuple(hard_pulse(draft, float(np.deg2rad(flip)), "saturation") for flip in TRAIN)
    return SaturationTrain(draft, pulses, thickness)


@dataclass(frozen=True, eq=False)
class AdiabaticSaturation:
    """One BIR-4 of 90° and one spoiler. What it leaves across the field is a share of Mz, the same in every beat and not
    modulated in space: no echo comes back from it, and a fit with three unknowns does not mind it."""

    draft: Draft
    pulse: PlayedPulse
    area: float  # cycles/m of the spoiler along the slice

    @property
    def before(self) -> float:
        """From the beginning to the pulse's middle, s."""
        return self.pulse.before

    @property
    def after(self) -> float:
        """From there to the end, s."""
        return self.pulse.after + self.draft.shortest(self.area)

    def play(self) -> None:
        """Pulse and spoiler."""
        play_pulse(self.draft, self.pulse)
        spoil(self.draft, self.area, self.draft.slice)


def adiabatic_saturation(draft: Draft, thickness: float, duration: float = 8e-3) -> AdiabaticSaturation:
    """BIR-4 of 90° over the whole body: with 19 µT it leaves at most 5 % within ± 85 Hz at 0.5 to 1.3 of the field asked
    for, up to 30 % at ± 250 Hz (Bloch, with the relaxation of heart muscle)."""
    top = min(peak(draft), 0.8e3)  # assumed: as for the inversion
    wave = bir4(duration, draft.limits.rf_raster, top, np.pi / 2)
    # An odd number of cycles: with the even ones of a readout's spoilers it never comes to zero.
    return AdiabaticSaturation(draft, _from_samples(draft, wave, "saturation"), 3.0 / thickness)


def fat_saturation(draft: Draft, flip: float = np.deg2rad(110.0), duration: float = 8e-3) -> PlayedPulse:
    """A Gaussian pulse on the fat line; 110° leave fat near zero some ms later (assumed: usual). Shorter at high field."""
    # The line is 3.4 ppm away: as selective at every field.
    duration = _on_raster(draft, max(2e-3, duration * 3.0 / draft.limits.B0))
    frequency = FAT_PPM * 1e-6 * GAMMA * draft.limits.B0
    rf = draft.pp.make_gauss_pulse(
        flip, duration=duration, time_bw_product=2.7, system=draft.system, use="saturation", freq_offset=frequency,
        delay=draft.limits.rf_dead_time,
    )  # fmt: skip
    rf.center = duration / 2
    return _played(draft, rf, None)


def play_pulse(
    draft: Draft, pulse: PlayedPulse, *others: Any, phase: float = 0.0, position: float = 0.0, scale: float = 1.0
):
    """One block with the pulse at a slice's position."""
    rf = draft.pulse(pulse.rf, phase, pulse.frequency(position), scale)
    # The block must last as long as the pulse's own sum says, also where it has no gradient.
    draft.play(rf, pulse.gradient, *others, draft.pp.make_delay(pulse.duration))


def spoil(draft: Draft, area: float, axes: str = "xyz") -> None:
    """A block of equal spoilers."""
    length = draft.shortest(area)
    draft.play(*[draft.trapezoid(axis, area, length) for axis in axes])
