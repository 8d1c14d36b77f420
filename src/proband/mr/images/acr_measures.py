"""The measures of the ACR phantom test, on images of `phantom.acr`: sizes in m, the image in the phantom's world.

Each takes one slice of an `Image` (the one whose middle lies nearest to the phantom's slice) and reads it at positions in
the world, so pixels, matrix and orientation of the image are free as long as it is axial."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr.images.image import Image
from proband.mr.images.quality import percent_integral_uniformity
from proband.mr.phantom import acr

MM = 1e-3


class Slice:
    """One slice of an image, read at x and y (m) of the world."""

    def __init__(self, image: Image, number: int):
        data = np.abs(np.asarray(image.data))
        if data.ndim == 4:
            data = data[..., 0]
        z = acr.SLICE_Z[number - 1] * MM
        steps = image.grid.affine[:3, :3] / image.grid.voxel
        if np.abs(steps[2, 2]) < 0.999:
            raise ModelError(f"the ACR measures need axial slices, but those of {image.name!r} are turned.")
        middles = image.grid.affine[2, 3] + image.grid.affine[2, 2] * np.arange(data.shape[2])
        k = int(np.abs(middles - z).argmin())
        if abs(middles[k] - z) > 5 * MM:
            raise ModelError(
                f"no slice of {image.name!r} lies within 5 mm of the phantom's slice {number} (z = {z:.3f} m)."
            )
        if not np.isfinite(data[:, :, k]).all():
            raise ModelError(f"image {image.name!r} holds numbers that are not finite.")
        self.pixels = data[:, :, k].astype(float)
        self.pixel = min(image.grid.voxel[:2])
        self._inverse = np.linalg.inv(image.grid.affine)
        self._z = middles[k]
        points = image.grid.points()[:, :, k]
        self.x, self.y = points[..., 0], points[..., 1]

    def at(self, x, y, order: int = 1) -> np.ndarray:
        """Values at positions; 0 outside of the image."""
        from scipy.ndimage import map_coordinates

        x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        place = np.stack([x, y, np.full(x.shape, self._z)], -1) @ self._inverse[:3, :3].T + self._inverse[:3, 3]
        return map_coordinates(self.pixels, [place[..., 0].ravel(), place[..., 1].ravel()], order=order).reshape(
            x.shape
        )

    def mean(self, mask: np.ndarray, what: str) -> float:
        if not mask.any():
            raise ModelError(f"the image does not show {what}; give it a larger field of view or smaller pixels.")
        return float(self.pixels[mask].mean())


def uniformity(image: Image) -> float:
    """Percent integral uniformity of slice 7: extremes of means over 1 cm² within a region of 200 cm²."""
    from scipy.signal import fftconvolve

    cut = Slice(image, 7)
    radius = np.sqrt(100e-6 / np.pi)
    reach = int(np.ceil(radius / cut.pixel))
    steps = [np.arange(-reach, reach + 1) * n for n in _pixel_edges(image)]
    disk = (steps[0][:, None] ** 2 + steps[1][None, :] ** 2 <= radius**2).astype(float)
    means = fftconvolve(cut.pixels, disk / disk.sum(), mode="same")
    region = cut.x**2 + cut.y**2 <= (np.sqrt(20000e-6 / np.pi) - radius) ** 2
    if not region.any():
        raise ModelError("the image does not show the middle of the phantom.")
    return percent_integral_uniformity(float(max(0.0, means[region].min())), float(means[region].max()))


def _pixel_edges(image: Image) -> tuple[float, float]:
    return image.grid.voxel[0], image.grid.voxel[1]


def ghosting(image: Image) -> float:
    """Percent signal ghosting of slice 7: 100 |(top + bottom) − (left + right)| / (2 large), regions beside the phantom of
    10 cm², 4 : 1. Needs a field of view of at least 220 mm."""
    cut = Slice(image, 7)
    large = cut.mean(cut.x**2 + cut.y**2 <= 20000e-6 / np.pi, "the phantom")
    field = max(np.abs(cut.x).max(), np.abs(cut.y).max())
    edge = (acr.DIAMETER / 2 + 6) * MM
    half = (field - edge) / 2
    middle = edge + half
    if half < 2 * cut.pixel:
        raise ModelError("ghosts are looked for beside the phantom: the field of view must be at least 220 mm.")
    short = min(half, np.sqrt(1000e-6 / np.pi / 4))
    parts = []
    for along, across, sign in ((cut.x, cut.y, 1), (cut.x, cut.y, -1), (cut.y, cut.x, 1), (cut.y, cut.x, -1)):
        mask = (along / (4 * short)) ** 2 + ((across - sign * middle) / short) ** 2 <= 1
        parts.append(cut.mean(mask, "the background beside the phantom"))
    top, bottom, left, right = parts
    return float(100 * abs((top + bottom) - (left + right)) / (2 * large))


def diameters(image: Image, number: int = 5, angles: tuple[float, ...] = (0, 45, 90, 135)) -> np.ndarray:
    """Diameters of the phantom along these angles (degrees), m; truth 0.190. Edges at half of the signal beside them."""
    cut = Slice(image, number)
    ring = np.hypot(cut.x, cut.y)
    inside = float(np.median(cut.pixels[(ring > 80 * MM) & (ring < 90 * MM)]))
    found = []
    for angle in np.radians(angles):
        r = np.arange(70 * MM, 110 * MM, cut.pixel / 20)
        ends = []
        for sign in (1, -1):
            profile = cut.at(sign * r * np.cos(angle), sign * r * np.sin(angle))
            above = np.flatnonzero(profile >= inside / 2)
            if not len(above) or above[-1] == len(r) - 1:
                raise ModelError("no edge of the phantom was found; is the field of view larger than it?")
            ends.append(r[above[-1]])
        found.append(sum(ends))
    return np.array(found)


def slice_thickness(image: Image) -> float:
    """Thickness of slice 1 from the two crossed ramps (m): 0.2 t b / (t + b), each length at half of its height."""
    cut = Slice(image, 1)
    lengths = []
    x = np.arange(-70 * MM, 70 * MM, cut.pixel / 10)
    for y in acr.RAMP_Y:
        rows = (y + np.linspace(-1.2, 1.2, 7)) * MM
        profile = np.mean([cut.at(x, row) for row in rows], axis=0)
        dark = float(np.median(np.concatenate([profile[:100], profile[-100:]])))
        rough = profile > dark + 0.5 * (profile.max() - dark)
        height = float(np.median(profile[rough])) if rough.any() else 0.0
        above = profile > dark + 0.5 * (height - dark)
        if height <= dark or not above.any():
            raise ModelError("the ramps of slice 1 are not to be seen.")
        span = np.flatnonzero(above)
        lengths.append((span[-1] - span[0] + 1) * (x[1] - x[0]))
    top, bottom = lengths
    return float(0.2 * top * bottom / (top + bottom))


def slice_position(image: Image, number: int = 1) -> float:
    """How far slice 1 or 11 lies from its place (m, positive up the z axis): half the difference of the wedges' lengths."""
    if number not in (1, 11):
        raise ModelError(f"only slices 1 and 11 show wedges, not slice {number}.")
    cut = Slice(image, number)
    y = np.arange(55 * MM, 90 * MM, cut.pixel / 10)
    bright = float(
        np.median(
            cut.pixels[(np.abs(cut.x) > 15 * MM) & (np.abs(cut.x) < 40 * MM) & (cut.y > 60 * MM) & (cut.y < 80 * MM)]
        )
    )
    ends = []
    for x in (-acr.WEDGE_X / 2, acr.WEDGE_X / 2):
        columns = (x + np.linspace(-2, 2, 5)) * MM
        profile = np.mean([cut.at(column, y) for column in columns], axis=0)
        dark = np.flatnonzero(profile < bright / 2)
        if not len(dark):
            raise ModelError(f"the wedges of slice {number} are not to be seen.")
        ends.append(y[dark[0]])
    return float((ends[0] - ends[1]) / 2)


def resolved(image: Image, least: float = 0.1) -> dict[float, tuple[bool, bool]]:
    """For each hole diameter (mm): are the holes of some row, and of some column, told apart?

    Told apart: all four holes are brighter than the gaps between them by `least` of the mean hole above the block."""
    cut = Slice(image, 1)
    block = float(
        np.percentile(cut.at(np.linspace(-45, -42, 8)[:, None] * MM, np.linspace(-55, -35, 12)[None] * MM), 50)
    )
    answer = {}
    for i, diameter in enumerate(acr.HOLES):
        arrays = acr.hole_centres(i).reshape(2, 4, 4, 2) * MM
        rows = arrays[0].transpose(1, 0, 2)  # holes along x
        columns = arrays[1]  # holes along y
        answer[diameter] = (_told_apart(cut, rows, block, least), _told_apart(cut, columns, block, least))
    return answer


def _told_apart(cut: Slice, lines: np.ndarray, block: float, least: float) -> bool:
    for line in lines:
        holes = cut.at(line[:, 0], line[:, 1])
        middle = (line[1:] + line[:-1]) / 2
        gaps = cut.at(middle[:, 0], middle[:, 1])
        if holes.min() - gaps.max() > least * max(holes.mean() - block, 1e-300):
            return True
    return False


def spokes(image: Image, number: int, threshold: float = 3.0) -> int:
    """Complete low-contrast spokes in slice 8 to 11, counted from the largest disks until one is incomplete.

    A disk is seen when its mean stands out of its surround by `threshold` standard errors (both told from the pixels
    beside it, which also follow shading: a plane is fitted to the surround). 3 is near what readers see (assumed)."""
    if number not in acr.CONTRAST:
        raise ModelError(f"slices 8 to 11 have spokes, not slice {number}.")
    cut = Slice(image, number)
    centres = acr.disk_centres(number) * MM
    covered = np.zeros(cut.pixels.shape, bool)
    for row, diameter in zip(centres, acr.DISKS, strict=True):
        for x, y in row:
            covered |= np.hypot(cut.x - x, cut.y - y) < diameter / 2 * MM + cut.pixel
    count = 0
    for row, diameter in zip(centres, acr.DISKS, strict=True):
        if not all(_stands_out(cut, x, y, diameter * MM, covered) > threshold for x, y in row):
            break
        count += 1
    return count


def _stands_out(cut: Slice, x: float, y: float, diameter: float, covered: np.ndarray) -> float:
    away = np.hypot(cut.x - x, cut.y - y)
    disk = away <= max(diameter / 2 - 0.3 * cut.pixel, 0.6 * cut.pixel)
    around = (away < 9 * MM) & ~covered & (np.hypot(cut.x, cut.y) < (acr.SHEET_RADIUS - 1) * MM)
    if not disk.any() or around.sum() < 10:
        return 0.0
    design = np.column_stack([np.ones(around.sum()), cut.x[around] - x, cut.y[around] - y])
    plane = np.linalg.lstsq(design, cut.pixels[around], rcond=None)[0]
    rest = cut.pixels[around] - design @ plane
    noise = float(np.sqrt((rest**2).sum() / max(1, len(rest) - 3)))
    level = plane[0] + plane[1] * (cut.x[disk] - x) + plane[2] * (cut.y[disk] - y)
    contrast = float((cut.pixels[disk] - level).mean())
    error = noise * np.sqrt(1 / disk.sum() + 1 / around.sum())
    return contrast / error if error > 0 else (np.inf if contrast > 0 else 0.0)
