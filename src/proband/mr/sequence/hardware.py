"""Can the scanner play it? Gradients, rasters, transmitter, receiver. (Heat and nerves are the safety room's.)"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.limits import GAMMA, Limits
from proband.mr.sequence.timeline import Timeline

#: Share of a limit that rounding in a file may go beyond it.
SLACK = 1e-5
AXES = "xyz"


def check_hardware(sequence, limits: Limits) -> None:
    """Raise ModelError with the worst breach of each limit: which block, which limit, by how much.

    `sequence`: a Timeline, or anything with a `timeline`."""
    found = breaches(getattr(sequence, "timeline", sequence), limits)
    if found:
        raise ModelError("The scanner cannot play this: " + "; ".join(found) + ".")


def breaches(timeline: Timeline, limits: Limits) -> list[str]:
    """One phrase for each limit that is broken, the worst place named; empty where all is well."""
    place = _places(timeline)
    found = []
    for each in (_gradients, _rasters, _transmitter, _receiver, _gaps, _long_run):
        found += each(timeline, limits, place)
    return found


def _places(timeline: Timeline) -> Callable[[float], str]:
    """When → "block 12" (numbered from 1, as in the file), or the time where there are no blocks."""
    blocks = timeline.blocks
    if blocks is None or len(blocks) < 2:
        return lambda t: f"at {t * 1e3:.3f} ms"
    return lambda t: f"block {min(int(np.searchsorted(blocks, t + 1e-9, side='right')), len(blocks) - 1)}"


def _more(count: int) -> str:
    return f" (and {count - 1} more places)" if count > 1 else ""


def _gradients(timeline: Timeline, limits: Limits, place) -> list[str]:
    found = []
    for axis, wave in zip(AXES, timeline.gradients):
        if not len(wave.times):
            continue
        size = np.abs(wave.values)
        over = int(np.count_nonzero(size > limits.max_gradient * (1 + SLACK)))
        if over:
            n = int(np.argmax(size))
            # The knot at a block's end belongs to the block before it.
            found.append(
                f"{place(wave.times[n] - 2e-9)}: gradient {axis} reaches {size[n] * 1e3:.4g} mT/m, "
                f"{(size[n] - limits.max_gradient) * 1e3:.3g} mT/m above the limit of {limits.max_gradient * 1e3:g} mT/m"
                + _more(over)
            )
        steps, rises = np.diff(wave.times), np.abs(np.diff(wave.values))
        jump = (steps <= 1e-10) & (rises > 1e-4 * limits.max_gradient)
        if jump.any():
            n = int(np.argmax(np.where(jump, rises, 0)))
            found.append(
                f"{place(wave.times[n])}: gradient {axis} jumps by {rises[n] * 1e3:.4g} mT/m in no time; "
                f"the slew limit is {limits.max_slew:g} T/m/s" + _more(int(jump.sum()))
            )
        slew = np.divide(rises, steps, out=np.zeros_like(rises), where=steps > 1e-10)
        # Amplitudes are kept with six digits: the smallest time between knots turns that into a slew.
        slack = limits.max_slew * SLACK + 2e-6 * float(size.max()) / np.where(steps > 1e-10, steps, 1.0)
        fast = slew > limits.max_slew + slack
        if fast.any():
            n = int(np.argmax(np.where(fast, slew, 0)))
            found.append(
                f"{place((wave.times[n] + wave.times[n + 1]) / 2)}: gradient {axis} slews at {slew[n]:.4g} T/m/s, "
                f"{slew[n] - limits.max_slew:.3g} T/m/s above the limit of {limits.max_slew:g} T/m/s"
                + _more(int(fast.sum()))
            )
    return found


def _off(times: np.ndarray, raster: float) -> np.ndarray:
    """Distance of each time from the raster, s; 1 ns of rounding over a long scan is let pass."""
    away = np.abs(times - np.rint(times / raster) * raster)
    return np.where(away > 1e-9, away, 0.0)


def _rasters(timeline: Timeline, limits: Limits, place) -> list[str]:
    found = []
    checks: list[tuple[str, np.ndarray, np.ndarray, float]] = []
    if timeline.blocks is not None:
        checks.append(("the block begins", timeline.blocks, timeline.blocks, limits.block_raster))
    for axis, wave in zip(AXES, timeline.gradients):
        # Arbitrary shapes have their samples in the middle of a step.
        checks.append((f"a knot of gradient {axis} lies", wave.times, wave.times, limits.gradient_raster / 2))
    starts = np.array([p.start for p in timeline.pulses])
    checks.append(("the RF pulse begins", starts, starts, limits.rf_raster))
    checks.append(("the RF pulse steps", np.array([p.step for p in timeline.pulses]), starts, limits.rf_raster))
    begins = np.array([r.start for r in timeline.readouts])
    checks.append(("the readout begins", begins, begins, limits.rf_raster))
    checks.append(
        ("the readout's dwell time is", np.array([r.dwell for r in timeline.readouts]), begins, limits.adc_raster)
    )
    for what, times, when, raster in checks:
        away = _off(times, raster)
        if away.any():
            n = int(np.argmax(away > 0))
            found.append(
                f"{place(when[n])}: {what} {away[n] * 1e9:.4g} ns off the raster of {raster * 1e6:g} µs"
                + _more(int(np.count_nonzero(away)))
            )
    return found


def _transmitter(timeline: Timeline, limits: Limits, place) -> list[str]:
    found = []
    peaks = {id(p.wave): float(np.abs(p.wave).max(initial=0.0)) / GAMMA for p in timeline.pulses}
    over = [p for p in timeline.pulses if peaks[id(p.wave)] > limits.max_B1 * (1 + SLACK)]
    if over:
        worst = max(over, key=lambda p: peaks[id(p.wave)])
        peak = peaks[id(worst.wave)]
        found.append(
            f"{place(worst.start)}: the RF pulse reaches {peak * 1e6:.4g} µT, {(peak - limits.max_B1) * 1e6:.3g} µT "
            f"above the transmitter's {limits.max_B1 * 1e6:g} µT" + _more(len(over))
        )
    wide = [p for p in timeline.pulses if p.wave.shape[0] > limits.channels]
    if wide:
        found.append(
            f"{place(wide[0].start)}: the RF pulse has {wide[0].wave.shape[0]} channels, the scanner {limits.channels}"
            + _more(len(wide))
        )
    return found


def _receiver(timeline: Timeline, limits: Limits, place) -> list[str]:
    long = [r for r in timeline.readouts if r.samples > limits.max_adc_samples]
    if not long:
        return []
    worst = max(long, key=lambda r: r.samples)
    return [
        f"{place(worst.start)}: the readout has {worst.samples} samples, {worst.samples - limits.max_adc_samples} "
        f"more than the receiver's {limits.max_adc_samples}" + _more(len(long))
    ]


def _gaps(timeline: Timeline, limits: Limits, place) -> list[str]:
    """The transmitter needs time before and after a pulse, the receiver before and after a readout."""
    events = [
        (p.start, p.start + p.wave.shape[1] * p.step, "RF pulse", limits.rf_dead_time, limits.rf_ringdown_time)
        for p in timeline.pulses
    ] + [
        (r.start, r.start + r.samples * r.dwell, "readout", limits.adc_dead_time, limits.adc_dead_time)
        for r in timeline.readouts
    ]
    events.sort()
    worst, count, phrase = 0.0, 0, ""
    before = (0.0, 0.0, "beginning", 0.0, 0.0)
    for event in events:
        need, have = before[4] + event[3], event[0] - before[1]
        if need - have > 1e-9:
            count += 1
            if need - have > worst:
                worst = need - have
                phrase = (
                    f"{place(event[0])}: the {event[2]} follows the {before[2]} after {have * 1e6:.4g} µs, "
                    f"{worst * 1e6:.3g} µs less than the dead times of {need * 1e6:g} µs"
                )
        if event[1] > before[1]:
            before = event
    return [phrase + _more(count)] if count else []


def _long_run(timeline: Timeline, limits: Limits, place) -> list[str]:
    """Root mean square of each gradient and the transmitter's duty, over a window that slides along the scan."""
    found = []
    window = limits.rms_window
    for axis, wave in zip(AXES, timeline.gradients):
        if len(wave.times) < 2:
            continue
        a, b = wave.values[:-1], wave.values[1:]
        square = np.concatenate([[0.0], np.cumsum(np.diff(wave.times) * (a * a + a * b + b * b) / 3)])
        mean = (np.interp(wave.times + window, wave.times, square) - square) / window
        n = int(np.argmax(mean))
        rms = float(np.sqrt(mean[n]))
        if rms > limits.max_gradient_rms * (1 + SLACK):
            found.append(
                f"{place(wave.times[n])} and the {window:g} s after it: gradient {axis} has a root mean square of "
                f"{rms * 1e3:.4g} mT/m, {(rms - limits.max_gradient_rms) * 1e3:.3g} mT/m above the limit of "
                f"{limits.max_gradient_rms * 1e3:g} mT/m"
            )
    if timeline.pulses:
        # Mean power against peak power: what heats an amplifier. Waves are shared: each is squared once.
        full = (limits.max_B1 * GAMMA) ** 2
        power = {id(p.wave): float((np.abs(p.wave) ** 2).max(axis=0).sum()) / full for p in timeline.pulses}
        starts = np.array([p.start for p in timeline.pulses])
        played = np.concatenate([[0.0], np.cumsum([power[id(p.wave)] * p.step for p in timeline.pulses])])
        last = np.searchsorted(starts, starts + window, side="left")
        duty = (played[last] - played[np.arange(len(starts))]) / window
        n = int(np.argmax(duty))
        if duty[n] > limits.max_rf_duty * (1 + SLACK):
            found.append(
                f"{place(starts[n])} and the {window:g} s after it: the transmitter gives {duty[n] * 100:.3g} % of its peak "
                f"power on average, {(duty[n] - limits.max_rf_duty) * 100:.3g} points above the limit of "
                f"{limits.max_rf_duty * 100:g} %"
            )
    return found
