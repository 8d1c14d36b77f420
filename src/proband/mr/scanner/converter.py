"""From the received voltage to numbers: the decimation filter and the drift of the field."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from proband.model import ModelError
from proband.mr.scanner.scanner import Converter, Magnet
from proband.mr.sequence.timeline import Timeline
from proband.mr.sequence.trajectory import centre

EDGE = 64  # samples heard beside the readout: the filter's memory


def check_dwell(dwell: float, converter: Converter) -> None:
    """Raises ModelError where the converter cannot sample at this dwell time (s)."""
    if not converter.shortest_dwell * 0.999 <= dwell <= converter.longest_dwell * 1.001:
        raise ModelError(
            f"a dwell time of {dwell * 1e6:.3g} µs is outside of {converter.shortest_dwell * 1e6:g} to "
            f"{converter.longest_dwell * 1e6:g} µs, which this converter samples at."
        )


def passband(samples: int, converter: Converter) -> np.ndarray:
    """The decimation filter over the sampled band, (samples,), in the order of `numpy.fft.fftfreq`.

    Flat over `passband` of the band, then a raised cosine to one half at its edge (assumed: a linear-phase filter whose
    halves of neighbouring bands add up to one)."""
    place = np.abs(np.fft.fftfreq(samples)) * 2
    beyond = np.clip((place - converter.passband) / (1 - converter.passband), 0, 1)
    return 0.75 + 0.25 * np.cos(np.pi * beyond)


def filtered(signal: np.ndarray, converter: Converter) -> np.ndarray:
    """A readout (…, samples) as it leaves the filter, which has heard the coil before and after the samples as well: what it
    heard is taken as the readout's mirror image, so that neither end leaks into the other."""
    n = signal.shape[-1]
    beside = min(n - 1, EDGE)
    if beside < 1:
        return signal
    ends = np.pad(signal, [(0, 0)] * (signal.ndim - 1) + [(beside, beside)], mode="reflect")
    passed = np.fft.ifft(np.fft.fft(ends, axis=-1) * passband(ends.shape[-1], converter), axis=-1)
    return passed[..., beside : beside + n]


def drift(times: np.ndarray, magnet: Magnet) -> np.ndarray:
    """Off-resonance (Hz) at `times` (s) after the scan began: it grows evenly."""
    return magnet.drift * np.asarray(times)


def drifting(timeline: Timeline, magnet: Magnet) -> Timeline:
    """The timeline as spins meet it whose field drifts while the scanner's frequency stays.

    In axes that turn with the drifting field spins are what they were, and transmitter and receiver lag by the turns that
    the field is ahead: ½ d t². Within a readout the field is taken as that of its beginning; a pulse lags as a whole, by
    what it does in its middle, so that it stays the same pulse: a hertz moves a slice by less than a thousandth."""

    def ahead(time: float) -> float:
        return np.pi * magnet.drift * time**2

    if not magnet.drift:
        return timeline
    pulses = [replace(p, phase=p.phase - ahead(p.start + centre(p))) for p in timeline.pulses]
    readouts = [
        replace(r, frequency=r.frequency - float(drift(np.array(r.start), magnet)), phase=r.phase - ahead(r.start))
        for r in timeline.readouts
    ]
    return replace(timeline, pulses=tuple(pulses), readouts=tuple(readouts))
