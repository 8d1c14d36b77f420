"""Maps that some sequences are made for: T1 and T2 of the heart, the static and the transmit field, water and fat, diffusion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from proband.mr.images.image import Image
from proband.mr.raw import RawData
from proband.mr.reconstruction import field_maps, relaxometry
from proband.mr.reconstruction.diffusion import diffusion_coefficient
from proband.mr.reconstruction.dixon import separate
from proband.mr.scans.preparing import Prepared


def maps_of(ready: Prepared, raw: RawData, image: Image) -> dict[str, Image]:
    """Each map with its standard error, by name ("T1", "T1 error"); empty where the sequence is made for none."""
    maker = MAKERS.get(ready.sequence.name)
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


SEEN = 5.0  # times its noise: what an image must be for a map to show it (Rose's criterion)
DIM = 0.08  # of the brightest voxels: what is fainter is ringing of the object's edges, which Gibbs gives 9 % (assumed)


def _shown(image: Image, source: Image, **maps: tuple[np.ndarray, np.ndarray | None, str]) -> dict[str, Image]:
    """Maps (values, errors, unit) where the image is bright enough for them; zero elsewhere."""
    bright = np.abs(source.data).mean(-1)
    there = bright > max(SEEN * _sigma(source), DIM * np.percentile(bright, 98))
    found = {}
    for key, (values, errors, unit) in maps.items():
        name = key.replace("_", " ")
        for title, data in ((name, values), (f"{name} error", errors)):
            if data is not None:
                known = there & np.isfinite(data)
                found[title] = Image(
                    np.where(known, data, 0.0), image.grid, f"{image.name} {title}", unit, info=image.info
                )
    return found


def _sigma(image: Image) -> float:
    """Standard deviation of the real part of an image's noise; 1 (brightness counts in a sample's noise) where it is not known."""
    said = image.info.get("noise_sigma", np.sqrt(2.0))
    return float(said) / np.sqrt(2)  # type: ignore[arg-type]


def _b0(ready: Prepared, raw: RawData, image: Image) -> dict[str, Image]:
    field, error = field_maps.b0_map(image.data, np.array(ready.info["echo_times"]), _sigma(image))
    return _shown(image, image, B0=(field, error, "Hz"))


def _b1(ready: Prepared, raw: RawData, image: Image) -> dict[str, Image]:
    info, size = ready.info, np.abs(image.data)
    flip, sigma = np.deg2rad(info["flip"]), _sigma(image)
    if ready.sequence.name == "b1_map":
        share, error = field_maps.b1_actual_flip(size[..., 0], size[..., 1], info["TR1"], info["TR2"], flip, sigma)
    else:
        share, error = field_maps.b1_double_angle(size[..., 0], size[..., 1], flip, sigma)
    return _shown(image, image, B1=(share, error, "1"))


def _dixon(ready: Prepared, raw: RawData, image: Image) -> dict[str, Image]:
    times, thin = np.array(ready.info["echo_times"]), tuple(ready.info.get("axes", (0, 1, 2)))[2]
    slices = [
        separate(part.astype(complex), times, raw.B0, sigma=_sigma(image)) for part in np.moveaxis(image.data, thin, 0)
    ]
    whole = {name: np.stack([getattr(s, name) for s in slices], thin) for name in ("water", "fat", "field", "water_error", "fat_fraction")}  # fmt: skip
    return _shown(
        image, image, water=(np.abs(whole["water"]), whole["water_error"], "1"), fat=(np.abs(whole["fat"]), None, "1"),
        fat_fraction=(whole["fat_fraction"], None, "1"), B0=(whole["field"], None, "Hz"),
    )  # fmt: skip


def _diffusion(ready: Prepared, raw: RawData, image: Image) -> dict[str, Image]:
    b = np.array(ready.info["b_values"])
    if np.unique(b).size < 2:
        return {}
    least = replace(image, data=image.data[..., b == b.min()])
    return _shown(image, least, ADC=(*diffusion_coefficient(image.data, b, _sigma(image)), "m2/s"))


MAKERS = {
    "molli": _molli, "sasha": _sasha, "t2prep": _t2prep, "b0_map": _b0, "b1_map": _b1, "b1_map_double_angle": _b1,
    "dixon": _dixon, "diffusion_epi": _diffusion,
}  # fmt: skip
PHASED = ("b0_map", "dixon")  # their maps are in the image's phase


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
