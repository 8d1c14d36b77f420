"""The numbers that a finished scan gives: what a trial's measures are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from proband.model import ModelError, did_you_mean
from proband.mr.images import quality
from proband.mr.images.image import Image
from proband.mr.scans.chain import Finished, receive_on_image
from proband.mr.scans.regions import inner, mask, share

Numbers = Callable[[Finished, str, Image | None], float]


@dataclass(frozen=True)
class Quantity:
    """One kind of number: its unit, what it means, whether it is of a region, whether it needs the truth."""

    unit: str
    meaning: str
    tell: Numbers
    region: bool = False
    truth: bool = False


def _magnitude(finished: Finished, image: Image | None = None) -> np.ndarray:
    data = np.abs((image or finished.image).data)
    return data if data.ndim == 3 else data.mean(-1)


def _snr(finished: Finished, region: str, truth: Image | None) -> float:
    if finished.again is None:
        raise ModelError(f"scan {finished.ready.protocol.name} has no noise, so it has no SNR.")
    first, second = finished.image.data, finished.again.data
    if first.ndim == 4:
        first, second = first[..., 0], second[..., 0]
    return quality.snr_difference(np.abs(first), np.abs(second), mask(finished, region))


def _signal(finished: Finished, region: str, truth: Image | None) -> float:
    return float(_magnitude(finished)[mask(finished, region)].mean())


def _uniformity(finished: Finished, region: str, truth: Image | None) -> float:
    values = _magnitude(finished)[mask(finished, region)]
    low, high = np.percentile(values, (2, 98))
    return quality.percent_integral_uniformity(float(low), float(high))


def _cnr(finished: Finished, region: str, truth: Image | None) -> float:
    """Against what lies around it, in units of the noise there."""
    from scipy.ndimage import binary_dilation

    inside = mask(finished, region)
    touched: np.ndarray = np.asarray(share(finished, region) > 0.02)
    around = np.asarray(binary_dilation(touched, iterations=3)) & np.logical_not(binary_dilation(touched))
    around &= share(finished, "tissue") > 0.9
    if finished.again is None or not around.any():
        raise ModelError(f"the contrast of {region} needs noise and tissue around it.")
    image = _magnitude(finished)
    noise = (_magnitude(finished) - _magnitude(finished, finished.again))[around].std() / np.sqrt(2)
    return float(abs(image[inside].mean() - image[around].mean()) / noise)


def _against(finished: Finished, truth: Image | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    from scipy.ndimage import binary_dilation

    assert truth is not None
    image, other = np.abs(finished.image.data), np.abs(truth.data)
    if image.shape != other.shape:
        raise ModelError(
            f"scan {finished.ready.protocol.name} has an image of {image.shape} voxels and its truth one of {other.shape}; they must have one grid."
        )
    image, other = (a if a.ndim == 3 else a.mean(-1) for a in (image, other))
    where = binary_dilation(share(finished, "tissue") > 0.5)
    return quality.scaled_to(image, other, where), other, where


def _nrmse(finished: Finished, region: str, truth: Image | None) -> float:
    return 100 * quality.nrmse(*_against(finished, truth))


def _ssim(finished: Finished, region: str, truth: Image | None) -> float:
    return quality.ssim(*_against(finished, truth))


def edge_profile(finished: Finished, region: str, reach: float = 4.0) -> tuple[np.ndarray, np.ndarray]:
    """Mean brightness over the distance from a region's surface (voxels, inside positive): all of its edges on one line."""
    from scipy.ndimage import distance_transform_edt, gaussian_filter1d

    patient, grid = finished.patient, finished.ready.grid
    fine = share_fine(finished, region)
    pixel = float(np.sort(grid.voxel)[0])
    sampling = patient.grid.voxel
    flat = np.argmax([v * 0 + n for v, n in zip(grid.voxel, np.array(grid.voxel))])
    thin = int(np.argmin(grid.shape)) if min(grid.shape) < 8 else int(flat)
    lengths = [v if a != thin else 1e3 for a, v in enumerate(sampling)]
    inside, outside = (np.asarray(distance_transform_edt(part, sampling=lengths)) for part in (fine, ~fine))
    distance = inside - outside
    # Half a fine voxel lies between the last centre inside and the surface.
    inverse = np.linalg.inv(patient.grid.affine)
    points = grid.points() @ inverse[:3, :3].T + inverse[:3, 3]
    index = np.clip(np.rint(points).astype(int), 0, np.array(fine.shape) - 1)
    place = distance[tuple(np.moveaxis(index, -1, 0))] / pixel
    near = np.abs(place) < reach
    if near.sum() < 30:
        raise ModelError(
            f"the region {region} has too little surface in scan {finished.ready.protocol.name} for its edge to be measured."
        )
    bins = np.linspace(-reach, reach, int(reach * 8) + 1)
    which = np.digitize(place[near], bins) - 1
    values = _magnitude(finished)[near]
    total, count = np.bincount(which, values, len(bins)), np.bincount(which, minlength=len(bins))
    good = count > 0
    middle = bins + (bins[1] - bins[0]) / 2
    profile = np.interp(middle[:-1], middle[good], total[good] / count[good])
    return middle[:-1] * pixel, gaussian_filter1d(profile, 1.0)


def share_fine(finished: Finished, region: str) -> np.ndarray:
    """A region on the patient's fine grid, bool."""
    patient = finished.patient
    share(finished, region)  # refuses unknown names
    if region == "lesion":
        return np.asarray(patient.truth["lesion"], bool)
    if region == "tissue":
        return (patient.density + patient.fat) > 0.05
    from proband.mr.scans.regions import GROUPS

    assert patient.labels is not None
    return np.isin(
        patient.labels, [patient.tissues.index(t) for t in GROUPS.get(region, (region,)) if t in patient.tissues]
    )


def _edge(finished: Finished, region: str, truth: Image | None) -> float:
    place, profile = edge_profile(finished, region)
    return 1e3 * quality.edge_width(profile, float(place[1] - place[0]))


def _g(finished: Finished, statistic: Callable[[np.ndarray], float]) -> float:
    from proband.mr.reconstruction.sense import g_factor

    steps = _acceleration(finished)
    maps = receive_on_image(finished.ready)
    thin = finished.ready.info.get("axes", (0, 1, 2))[2]
    there = mask(finished, "tissue")
    plane = maps.shape[1 + thin] // 2
    flat, inside = np.take(maps, plane, 1 + thin), np.take(there, plane, thin)
    axes = [a for a in range(3) if a != thin]
    phase = axes.index(finished.ready.info.get("axes", (0, 1, 2))[1])
    factor = (steps, 1) if phase == 0 else (1, steps)
    g = g_factor(flat * inside, factor)
    return statistic(g[inside])


def _acceleration(finished: Finished) -> int:
    said = finished.ready.protocol.options.get("acceleration", 1)
    return round(float(said))


def _finding(name: str) -> Numbers:
    return lambda finished, region, truth: float(finished.ready.record.finding(name).value)


def _of_limit(name: str) -> Numbers:
    def tell(finished: Finished, region: str, truth: Image | None) -> float:
        f = finished.ready.record.finding(name)
        return float(100 * f.value / f.limit)

    return tell


def transmit_field(finished: Finished) -> tuple[np.ndarray, np.ndarray]:
    """|flip| of the pulse over the nominal one on the coarse grid, and the tissue that the transmitter was adjusted to."""
    from proband.mr.scans.preparing import adjusted

    ready = finished.ready
    inside = adjusted(ready.scene, ready.grid, ready.protocol)
    if ready.channels > 1:
        from proband.mr.scans.flips import flip_map

        return flip_map(ready, inside), inside
    fields = ready.scene.fields
    return np.abs(np.tensordot(ready.shim.weights, fields.transmit, 1)) / ready.shim.reference, inside


def _flip_variation(finished: Finished, region: str, truth: Image | None) -> float:
    share_, inside = transmit_field(finished)
    return float(100 * share_[inside].std() / share_[inside].mean())


def _flip_least(finished: Finished, region: str, truth: Image | None) -> float:
    share_, inside = transmit_field(finished)
    return float(100 * np.percentile(share_[inside], 2) / share_[inside].mean())


MADE_BY = {
    "T1": "molli and sasha make one", "T2": "t2prep makes one", "B0": "b0_map and dixon make one",
    "B1": "b1_map and b1_map_double_angle make one", "fat fraction": "dixon makes one", "ADC": "diffusion_epi makes one",
}  # fmt: skip


def _map(name: str, statistic: Callable[[np.ndarray], float], factor: float = 1e3) -> Numbers:
    def tell(finished: Finished, region: str, truth: Image | None) -> float:
        if name not in finished.maps:
            raise ModelError(f"scan {finished.ready.protocol.name} makes no map of {name}; {MADE_BY[name]}.")
        return factor * statistic(finished.maps[name].data[inner(finished, region)])

    return tell


def _true(name: str) -> Numbers:
    def tell(finished: Finished, region: str, truth: Image | None) -> float:
        return 1e3 * float(np.median(getattr(finished.patient, name)[share_fine(finished, region)]))

    return tell


def _bias(name: str) -> Numbers:
    seen, real = _map(name, np.median), _true(name)
    return lambda f, region, truth: 100 * (seen(f, region, truth) / real(f, region, truth) - 1)


def _cine(what: str) -> Numbers:
    def tell(finished: Finished, region: str, truth: Image | None) -> float:
        if finished.cine is None:
            raise ModelError(
                f"scan {finished.ready.protocol.name} is no cine of a beating heart, so it has no {what.replace('_', ' ')}."
            )
        return float(getattr(finished.cine, what))

    return tell


QUANTITIES: Mapping[str, Quantity] = {
    "snr": Quantity("1", "signal over noise, by the difference of two scans (NEMA MS 1)", _snr, region=True),
    "cnr": Quantity("1", "contrast of a region against its surroundings over noise", _cnr, region=True),
    "signal": Quantity("1", "mean brightness, in units of a sample's noise", _signal, region=True),
    "uniformity": Quantity("%", "percent integral uniformity, of the 2nd and 98th percentile", _uniformity, region=True),
    "edge_width": Quantity("mm", "10 to 90 % rise over a region's edges", _edge, region=True),
    "nrmse": Quantity("%", "root mean square error against the truth", _nrmse, truth=True),
    "ssim": Quantity("1", "structural similarity to the truth", _ssim, truth=True),
    "g_mean": Quantity("1", "mean g-factor of SENSE in tissue", lambda f, r, t: _g(f, lambda g: float(g.mean()))),
    "g_worst": Quantity("1", "98th percentile of the g-factor in tissue", lambda f, r, t: _g(f, lambda g: float(np.percentile(g, 98)))),
    "duration": Quantity("s", "of the scan", lambda f, r, t: float(f.ready.timeline.duration)),
    "lines": Quantity("1", "readouts", lambda f, r, t: float(len(f.raw.signal))),
    "whole_body_sar": Quantity("W/kg", "over 6 min", _finding("whole-body SAR over 6 min")),
    "head_sar": Quantity("W/kg", "over 6 min", _finding("head SAR over 6 min")),
    "local_sar": Quantity("W/kg", "worst 10 g over 6 min", _finding("local SAR over 6 min")),
    "local_sar_share": Quantity("%", "of its limit", _of_limit("local SAR over 6 min")),
    "nerve_stimulation": Quantity("%", "of the threshold", _finding("nerve stimulation")),
    "loudness": Quantity("1", "dB(A), a figure", _finding("loudness")),
    "flip_variation": Quantity("%", "coefficient of variation of the flip angle in the tissue that the transmitter was adjusted to", _flip_variation),
    "flip_least": Quantity("%", "2nd percentile of the flip angle over its mean, there", _flip_least),
    "T1": Quantity("ms", "median of the map off the region's edges", _map("T1", np.median), region=True),
    "T1_spread": Quantity("ms", "standard deviation of the map", _map("T1", np.std), region=True),
    "T1_truth": Quantity("ms", "of the tissue", _true("T1"), region=True),
    "T1_bias": Quantity("%", "of the map against the tissue", _bias("T1"), region=True),
    "T2": Quantity("ms", "median of the map off the region's edges", _map("T2", np.median), region=True),
    "T2_truth": Quantity("ms", "of the tissue", _true("T2"), region=True),
    "T2_bias": Quantity("%", "of the map against the tissue", _bias("T2"), region=True),
    "fat_fraction": Quantity("%", "median of the map off the region's edges", _map("fat fraction", np.median, 100), region=True),
    "B0": Quantity("Hz", "median of the map of off-resonance", _map("B0", np.median, 1.0), region=True),
    "B0_spread": Quantity("Hz", "standard deviation of the map of off-resonance", _map("B0", np.std, 1.0), region=True),
    "B1": Quantity("%", "median of the map of the transmit field, of what was asked for", _map("B1", np.median, 100), region=True),
    "ADC": Quantity("µm²/s", "median of the map of the diffusion coefficient", _map("ADC", np.median, 1e12), region=True),
    "ejection_fraction": Quantity("%", "of the left ventricle, from the cine", _cine("ejection_fraction")),
    "ejection_fraction_truth": Quantity("%", "of the left ventricle, from the circulation", _cine("ejection_fraction_truth")),
    "end_diastolic_volume": Quantity("mL", "of the left ventricle, from the cine", _cine("end_diastolic_volume")),
    "end_diastolic_volume_truth": Quantity("mL", "from the circulation", _cine("end_diastolic_volume_truth")),
    "end_systolic_volume": Quantity("mL", "of the left ventricle, from the cine", _cine("end_systolic_volume")),
    "end_systolic_volume_truth": Quantity("mL", "from the circulation", _cine("end_systolic_volume_truth")),
    "false_triggers": Quantity("%", "of beats in which the magnet's voltage was taken for an R wave", _cine("false_triggers")),
}  # fmt: skip


def quantity(name: str) -> Quantity:
    """One by name. Raises ModelError where there is none."""
    if name not in QUANTITIES:
        raise ModelError(
            f"a scan has no quantity {name!r}{did_you_mean(name, QUANTITIES)}; there are {', '.join(QUANTITIES)}."
        )
    return QUANTITIES[name]


def measure(finished: Finished, name: str, region: str = "", truth: Image | None = None) -> float:
    """One number of a finished scan. Raises ModelError where it cannot be measured."""
    value = quantity(name).tell(finished, region or "tissue", truth)
    if not np.isfinite(value):
        raise ModelError(f"{name} of scan {finished.ready.protocol.name} is no finite number.")
    return float(value)
