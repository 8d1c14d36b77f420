"""Pictures to look at: one slice as PNG, images side by side, and what differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from proband.model import ModelError
from proband.mr.images.image import Image
from proband.mr.images.quality import scaled_to


def upright(image: Image, slice_: int | None = None, frame: int = 0) -> np.ndarray:
    """One slice (rows, columns) of magnitudes as a reader looks at it: up is forward or up, the patient's right to the left."""
    data = np.asarray(image.data)
    data = data[..., frame] if data.ndim == 4 else data
    k = data.shape[2] // 2 if slice_ is None else slice_
    if not -data.shape[2] <= k < data.shape[2]:
        raise ModelError(f"image {image.name!r} has {data.shape[2]} slices, so there is no slice {k}.")
    plane = data[:, :, k]
    plane = np.abs(plane) if np.iscomplexobj(plane) else plane.astype(float)
    for axis in (0, 1):
        step = image.grid.affine[:3, axis]
        main = int(np.abs(step).argmax())
        if (step[main] > 0) == (axis == 1 or main != 2):
            plane = np.flip(plane, axis)
    return plane.T


def window(planes: Sequence[np.ndarray]) -> tuple[float, float]:
    """One grey scale for several planes: from their least value or zero to the 99.7th percentile."""
    every = np.concatenate([p[np.isfinite(p)].ravel() for p in planes])
    if not len(every):
        raise ModelError("an image without finite numbers cannot be shown.")
    low, high = min(0.0, float(every.min())), float(np.percentile(every, 99.7))
    return low, high if high > low else low + 1.0


def write_png(image: Image, file: str | Path, slice_: int | None = None, frame: int = 0, least: int = 256) -> Path:
    """One slice in grey, pixels square as they are in the world, enlarged to at least `least` columns."""
    from PIL import Image as Picture

    plane = upright(image, slice_, frame)
    low, high = window([plane])
    grey = (np.clip((np.nan_to_num(plane) - low) / (high - low), 0, 1) * 255).astype(np.uint8)
    times = max(1, int(np.ceil(least / grey.shape[1])))
    wide, tall = image.grid.voxel[0], image.grid.voxel[1]
    size = (grey.shape[1] * times, max(1, round(grey.shape[0] * times * tall / wide)))
    path = Path(file)
    Picture.fromarray(grey).resize(size, Picture.Resampling.NEAREST).save(path, format="PNG")
    return path


def write_comparison(
    images: Sequence[Image], file: str | Path, truth: Image | None = None, slice_: int | None = None, gain: float = 5.0
) -> Path:
    """Images of one grid side by side on one grey scale; below each, where a truth is given, `gain` times its difference.

    Images are first scaled to the truth, as a scanner's grey values have no unit."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if not images:
        raise ModelError("a comparison needs at least one image.")
    shown = list(images) if truth is None else [truth, *images]
    if truth is not None and any(np.shape(i.data) != np.shape(truth.data) for i in images):
        raise ModelError("images of another shape than the truth's cannot be compared with it; bring them to one grid.")
    planes = [upright(i, slice_) for i in shown]
    if truth is not None:
        planes = [planes[0], *(scaled_to(p, planes[0]) for p in planes[1:])]
    low, high = window(planes)
    rows = 1 if truth is None else 2
    figure = Figure(figsize=(3 * len(planes), 3.3 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    for column, (image, plane) in enumerate(zip(shown, planes, strict=True)):
        aspect = image.grid.voxel[1] / image.grid.voxel[0]
        axes = figure.add_subplot(rows, len(planes), column + 1)
        axes.imshow(plane, cmap="gray", vmin=low, vmax=high, aspect=aspect, interpolation="nearest")
        axes.set_title(image.name, fontsize=9)
        axes.set_axis_off()
        if truth is not None and column:
            axes = figure.add_subplot(rows, len(planes), len(planes) + column + 1)
            reach = (high - low) / gain
            axes.imshow(
                plane - planes[0], cmap="RdBu_r", vmin=-reach, vmax=reach, aspect=aspect, interpolation="nearest"
            )
            axes.set_title(f"difference × {gain:g}", fontsize=9)
            axes.set_axis_off()
    path = Path(file)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    return path
