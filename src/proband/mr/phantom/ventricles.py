"""The shape of a heart whose chambers hold given volumes.

In the heart's own axes (mm): the first to the right ventricle, the second across, the third from the apex to the base.
The left ventricle is a truncated ellipsoid in a wall of constant volume (muscle does not shrink); the right one is what an
ellipsoid leaves beside the left; the atria are ellipsoids above the valves' plane. The outer apex stays where it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from proband.model import ModelError
from proband.mr.phantom.shapes import Solid, around, either

TRUNCATION = 0.35  # of the long semi-axis, above the equator (assumed: basal diameter 94 % of the widest)
SHORTENING = 0.20  # long axis ~ V^0.20: 15-17 % of length over a normal beat (mitral plane excursion 12-15 mm, assumed)
LONG_AXIS = (
    63.0  # mm, long semi-axis of a ventricle that holds 140 mL at its fullest (assumed: 85 mm from apex to base)
)
RIGHT_LENGTH = 0.93  # of the left ventricle's outer long semi-axis (assumed)
RIGHT_WALL = 3.5  # mm (assumed: 3-5 mm in adults)
ATRIAL_WALL = 2.0  # mm
VALVES = 2.0  # mm between ventricles and atria
FAT = 4.4  # mm on the ventricles (by echocardiography, people with healthy coronary arteries: Eroglu 2009 Nutr Metab Cardiovasc Dis 19:211)
GROOVE = 10.0  # mm of it above the ventricles, around the atria (assumed)
_SHAPE = np.pi * (2 / 3 + TRUNCATION - TRUNCATION**3 / 3)


def truncated(a: np.ndarray, b: np.ndarray, top: np.ndarray) -> np.ndarray:
    """Volume (mm³) of an ellipsoid of semi-axes b, b, a below the height `top` over its middle."""
    return np.pi * b**2 * (2 / 3 * a + top - top**3 / (3 * a**2))


@dataclass(frozen=True, eq=False)
class Shapes:
    """Sizes at n times, mm: left ventricle's inner semi-axes `a`, `b` and `wall`; right one's reach `p`; atria's radii."""

    a: np.ndarray
    b: np.ndarray
    wall: np.ndarray
    p: np.ndarray
    q: np.ndarray
    r_left: np.ndarray
    r_right: np.ndarray

    @property
    def top(self) -> np.ndarray:
        """Height of the valves' plane above the ellipsoids' middle."""
        return TRUNCATION * self.a

    @property
    def middle(self) -> np.ndarray:
        """Height of the ellipsoids' middle above the outer apex."""
        return self.a + self.wall

    @property
    def aside(self) -> np.ndarray:
        """How far the right ventricle's ellipsoid stands off the axis: in the left one's outer wall, so that the septum is the
        third of its turn that readers give it (two of six segments, Cerqueira 2002 Circulation 105:539)."""
        return self.b + self.wall


def shapes(volumes: dict[str, np.ndarray], fullest: float, muscle: float) -> Shapes:
    """Sizes from volumes in mL (arrays of n), the fullest volume of the left ventricle and its muscle's volume in mL.

    Raises ModelError where no such heart can be drawn."""
    LV, RV, LA, RA = (1e3 * np.atleast_1d(volumes[n]) for n in ("LV", "RV", "LA", "RA"))
    a = LONG_AXIS * (fullest / 140) ** (1 / 3) * (LV / (1e3 * fullest)) ** SHORTENING
    b = np.sqrt(LV / (_SHAPE * a))
    wall = _bisect(lambda w: truncated(a + w, b + w, TRUNCATION * a) - LV - 1e3 * muscle, 0.5, 60.0, a)
    q = 1.15 * (b + wall)
    p = _bisect(lambda p: _crescent(a, b, wall, p, q) - RV, 1.0, 250.0, a)
    return Shapes(a, b, wall, p, q, np.cbrt(LA / (4 / 3 * np.pi)), np.cbrt(RA / (4 / 3 * np.pi)))


def _bisect(function, low: float, high: float, like: np.ndarray) -> np.ndarray:
    """The root of a rising function of arrays."""
    lows, highs = np.full(like.shape, low), np.full(like.shape, high)
    if (function(lows) > 0).any() or (function(highs) < 0).any():
        raise ModelError(
            "no heart of these volumes can be drawn; are they mL, and is the muscle's volume 40 to 400 mL?"
        )
    for _ in range(40):
        half = (lows + highs) / 2
        above = function(half) > 0
        lows, highs = np.where(above, lows, half), np.where(above, half, highs)
    return (lows + highs) / 2


@cache
def _gauss() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(64)


def _crescent(a, b, wall, p, q) -> np.ndarray:
    """Volume (mm³) of the right ventricle: its ellipsoid below the valves' plane, less the left one with its wall, (n,)."""
    nodes, weights = _gauss()
    A, B, top = (a + wall)[:, None, None], (b + wall)[:, None, None], (TRUNCATION * a)[:, None, None]
    P, Q, L = p[:, None, None], q[:, None, None], RIGHT_LENGTH * A
    z = -L + (nodes[None, :, None] + 1) / 2 * (L + top)
    narrow = np.sqrt(np.maximum(0, 1 - (z / L) ** 2))
    y = Q * narrow * nodes[None, None, :]
    half = P * np.sqrt(np.maximum(0, narrow**2 - (y / Q) ** 2))
    left = np.sqrt(np.maximum(0, B**2 * np.maximum(0, 1 - (z / A) ** 2) - y**2))
    overlap = np.maximum(0, np.minimum(B + half, left) - np.maximum(B - half, -left))
    inner = ((2 * half - overlap) * weights).sum(2) * (Q * narrow)[:, :, 0]
    return (inner * weights).sum(1) * ((L + top)[:, 0, 0] / 2)


def solids(shape: Shapes, i: int) -> dict[str, Solid]:
    """The chambers and walls at time i, in the heart's axes with the outer apex at the origin; later ones cover earlier."""
    a, b, w, p, q = (float(v[i]) for v in (shape.a, shape.b, shape.wall, shape.p, shape.q))
    top, middle, aside = float(shape.top[i]), float(shape.middle[i]), float(shape.aside[i])
    base = middle + top

    def cut(axes, x: float, thick: float = 0.0) -> Solid:
        def inside(points: np.ndarray) -> np.ndarray:
            local = (points - (x, 0, middle)) / axes
            return (np.einsum("ij,ij->i", local, local) <= 1) & (points[:, 2] <= base + thick)

        return Solid(inside, around((x, 0, middle), axes))

    def atrium(r: float, x: float, y: float, grown: float) -> Solid:
        axes = np.array([0.85 * r, r, r / 0.85])
        centre = np.array([x, y, base + VALVES + axes[2]])

        def inside(points: np.ndarray) -> np.ndarray:
            local = (points - centre) / (axes + grown)
            return (np.einsum("ij,ij->i", local, local) <= 1) & (points[:, 2] > base)

        return Solid(inside, around(centre, axes + grown))

    left, right = float(shape.r_left[i]), float(shape.r_right[i])
    x_right = -6 + 0.85 * (left + right) + 4
    length = RIGHT_LENGTH * (a + w)
    t = RIGHT_WALL
    return {
        "fat": either(
            cut((b + w + FAT, b + w + FAT, a + w + FAT), 0, GROOVE),
            cut((p + t + FAT, q + t + FAT, length + t + FAT), aside, GROOVE),
        ),
        "atrial wall": Solid(
            lambda points: atrium(left, -6, -8, ATRIAL_WALL)(points) | atrium(right, x_right, 8, ATRIAL_WALL)(points)
        ),
        "left_atrium": atrium(left, -6, -8, 0),
        "right_atrium": atrium(right, x_right, 8, 0),
        "right wall": cut((p + t, q + t, length + t), aside, VALVES),
        "right_ventricle": cut((p, q, length), aside),
        "left wall": cut((b + w, b + w, a + w), 0),
        "left_ventricle": cut((b, b, a), 0),
    }
