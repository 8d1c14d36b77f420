"""From voxels to spins: regular points in each voxel, water and fat apart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

import numpy as np

from proband.model import ModelError
from proband.mr.phantom.spins import Isochromats
from proband.mr.phantom.tissues import GAMMA, tissue
from proband.mr.phantom.voxels import VoxelPatient
from proband.mr.scanner.fields import Fields
from proband.mr.space import Grid

FAT_SHIFT = -3.4  # ppm from water, the methylene peak
# Shift from water (ppm) and share of six peaks of fat: the spectrum of the ISMRM fat-water toolbox (Hernando 2012).
FAT_PEAKS = ((-3.80, 0.087), (-3.40, 0.693), (-2.60, 0.128), (-1.94, 0.004), (-0.39, 0.039), (0.60, 0.049))


def isochromats(
    patient: VoxelPatient,
    fields: Fields | None = None,
    *,
    per_voxel: Sequence[int] = (1, 1, 1),
    fat: bool | Literal["peaks"] = True,
    region: np.ndarray | None = None,
    spoiler: Sequence[float] | None = None,
    t2_prime: Literal["none", "rate", "lorentzian"] = "none",
    nodes: int = 4,
    nominal: float | None = None,
    least: float = 1e-4,
    dtype: type = np.float32,
) -> Isochromats:
    """Spins of a patient in a scanner's fields (none: perfect ones, one channel).

    `per_voxel`: points along the grid's axes, in the middles of equal parts of the voxel: so a spoiler of whole cycles a
    voxel, fewer than the points, cancels exactly. `spoiler` (3,), cycles/m in the world: the points are stretched so that
    they span whole cycles of it also where the voxel does not (up to 1.5 times the voxel; a spoiler below half a cycle a
    voxel is left to the neighbours). `fat`: a pool of its own at −3.4 ppm, "peaks" for six, False for water only.
    `region` (nx, ny, nz) bool keeps those voxels. `t2_prime`: "lorentzian" gives each point `nodes` spins whose offsets
    decay together as exp(−t/T2′) up to t = 1.5 T2′ (`lorentzian_error` says how well), "rate" puts the rate into 1/T2 (right for
    gradient echoes, wrong for spin echoes), "none" leaves to the field map what dephases. `nominal`: B1+ in T/√W that
    counts as 1; without it, the mean over the chosen voxels of the field of all channels, equal in amplitude and in phase
    in the middle. Voxels with fewer protons than `least` are empty.

    Positions move by `patient.motion`. Raises ModelError where maps do not match or points are too few for a spoiler."""
    points = _points(per_voxel)
    chosen = _chosen(patient, region, least)
    grid = patient.grid
    index = np.stack(np.unravel_index(chosen, grid.shape), -1)
    stretch = _stretch(grid, per_voxel, spoiler)
    inner = points * stretch
    k = len(points)

    transmit, field_at = _fields(patient, fields, chosen, nominal)
    pools = [(patient.density, patient.T1, patient.T2, 0.0, 1.0)]
    if fat:
        own = tissue("fat", patient.B0)
        peaks = FAT_PEAKS if fat == "peaks" else ((FAT_SHIFT, 1.0),)
        pools += [(patient.fat, own.T1, own.T2, shift * 1e-6 * GAMMA * patient.B0, share) for shift, share in peaks]
    width = nodes if t2_prime == "lorentzian" else 1
    offsets, weights = map(np.array, lorentzian_nodes(nodes) if t2_prime == "lorentzian" else ((0.0,), (1.0,)))

    rows = []
    for protons, T1, T2, shift, share in pools:
        amount = protons.ravel()[chosen] * share
        keep = np.flatnonzero(amount > least * share)
        if not len(keep):
            continue
        here, each = chosen[keep], k * width
        place = (index[keep][:, None, :] + inner[None]).reshape(-1, 3)
        field = field_at(place) + shift
        rate = 1 / (2 * np.pi * patient.T2_prime.ravel()[here])
        T2s = T2.ravel()[here] if isinstance(T2, np.ndarray) else np.full(len(here), T2)
        if t2_prime == "rate":
            T2s = 1 / (1 / T2s + 2 * np.pi * rate)
        spread = (rate[:, None, None] * offsets[None, None, :] + np.zeros((1, k, 1))).ravel()
        T1s = T1.ravel()[here] if isinstance(T1, np.ndarray) else np.full(len(here), T1)
        rows.append(
            {
                "position": np.repeat(place @ grid.affine[:3, :3].T + grid.affine[:3, 3], width, axis=0).astype(dtype),
                "density": (amount[keep][:, None, None] / k * np.broadcast_to(weights, (k, width)))
                .ravel()
                .astype(dtype),
                "T1": np.repeat(T1s, each).astype(dtype),
                "T2": np.repeat(T2s, each).astype(dtype),
                "off_resonance": (np.repeat(field, width) + spread).astype(dtype),
                "pick": np.repeat(keep, each),
            }
        )
    if not rows:
        raise ModelError(f"{patient.name} has no spins in the chosen region.")
    whole = {key: np.concatenate([row[key] for row in rows]) for key in rows[0]}
    pick = whole.pop("pick")
    voxel = chosen[pick]
    flowing = None if patient.velocity is None else patient.velocity.reshape(-1, 3)[voxel].astype(dtype)
    motion = patient.motion
    shift = None if motion is None else motion.shift(whole["position"]).astype(dtype)
    return Isochromats(
        **whole,
        transmit=transmit[:, pick],
        voxel=voxel,
        diffusion=patient.diffusion.ravel()[voxel].astype(dtype),
        velocity=flowing,
        shift=shift,
        shift_times=None if motion is None else np.asarray(motion.times),
    )


def _points(per_voxel: Sequence[int]) -> np.ndarray:
    counts = list(per_voxel)
    if len(counts) != 3 or not all(isinstance(n, (int, np.integer)) and 1 <= n <= 64 for n in counts):
        raise ModelError(f"per_voxel must be three whole numbers from 1 to 64, but is {per_voxel!r}.")
    axes = [(np.arange(n) + 0.5) / n - 0.5 for n in counts]
    return np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3)


def _chosen(patient: VoxelPatient, region: np.ndarray | None, least: float) -> np.ndarray:
    if region is not None and np.shape(region) != patient.grid.shape:
        raise ModelError(
            f"the region has shape {np.shape(region)}, but the patient {patient.grid.shape}; give one bool a voxel."
        )
    some = patient.density + patient.fat > least
    chosen = np.flatnonzero(some if region is None else some & np.asarray(region, bool))
    if not len(chosen):
        raise ModelError(f"{patient.name} has no spins in the chosen region.")
    return chosen


def _stretch(grid: Grid, per_voxel: Sequence[int], spoiler: Sequence[float] | None) -> np.ndarray:
    stretch = np.ones(3)
    if spoiler is None:
        return stretch
    moment = np.asarray(spoiler, float)
    if moment.shape != (3,) or not np.isfinite(moment).all():
        raise ModelError(f"a spoiler must be three numbers of cycles/m, but is {spoiler!r}.")
    cycles = np.abs(moment @ grid.affine[:3, :3])  # along each edge of a voxel
    axis = int(cycles.argmax())
    if cycles[axis] < 0.5:
        return stretch
    whole = max(1, round(cycles[axis]))
    if per_voxel[axis] <= whole:
        raise ModelError(
            f"a spoiler of {cycles[axis]:.2f} cycles a voxel needs at least {whole + 1} points along the grid's axis {axis}, "
            f"but per_voxel has {per_voxel[axis]}: with fewer it refocuses."
        )
    stretch[axis] = min(1.5, whole / cycles[axis])
    return stretch


def _fields(patient: VoxelPatient, fields: Fields | None, chosen: np.ndarray, nominal: float | None):
    """Transmit field (c, voxels) as a share of the nominal one, and a function from indices (n, 3) to off-resonance (n,)."""
    if fields is None:
        return np.ones((1, len(chosen)), np.complex64), lambda place: np.zeros(len(place))
    if abs(fields.B0 - patient.B0) > 0.02 * patient.B0:
        raise ModelError(
            f"the fields are for {fields.B0:g} T, but the patient is for {patient.B0:g} T; build both for one."
        )
    if fields.off_resonance.shape != fields.grid.shape or fields.transmit.shape[1:] != fields.grid.shape:
        raise ModelError("the maps of the fields do not have the shape of their grid.")
    to_fields = np.linalg.inv(fields.grid.affine) @ patient.grid.affine
    same = patient.grid.shape == fields.grid.shape and np.allclose(to_fields, np.eye(4), atol=1e-6)
    if same:
        transmit = fields.transmit.reshape(len(fields.transmit), -1)[:, chosen]
    else:
        place = np.stack(np.unravel_index(chosen, patient.grid.shape), -1) @ to_fields[:3, :3].T + to_fields[:3, 3]
        beyond = (place < -1) | (place > np.array(fields.grid.shape))
        if beyond.any():
            raise ModelError("the fields' grid does not cover the patient; compute them on the patient's grid.")
        transmit = np.stack([_between(channel, place) for channel in fields.transmit])
    if nominal is None:
        middle = np.stack(np.unravel_index(chosen, patient.grid.shape), -1)
        core = np.argsort(((middle - middle.mean(0)) ** 2).sum(1))[: max(1, len(chosen) // 50)]
        phase = np.angle(transmit[:, core].sum(1))
        nominal = float(np.abs(np.exp(-1j * phase) @ transmit).mean())
    if not nominal > 0:
        raise ModelError("the transmit field is zero all over the patient; nothing can be excited.")

    def field_at(place: np.ndarray) -> np.ndarray:
        return _between(fields.off_resonance, place if same else place @ to_fields[:3, :3].T + to_fields[:3, 3])

    return (transmit / nominal).astype(np.complex64), field_at


def _between(values: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Linear interpolation at indices (n, 3); the outermost voxels go on beyond the edge."""
    from scipy.ndimage import map_coordinates

    kind = np.complex128 if np.iscomplexobj(values) else np.float64
    return map_coordinates(values, place.T, order=1, mode="nearest", output=kind)


@cache
def lorentzian_nodes(count: int, reach: float = 1.5) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Offsets (in half widths of the line) and shares of `count` spins that together decay as exp(−t/T2′) to t = reach · T2′.

    Quantiles of a Lorentzian do so badly when few; these are fitted. Beyond `reach` the few spins come back into phase;
    at its beginning a real line falls as steeply as only very many spins can. `lorentzian_error` tells how well it is met."""
    from scipy.optimize import least_squares

    if count < 2 or count % 2 or count > 16:
        raise ModelError(f"a line needs an even number of spins, 2 to 16, but nodes is {count!r}.")
    half = count // 2
    t = np.linspace(0, reach, 300)

    def shares(x: np.ndarray) -> np.ndarray:
        weights = np.exp(x[half:] - x[half:].max())
        return weights / weights.sum()

    start = np.concatenate([(np.arange(half) + 0.5) * np.pi / reach, -np.log(1 + np.arange(half) ** 2)])
    fit = least_squares(lambda x: np.cos(np.outer(t, x[:half])) @ shares(x) - np.exp(-t), start).x
    order = np.argsort(np.abs(fit[:half]))
    offsets, weights = np.abs(fit[:half])[order], shares(fit)[order] / 2
    return (*(float(-f) for f in offsets[::-1]), *map(float, offsets)), (
        *map(float, weights[::-1]),
        *map(float, weights),
    )


def lorentzian_error(count: int, reach: float = 1.5) -> float:
    """The largest difference of the spins' mean from exp(−t/T2′) until t = reach · T2′."""
    offsets, shares = lorentzian_nodes(count, reach)
    t = np.linspace(0, reach, 1000)
    return float(np.abs(np.cos(np.outer(t, offsets)) @ np.array(shares) - np.exp(-t)).max())
