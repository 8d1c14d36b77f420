"""A chest with a beating heart whose chambers hold what the circulation says.

What a cine should find is known: the ejection fraction of the volumes that went in. `frame_at(t)` gives the patient as it
stands at a time, which is what a gated scan of a steady magnetisation sees; `motion` moves the muscle's own spins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.phantom.chambers import ChamberVolumes, heart_of
from proband.mr.phantom.coronary_veins import TAKEN, coronary_veins
from proband.mr.phantom.shapes import Solid, both, either, ellipsoid, mirrored, tube, where, without
from proband.mr.phantom.tissues import tissue
from proband.mr.phantom.ventricles import Shapes, shapes, solids, truncated
from proband.mr.phantom.voxelise import Layer, voxelise
from proband.mr.phantom.voxels import VoxelPatient
from proband.mr.space import Grid

EXTENT = ((-0.175, 0.175), (-0.130, 0.130), (-0.125, 0.125))  # m
ARM = 48.0  # mm: radius of an arm (assumed: 30 cm around, between upper arm and forearm)
BESIDE = 4.0  # mm from the chest to an arm (assumed)
WIDEST = 0.28  # m from the middle to beyond the arms
INNER = tube(0, 0, 140, 95, power=2.4)  # the chest within its wall
# mm, outer apex in the world: left, forward, down; so far forward that the right ventricle lies behind the breastbone, and the
# apex against the chest's wall
APEX = np.array([-78.0, 67.0, -48.0])
MUSCLE = (
    125.0  # mL of left ventricular wall (assumed: 131 g in men, Petersen 2017 J Cardiovasc Magn Reson 19:18, 1.05 g/mL)
)

# ppm by which blood without oxygen is less diamagnetic: 0.27 ppm (cgs) of its red cells (Spees 2001 Magn Reson Med 45:533), in SI,
# at a haematocrit of 42 %.
WITHOUT_OXYGEN = 4 * np.pi * 0.27 * 0.42
MIXED = 0.27  # of the oxygen is taken from mixed venous blood at rest (assumed: usual)

WALLS = {"left wall": "myocardium", "right wall": "thin_wall", "atrial wall": "thin_wall"}


def axes() -> np.ndarray:
    """The heart's axes in the world as columns (3, 3): to the right ventricle, across, from apex to base."""
    to_base = np.array([0.62, -0.52, 0.59])
    to_base /= np.linalg.norm(to_base)
    to_right = np.array([0.75, 0.62, -0.2])
    to_right -= to_right @ to_base * to_base
    to_right /= np.linalg.norm(to_right)
    return np.column_stack([to_right, np.cross(to_base, to_right), to_base])


def _placed(solid: Solid) -> Solid:
    turn = axes()
    low, high = solid.bounds
    if not np.isfinite(solid.bounds).all():
        return Solid(lambda points: solid((points - APEX) @ turn))
    corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    corners = corners @ turn.T + APEX
    return Solid(lambda points: solid((points - APEX) @ turn), np.array([corners.min(0), corners.max(0)]))


@dataclass(frozen=True, eq=False)
class Beating:
    """How the left ventricle's matter moves: blood shrinks with its cavity, layers of muscle keep their volume.

    Beyond the outer wall the movement fades over 25 mm (assumed). Blood that leaves is not followed: its spins crowd
    together, so a cine's signal of blood should come from `frame_at`."""

    times: np.ndarray
    shape: Shapes

    def shift(self, points: np.ndarray) -> np.ndarray:
        """(n, 3) m → (frames, n, 3) m."""
        turn = axes()
        local = (np.asarray(points, float) * 1e3 - APEX) @ turn
        sh = self.shape
        centred = local - (0, 0, sh.middle[0])
        layer = self._layer(centred, 0)
        inside, wall = layer <= 0, np.clip(layer, 0, 1)
        grown = np.maximum(layer, 0) * sh.wall[0]
        unit = centred / np.column_stack([sh.b[0] + grown, sh.b[0] + grown, sh.a[0] + grown])
        share = self._volume(wall, 0)
        fade = np.exp(-np.maximum(layer - 1, 0) * sh.wall[0] / 25)
        moved = np.empty((len(self.times), *local.shape))
        for i in range(len(self.times)):
            w = sh.wall[i] * self._layer_of_volume(share, i)
            scale = np.column_stack([sh.b[i] + w, sh.b[i] + w, sh.a[i] + w])
            surface = centred * ([sh.b[i] / sh.b[0], sh.b[i] / sh.b[0], sh.a[i] / sh.a[0]])
            rim = unit * np.column_stack([sh.b[0] + wall * sh.wall[0]] * 2 + [sh.a[0] + wall * sh.wall[0]])
            new = np.where(inside[:, None], surface, unit * scale) + np.array([0, 0, sh.middle[i]])
            old = np.where(inside[:, None], centred, rim) + np.array([0, 0, sh.middle[0]])
            moved[i] = (new - old) * fade[:, None]
        return moved @ turn.T * 1e-3

    def _layer(self, centred: np.ndarray, i: int) -> np.ndarray:
        """0 at the inner wall, 1 at the outer one; at most 0 in the cavity."""
        sh = self.shape
        low, high = np.zeros(len(centred)), np.full(len(centred), 40.0)
        ring = np.hypot(centred[:, 0], centred[:, 1])

        def out(layer):
            w = layer * sh.wall[i]
            return (ring / (sh.b[i] + w)) ** 2 + (centred[:, 2] / (sh.a[i] + w)) ** 2 - 1

        for _ in range(45):
            half = (low + high) / 2
            outside = out(half) > 0
            low, high = np.where(outside, half, low), np.where(outside, high, half)
        return np.where(out(np.zeros(len(centred))) <= 0, 0.0, high)

    def _volume(self, layer: np.ndarray, i: int) -> np.ndarray:
        """Share of the muscle within a layer."""
        sh = self.shape
        inner, top = truncated(sh.a[i], sh.b[i], sh.top[i]), sh.top[i]
        all_ = truncated(sh.a[i] + sh.wall[i], sh.b[i] + sh.wall[i], top) - inner
        w = layer * sh.wall[i]
        return (truncated(sh.a[i] + w, sh.b[i] + w, top) - inner) / all_

    def _layer_of_volume(self, share: np.ndarray, i: int) -> np.ndarray:
        layers = np.linspace(0, 1, 201)
        return np.interp(share, self._volume(layers, i), layers)


def beating_heart(
    B0: float,
    voxel: float = 2.5e-3,
    *,
    volumes: ChamberVolumes | str = "healthy_man",
    time: float = 0.0,
    muscle: float = MUSCLE,
    frames: int = 24,
    arms: bool = False,
    **place: Any,
) -> VoxelPatient:
    """A chest at `B0` (T) with the heart as it stands at `time` (s) of its beat.

    `volumes`: chamber volumes over a beat, or the name of a patient whose circulation is run for them. `muscle`: mL of left
    ventricular wall. `arms`: whether they lie beside the chest, where a transmit coil feels them (left out, an image is smaller). `truth`: "volumes" (mL, now), "ejection_fraction" (%, of the beat), "axes", "apex" and "base" (m) for
    planning slices. Labels name each chamber, so that voxels can be counted."""
    beat = heart_of(volumes) if isinstance(volumes, str) else volumes
    if not isinstance(frames, int) or frames < 1:
        raise ModelError(f"a beat must have at least one frame, not {frames!r}.")
    if not 40 <= muscle <= 400:
        raise ModelError(f"the left ventricle's muscle must be 40 to 400 mL, but is {muscle!r}.")
    fullest = float(beat.LV.max())
    now = shapes(beat.at(time), fullest, muscle)
    heart = {name: _placed(solid) for name, solid in solids(now, 0).items()}
    blood = tissue("blood", B0)
    tissues = {n: blood.with_values(n, "as blood", T1=blood.T1) for n in ("left_ventricle", "left_atrium")}
    for n, taken in (("right_ventricle", MIXED), ("right_atrium", MIXED), ("coronary_vein", TAKEN)):
        chi = blood.susceptibility + taken * WITHOUT_OXYGEN
        tissues[n] = blood.with_values(n, "as blood, venous", susceptibility=chi)
    # Readers of maps mean the left ventricle's wall when they say myocardium; the thin walls have a name of their own.
    muscle_ = tissue("myocardium", B0)
    tissues["thin_wall"] = muscle_.with_values("thin_wall", "as myocardium", T1=muscle_.T1)
    layers = [
        *_chest(),
        *(_arms() if arms else ()),
        ("fat", both(heart.pop("fat"), INNER)),
        ("coronary_vein", both(_placed(coronary_veins(now)), INNER)),
        *[(n if n in tissues else WALLS[n], s) for n, s in heart.items()],
    ]
    base = APEX + axes()[:, 2] * float(now.middle[0] + now.top[0])
    truth = {
        "volumes": {n: float(v) for n, v in beat.at(time).items()},
        "ejection_fraction": beat.ejection_fraction,
        "period": beat.period,
        "axes": axes(),
        "apex": APEX * 1e-3,
        "base": base * 1e-3,
    }
    extent = ((-WIDEST, WIDEST), *EXTENT[1:]) if arms else EXTENT
    patient = voxelise("beating_heart", B0, extent, layers, voxel=voxel, tissues=tissues, truth=truth, **place)
    times = time + np.arange(frames) * beat.period / frames
    motion = Beating(times, shapes(beat.at(times), fullest, muscle))
    again = partial(_at, B0, voxel, beat, muscle, frames, place | {"arms": arms})
    return replace(patient, motion=motion, frame_at=again)


def _at(B0, voxel, beat, muscle, frames, place, time: float) -> VoxelPatient:
    return beating_heart(B0, voxel, volumes=beat, time=float(time), muscle=muscle, frames=frames, **place)


def _arms() -> list[Layer]:
    """Beside the chest, on the table."""
    middle, back = 168 + BESIDE + ARM, -25.0
    return [(tissue_, mirrored(tube(middle, back, ARM - less, ARM - less))) for tissue_, less in (("skin", 0), ("fat", 2), ("muscle", 6), ("cortical_bone", 37), ("yellow_marrow", 41))]  # fmt: skip


def _chest() -> list[Layer]:
    ribs = where(lambda p: np.abs((p[:, 2] + 0.35 * p[:, 1]) % 28 - 14) < 5)
    ring = without(tube(0, 0, 150, 104, power=2.4), tube(0, 0, 143, 97, power=2.4))
    return [
        ("skin", tube(0, 0, 168, 122, power=2.4)),
        ("fat", tube(0, 0, 166, 120, power=2.4)),
        ("muscle", tube(0, 0, 154, 108, power=2.4)),
        ("red_marrow", both(ring, ribs)),
        ("fat", INNER),
        ("lung", both(mirrored(tube(75, 0, 62, 92, power=2.4)), INNER)),
        ("muscle", both(INNER, tube(0, -78, 44, 30))),
        ("liver", both(INNER, where(lambda p: p[:, 2] < -70 - 0.005 * (p[:, 0] - 60) ** 2 - 0.003 * p[:, 1] ** 2))),
        ("cortical_bone", tube(0, -72, 20, 17)),
        ("red_marrow", tube(0, -72, 18.5, 15.5)),
        ("csf", tube(0, -96, 9, 7)),
        ("blood", tube(-26, -58, 11, 11)),  # descending aorta
        ("blood", tube(20, -10, 10, 10, low=20)),  # superior vena cava
        ("blood", either(tube(-4, 12, 14, 14, low=45), ellipsoid((-15, -20, 95), (14, 40, 14)))),  # ascending aorta and arch
    ]  # fmt: skip


def short_axis_grid(patient: VoxelPatient, pixel: float, thickness: float, width: float = 0.20) -> Grid:
    """A stack of short-axis slices over the left ventricle: (n, n, slices), the last axis from apex to base; lengths in m."""
    truth = patient.truth
    turn, apex, base = (np.asarray(truth[k]) for k in ("axes", "apex", "base"))
    long_axis = float((base - apex) @ turn[:, 2])
    n, slices = max(1, round(width / pixel)), int(np.ceil((long_axis + 0.01) / thickness))
    affine = np.eye(4)
    affine[:3, :3] = turn * [pixel, pixel, thickness]
    middle = apex + turn[:, 0] * 0.015
    affine[:3, 3] = middle - turn[:, 0] * pixel * (n - 1) / 2 - turn[:, 1] * pixel * (n - 1) / 2
    return Grid((n, n, slices), affine)
