"""From the received voltage to numbers: the decimation filter and the drift of the field."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr.scanner.scanner import Converter, Magnet


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
    """A readout (…, samples) as it leaves the filter."""
    return np.fft.ifft(np.fft.fft(signal, axis=-1) * passband(signal.shape[-1], converter), axis=-1)


def drift(times: np.ndarray, magnet: Magnet) -> np.ndarray:
    """Off-resonance (Hz) at `times` (s) after the scan began: it grows evenly."""
    return magnet.drift * np.asarray(times)
