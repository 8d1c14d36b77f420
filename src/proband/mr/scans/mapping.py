"""Maps that some sequences are made for: T1 and T2 of the heart, field and transmit maps."""

from __future__ import annotations

import numpy as np

from proband.mr.images.image import Image
from proband.mr.raw import RawData
from proband.mr.reconstruction import relaxometry
from proband.mr.scans.preparing import Prepared


def maps_of(ready: Prepared, raw: RawData, image: Image) -> dict[str, Image]:
    """Each map with its standard error, by name ("T1", "T1 error"); empty where the sequence is made for none."""
    maker = {"molli": _molli, "sasha": _sasha, "t2prep": _t2prep}.get(ready.sequence.name)
    return {} if maker is None else maker(ready, raw, image)


def _pair(name: str, image: Image, fit: relaxometry.Fit) -> dict[str, Image]:
    # Where the error is as large as the value nothing was measured: air, and what the fit does not describe.
    there = np.isfinite(fit.time) & np.isfinite(fit.error) & (fit.error < fit.time)
    return {
        name: Image(np.where(there, fit.time, 0.0), image.grid, f"{image.name} {name}", "s", info=image.info),
        f"{name} error": Image(np.where(there, fit.error, 0.0), image.grid, f"{image.name} {name} error", "s", info=image.info),
    }  # fmt: skip


def _molli(ready: Prepared, raw: RawData, image: Image) -> dict[str, Image]:
    times = inversion_times(ready, raw)
    return _pair("T1", image, relaxometry.t1_inversion_recovery(image.data, times, look_locker=True))


def _sasha(ready: Prepared, raw: RawData, image: Image) -> dict[str, Image]:
    # The image without saturation has waited for ever. Three unknowns, as Chow et al. 2014: what the pulse leaves and what
    # the lines before the middle one do to the magnetisation shift the curve, but not its time constant.
    times = np.array([1e3 if np.isinf(t) else t for t in ready.info["TS"]])
    return _pair("T1", image, relaxometry.t1_saturation_recovery(image.data, times, complete=False))


def _t2prep(ready: Prepared, raw: RawData, image: Image) -> dict[str, Image]:
    return _pair("T2", image, relaxometry.t2_decay(image.data, np.array(ready.info["TE_prep"])))


def inversion_times(ready: Prepared, raw: RawData) -> np.ndarray:
    """From the last inversion to the middle line of each image, s, as the heart let it be."""
    inversions = np.array(sorted(p.start + (p.center or p.step * np.atleast_2d(p.wave).shape[1] / 2)
                                 for p in ready.timeline.pulses if p.use == "inversion"))  # fmt: skip
    middle = ready.info["matrix"][1] // 2
    lines, images = raw.labels["LIN"], raw.labels.get("SET", np.zeros(len(raw.signal), int))
    found = []
    for number in np.unique(images):
        centre = float(raw.times[(images == number) & (lines == middle)].mean())
        found.append(centre - inversions[np.searchsorted(inversions, centre) - 1])
    return np.array(found)
