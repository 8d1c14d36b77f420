"""The heart's own veins: small, but their blood has lost most of its oxygen, and so they bend the field in the wall they lie on.

They run on the left ventricle's outer wall, in the grooves beside the right one, and around its base to the right atrium.
Angles turn about the long axis from the side of the right ventricle towards the front."""

from __future__ import annotations

import numpy as np

from proband.mr.phantom.shapes import Solid, capsule, either
from proband.mr.phantom.ventricles import RIGHT_LENGTH, RIGHT_WALL, VALVES, Shapes

TAKEN = 0.71  # of their oxygen, at rest (coronary venous saturation 29 %: Messer 1962 J Clin Invest 41:725)
# mm, radius of the coronary sinus where it ends (9.0 by 11.7 mm across in 102 patients: Assessment of the coronary venous
# system using 256-slice computed tomography, PLoS One)
MOUTH = 5.2
BRANCH = 2.0  # mm, radius of the others where they end (assumed: they are 1.7 to 7.0 mm wide, Sun 2012 World J Cardiovasc Surg 2:91)
BEGIN = 0.25  # of the way from apex to base, where a branch can first be seen (assumed)
LATERAL = np.pi  # the left marginal vein, on the free wall's middle
PIECES = 8  # straight ones, of a branch


def coronary_veins(now: Shapes, i: int = 0) -> Solid:
    """All of them at time i, in the heart's axes (mm) with the outer apex at the origin."""
    height = np.linspace(BEGIN, 1, PIECES) * (now.middle[i] + now.top[i])
    front, below = _groove(now, i, 1, height), 2 * np.pi - _groove(now, i, -1, height)
    lateral = np.full(PIECES, LATERAL)
    behind = (below + lateral) / 2  # the posterior vein of the left ventricle
    branches = [
        rod
        for angle in (front, lateral, behind, below)
        for rod in _rods(now, i, angle, height, np.linspace(0.5, 1, PIECES) * BRANCH)
    ]
    # The great cardiac vein, from the front groove around the base; behind, it widens into the coronary sinus.
    around = np.linspace(front[-1], below[-1], 2 * PIECES)
    wide = np.interp(around, (front[-1], LATERAL, below[-1]), (BRANCH, BRANCH, MOUTH))
    return either(*branches, *_rods(now, i, around, height[-1] + VALVES + wide, wide))


def _rods(now: Shapes, i: int, angle: np.ndarray, height: np.ndarray, radius: np.ndarray) -> list[Solid]:
    """A vein through these places, touching the wall."""
    away = _outer(now, i, height) + radius
    places = np.stack([away * np.cos(angle), away * np.sin(angle), height], 1)
    return [capsule(*places[k : k + 2], *radius[k : k + 2]) for k in range(len(places) - 1)]


def _outer(now: Shapes, i: int, height: np.ndarray) -> np.ndarray:
    """How far the left ventricle's outer wall is from the axis, mm."""
    up = np.minimum(height - now.middle[i], now.top[i])
    return (now.b[i] + now.wall[i]) * np.sqrt(1 - (up / (now.a[i] + now.wall[i])) ** 2)


def _groove(now: Shapes, i: int, side: int, height: np.ndarray) -> np.ndarray:
    """The least angles (rad, to either side) at which a branch at these heights lies beside the right ventricle's wall."""
    angles, room = np.linspace(0, np.pi, 361), RIGHT_WALL + BRANCH
    out = _outer(now, i, height)[:, None] + BRANCH
    x, y = out * np.cos(angles) - now.aside[i], side * out * np.sin(angles)
    up = (height - now.middle[i])[:, None] / (RIGHT_LENGTH * (now.a[i] + now.wall[i]) + room)
    clear = (x / (now.p[i] + room)) ** 2 + (y / (now.q[i] + room)) ** 2 + up**2 > 1
    return angles[clear.argmax(1)]
