"""The heart's clock as the scanner hears it: R waves, triggers that the magnet disturbs, and a sequence that waits for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.playing import on_clock
from proband.mr.sequence.timeline import Timeline, Waveform

#: Peak of the magnetohydrodynamic voltage over the R wave's, per tesla: as large as the R wave at 7 T
#: (assumed from ECGs at 7 T that cannot be told from it; it grows with the field times the blood's speed, Togawa 1967).
MHD_PER_TESLA = 1 / 7
#: When it peaks after the R wave: fastest ejection, s (assumed: peak aortic flow).
MHD_DELAY = 0.12
#: Spread of that ratio from beat to beat, and the share of the R wave that a detector takes for one (both assumed).
MHD_SPREAD, THRESHOLD = 0.25, 0.75
#: Spread of the moment of detection, s: alone, and per tesla, since the wave that is sought loses its shape (assumed).
JITTER, JITTER_PER_TESLA = 1e-3, 1e-3
#: Dead time after a trigger, s (assumed: a usual detector's blanking is shorter than the T wave's delay at rest).
BLANKING = 0.1


def r_waves(
    RR: float, duration: float, seed: int, variability: float = 0.03, breathing: float = 0.02, breaths: float = 0.25
) -> np.ndarray:
    """Times of R waves (n,), s, from before 0 to after `duration`.

    `variability`: relative spread of an interval (assumed: 3 % at rest); `breathing`: relative amplitude of the change with
    breathing, `breaths` per s (assumed: respiratory sinus arrhythmia of a resting adult)."""
    if not 0.2 <= RR <= 3.0:
        raise ModelError(f"RR = {RR:g} s is no heart's; between 0.2 and 3 s would be right.")
    random = np.random.default_rng(seed)
    count = int(np.ceil(duration / RR * 1.5)) + 10
    ideal = np.arange(count) * RR
    factor = (
        1
        + variability * np.clip(random.standard_normal(count), -3, 3)
        + breathing * np.sin(2 * np.pi * breaths * ideal)
    )
    times = np.cumsum(RR * np.clip(factor, 0.5, 2.0)) - RR * (1 + random.random())
    return times[: int(np.searchsorted(times, duration + 3 * RR))]


def triggers(r_times: np.ndarray, B0: float, seed: int) -> np.ndarray:
    """What a detector makes of the R waves inside a magnet: late by some ms, and fooled by the flowing blood's voltage."""
    random = np.random.default_rng(seed)
    spread = JITTER + JITTER_PER_TESLA * B0
    heard = r_times + np.abs(random.normal(0.0, spread, len(r_times)))
    ratio = MHD_PER_TESLA * B0 * (1 + MHD_SPREAD * random.standard_normal(len(r_times)))
    false = r_times[ratio > THRESHOLD] + MHD_DELAY
    found: list[float] = []
    for time in np.sort(np.concatenate([heard, false])):
        if not found or time > found[-1] + BLANKING:
            found.append(float(time))
    return np.array(found)


def gated(timeline: Timeline, trigger_times: np.ndarray) -> Timeline:
    """The timeline as it is played: at each of its `triggers` everything stops until the next trigger comes."""
    waits = np.array(timeline.triggers)
    if not len(waits):
        return timeline
    for wave in timeline.gradients:
        if len(wave.times) and np.abs(np.interp(waits, wave.times, wave.values, 0, 0)).max() > 1e-9:
            raise ModelError("The sequence waits for the heart while a gradient is on; it must be off.")
    heard = np.sort(np.asarray(trigger_times, dtype=float))
    shifts = np.zeros(len(waits) + 1)
    for n, wait in enumerate(waits):
        reached = wait + shifts[n]
        at = int(np.searchsorted(heard, reached, side="left"))
        if at == len(heard):
            raise ModelError(
                f"The heart's triggers end at {heard[-1] if len(heard) else 0:.3g} s; the sequence waits at {reached:.3g} s."
            )
        # Scanners start on their block raster.
        shifts[n + 1] = np.ceil((heard[at] - wait) * 1e5 - 1e-6) * 1e-5

    def moved(times: np.ndarray) -> np.ndarray:
        return on_clock(times + shifts[np.searchsorted(waits, times - 1e-9, side="left")])

    # A block that holds a wait lasts until the trigger: its beginning is before, the next one's after it.
    blocks = None if timeline.blocks is None else moved(timeline.blocks)
    return replace(
        timeline,
        pulses=tuple(
            replace(p, start=float(t))
            for p, t in zip(timeline.pulses, moved(np.array([p.start for p in timeline.pulses])))
        ),
        readouts=tuple(
            replace(r, start=float(t))
            for r, t in zip(timeline.readouts, moved(np.array([r.start for r in timeline.readouts])))
        ),
        gradients=tuple(Waveform(moved(w.times), w.values) for w in timeline.gradients),  # type: ignore[arg-type]
        duration=float(on_clock(timeline.duration + shifts[-1])),
        triggers=tuple(float(t) for t in on_clock(waits + shifts[1:])),
        blocks=blocks,
    )


def cardiac_phase(times: np.ndarray, r_times: np.ndarray) -> np.ndarray:
    """Share of the cycle that has passed, 0 to 1, at each time; NaN before the first and after the last R wave."""
    r_times = np.asarray(r_times, dtype=float)
    times = np.asarray(times, dtype=float)
    n = np.searchsorted(r_times, times, side="right") - 1
    inside = (n >= 0) & (n < len(r_times) - 1)
    n = np.clip(n, 0, len(r_times) - 2)
    share = (times - r_times[n]) / (r_times[n + 1] - r_times[n])
    return np.where(inside, share, np.nan)
