"""Raw data to an image: which methods there are, which one suits, and what is refused."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable

import numpy as np

from proband.model import ModelError
from proband.mr.images.image import Image
from proband.mr.raw import RawData
from proband.mr.reconstruction import coils, free, kspace, plane

CARTESIAN = {
    "fft": plane.fft,
    "zero-filled": plane.zero_filled,
    "homodyne": plane.homodyne,
    "pocs": plane.pocs,
    "grappa": plane.grappa_,
    "cg-sense": plane.cg_sense,
    "l1-wavelet": plane.l1_wavelet,
    "tv": plane.tv,
    "low-rank-sparse": plane.low_rank_sparse_,
}
FREE = {"gridding": free.gridding, "cg-sense": free.cg_sense, "l1-wavelet": free.l1_wavelet, "tv": free.tv}

# Coils that `auto` works with where there are more: of a head array of 24 they keep the image to 0.1 %, and the eigenvectors
# behind the coil maps take an eighth of the time.
VIRTUAL = 12


def methods() -> dict[str, str]:
    """Every name that `reconstruct` takes and what it does, in one line."""
    said = {"auto": "Chosen by the sampling: see `suitable`"}
    for table in (CARTESIAN, FREE):
        for name, function in table.items():
            said.setdefault(name, (function.__doc__ or "").strip())
    return said


def reconstruct(
    raw: RawData,
    method: str = "auto",
    *,
    maps: np.ndarray | None = None,
    field: np.ndarray | None = None,
    virtual_coils: int | None = None,
    **options,
) -> Image:
    """The image of a scan, complex64, on the grid that was asked for; (nx, ny, nz) or (nx, ny, nz, frames).

    Noise is prewhitened first, so brightness is in units of one sample's noise. `maps` (coils, nx, ny, nz): coil
    sensitivities of the prewhitened coils, instead of ESPIRiT's; `virtual_coils`: compress to so many (`auto` without maps: to
    12 where there are more, slice by slice); `field` (nx, ny, nz) in Hz: off-resonance to be corrected, the blur of spirals as
    well as the distortion of echo-planar images (by gridding or cg-sense, which a 2-D Cartesian scan then takes, too). Other
    options are those of the method (`methods()`). Frames are the combinations of the labels PHS, REP, ECO and SET. What cannot
    be reconstructed raises one sentence (ModelError)."""
    kspace.check(raw)
    if method != "auto" and method not in methods():
        raise ModelError(f"reconstruction: there is no method {method!r}; there are {', '.join(methods())}")
    for name, given in (("maps", maps), ("field", field)):
        if given is not None and tuple(given.shape[-3:]) != tuple(raw.grid.shape):
            raise ModelError(f"{name}: shape {given.shape}, where the image's grid is {tuple(raw.grid.shape)}")
    if maps is not None and maps.shape[:-3] != (raw.signal.shape[1],):
        raise ModelError(
            f"maps: {maps.shape[0]} sensitivities for {raw.signal.shape[1]} coils, where there must be one each"
        )
    if maps is not None and virtual_coils is not None:
        raise ModelError(
            "reconstruction: maps belong to the real coils, so they cannot be given together with virtual_coils"
        )
    if method == "auto" and maps is None and virtual_coils is None and raw.signal.shape[1] > VIRTUAL:
        virtual_coils = VIRTUAL
    if kspace.is_cartesian(raw) and field is None:
        return _cartesian(raw, method, maps, virtual_coils, options)
    return _free(raw, method, maps, field, virtual_coils, options)


def check_options(method: str, options: dict) -> None:
    """Raises ModelError where a method takes no such option, or not with such a value, whatever is sampled. What `auto` will choose
    is not known beforehand."""
    problems = [_problem(table[method], method, options) for table in (CARTESIAN, FREE) if method in table]
    if problems and all(problems):
        raise ModelError(problems[-1])


def _function(table: dict, method: str, options: dict, kind: str):
    if method not in table:
        raise ModelError(f"reconstruction: {method} does not take {kind} sampling; there are {', '.join(table)}")
    if problem := _problem(table[method], method, options):
        raise ModelError(problem)
    return table[method]


def _problem(function: Callable, method: str, options: dict) -> str:
    """What is wrong with the options of a method, in one sentence; empty where nothing is."""
    known = dict(list(inspect.signature(function).parameters.items())[1:])
    for name, value in options.items():
        if name not in known:
            return f"reconstruction: {method} has no option {name!r}; it has {', '.join(known)}"
        usual = known[name].default
        if type(usual) in (int, float) and not _right(name, usual, value):
            least = "at least 1" if name == "iterations" else "from 0 on"
            kind = "a whole number" if type(usual) is int else "a number"
            return f"reconstruction: {method}'s {name} = {value!r}, where {kind} {least} is right, as {usual}"
    return ""


def _right(name: str, usual: float, value: object) -> bool:
    """Whether a number can stand for this one."""
    if type(value) not in (int, float) or (type(usual) is int and type(value) is not int):
        return False
    return 0 <= value < math.inf and (value >= 1 or name != "iterations")  # pyright: ignore[reportOperatorIssue]


def suitable(part: plane.Plane) -> str:
    """The method for a Cartesian plane: fft if complete, pocs if one side is missing, grappa for every R-th line with a
    centre, cg-sense for other regular patterns, low-rank-sparse for undersampled films, l1-wavelet for the rest."""
    if part.mask.all():
        return "fft"
    if len(part.mask) >= 8 and not (part.mask[0] == part.mask[1]).all():
        return "low-rank-sparse"
    try:
        lines = part.lines(part.line_axis(), 0)
    except ModelError:
        return "l1-wavelet"
    there = np.flatnonzero(lines)
    if len(there) and lines[there[0] : there[-1] + 1].all():
        return "pocs"
    if part.data.shape[1] > 1 and plane.regular_step(lines):
        return "cg-sense"
    return "l1-wavelet"


def _finish(raw: RawData, data: np.ndarray, times: np.ndarray, labels: dict, method: str, more: dict) -> Image:
    data = np.moveaxis(data, 0, -1)
    if not np.isfinite(data).all():
        raise ModelError(f"reconstruction: {method} ended in NaN; the data are out of range")
    if not data.any():
        raise ModelError(f"reconstruction: {method} gave an empty image; the regularisation is larger than the signal")
    single = data.shape[-1] == 1
    info = dict(raw.info) | {"reconstruction": method, "B0": raw.B0} | {k: v.tolist() for k, v in labels.items()} | more
    return Image(
        data=np.ascontiguousarray(data[..., 0] if single else data, dtype=np.complex64),
        grid=raw.grid,
        frame_times=None if single else times,
        info=info,
    )


def _cartesian(raw, method, maps, virtual, options) -> Image:
    scan = kspace.sort_cartesian(raw)
    data = scan.data
    # Cut along an axis that is already in image space: the slices of a 2-D scan, the readout of a 3-D one.
    cut = 2 if 2 not in scan.axes else next(a for a in (0, 1) if a not in scan.axes)
    kept = [a for a in range(3) if a != cut]
    inner = tuple(kept.index(a) for a in scan.axes)
    out = np.zeros((len(data), *raw.grid.shape), np.complex64)
    for i in range(raw.grid.shape[cut]):
        slice_ = np.take(data, i, axis=2 + cut)
        if virtual is not None:
            slice_ = np.moveaxis(coils.compress(np.moveaxis(slice_, 1, 0), virtual)[0], 0, 1)
        part = plane.Plane(
            slice_,
            np.take(scan.mask, i, axis=1 + cut),
            inner,
            None if maps is None else np.take(maps, i, axis=1 + cut).astype(np.complex64),
        )
        if not part.mask.any():
            raise ModelError(f"raw data: no line of slice {i} was sampled, where every slice of the grid needs some")
        if not part.data.any():
            continue
        empty = [f for f in range(len(data)) if not part.mask[f].any()]
        if empty:
            raise ModelError(
                f"raw data: frame {empty[0]} of {len(data)} has no line, where every frame needs some; gate into fewer frames"
            )
        if method == "auto":
            method = suitable(part)
        function = _function(CARTESIAN, method, options, "Cartesian")
        where: list = [slice(None)] * 4
        where[1 + cut] = i
        out[tuple(where)] = function(part, **options)
    return _finish(raw, out, scan.times, scan.labels, method, {"noise_sigma": scan.sigma})


def _free(raw, method, maps, field, virtual, options) -> Image:
    trains = kspace.is_cartesian(raw)
    scan = kspace.sort_free(raw, trains)
    count = raw.signal.shape[1]
    method = ("cg-sense" if count > 1 or trains else "gridding") if method == "auto" else method
    kind = "a field map with Cartesian" if trains else "non-Cartesian"
    function = _function(FREE, method, options, kind)
    shape = raw.grid.shape
    out = np.zeros((len(scan.samples), *shape), np.complex64)
    for f in range(len(scan.samples)):
        for z in range(shape[2]):
            samples = scan.samples[f][z]
            if virtual is not None:
                samples = coils.compress(samples, virtual)[0]
            part = free.Free(
                samples,
                scan.k[f][z],
                scan.sample_times[f][z],
                (shape[0], shape[1]),
                None if maps is None else maps[..., z].astype(np.complex64),
                None if field is None else field[..., z],
            )
            # one brightness for both worlds: ρ of the signal equation s = Σ ρ exp(−2πi k·r)
            out[f, :, :, z] = function(part, **options) / np.sqrt(shape[0] * shape[1])
    return _finish(raw, out, scan.times, scan.labels, method, {})
