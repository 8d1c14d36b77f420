"""Solids in space: asked about points (n, 3) in mm, each answers which of them lie inside, (n,) bool.

A solid knows a box that holds it, so that far-off voxels need not ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

Vector = Sequence[float] | np.ndarray
EVERYWHERE = np.array([[-np.inf] * 3, [np.inf] * 3])


@dataclass(frozen=True, eq=False)
class Solid:
    """`inside` (n, 3) → (n,) and `bounds` (2, 3): the low and the high corner of a box around it, mm."""

    inside: Callable[[np.ndarray], np.ndarray]
    bounds: np.ndarray = field(default_factory=lambda: EVERYWHERE)

    def __call__(self, points: np.ndarray) -> np.ndarray:
        return self.inside(points)


def around(centre: Vector, reach: float | Vector) -> np.ndarray:
    """The box (2, 3) that reaches so far from a point."""
    centre, reach = np.asarray(centre, float), np.broadcast_to(np.asarray(reach, float), (3,))
    return np.array([centre - reach, centre + reach])


def turned(about: str, degrees: float) -> np.ndarray:
    """The rotation matrix (3, 3) about one of the world's axes, right-handed."""
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[about]
    matrix = np.eye(3)
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix[i, i] = matrix[j, j] = c
    matrix[i, j], matrix[j, i] = -s, s
    return matrix


def ellipsoid(centre: Vector, axes: Vector, rotation: np.ndarray | None = None) -> Solid:
    """An ellipsoid of these semi-axes; `rotation` turns them into the world's."""
    centre, axes = np.asarray(centre, float), np.asarray(axes, float)

    def inside(points: np.ndarray) -> np.ndarray:
        local = points - centre
        if rotation is not None:
            local = local @ rotation
        local = local / axes
        return np.einsum("ij,ij->i", local, local) <= 1

    return Solid(inside, around(centre, axes if rotation is None else axes.max()))


def sphere(centre: Vector, radius: float) -> Solid:
    return ellipsoid(centre, (radius, radius, radius))


def cylinder(centre: Vector, axis: Vector, radius: float, length: float) -> Solid:
    """A circular cylinder about `centre`, `length` long in all along `axis`."""
    centre, axis = np.asarray(centre, float), np.asarray(axis, float) / np.linalg.norm(axis)

    def inside(points: np.ndarray) -> np.ndarray:
        local = points - centre
        along = local @ axis
        across = np.einsum("ij,ij->i", local, local) - along**2
        return (np.abs(along) <= length / 2) & (across <= radius**2)

    return Solid(inside, around(centre, length / 2 * np.abs(axis) + radius))


def capsule(start: Vector, end: Vector, radius: float, radius_at_end: float | None = None) -> Solid:
    """A rod with round ends, tapered where the radius at its end differs."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    way = end - start
    wide = radius if radius_at_end is None else radius_at_end

    def inside(points: np.ndarray) -> np.ndarray:
        share = np.clip((points - start) @ way / (way @ way), 0, 1)
        away = points - start - share[:, None] * way
        return np.einsum("ij,ij->i", away, away) <= (radius + share * (wide - radius)) ** 2

    thick = max(radius, wide)
    return Solid(inside, np.array([np.minimum(start, end) - thick, np.maximum(start, end) + thick]))


def box(centre: Vector, size: Vector) -> Solid:
    """A box along the world's axes, by its edge lengths."""
    centre, half = np.asarray(centre, float), np.asarray(size, float) / 2
    return Solid(lambda points: np.all(np.abs(points - centre) <= half, axis=1), around(centre, half))


def tube(x: float, y: float, a: float, b: float, low: float = -np.inf, high: float = np.inf, power: float = 2) -> Solid:
    """An elliptic cylinder along z; a `power` above 2 makes it squarer, as a trunk is."""

    def inside(points: np.ndarray) -> np.ndarray:
        across = np.abs((points[:, 0] - x) / a) ** power + np.abs((points[:, 1] - y) / b) ** power
        return (across <= 1) & (points[:, 2] >= low) & (points[:, 2] <= high)

    return Solid(inside, np.array([[x - a, y - b, low], [x + a, y + b, high]]))


def spheres(centres: np.ndarray, radius: float) -> Solid:
    """Many equal balls."""
    from scipy.spatial import KDTree

    centres = np.asarray(centres, float)
    tree = KDTree(centres)
    return Solid(
        lambda points: np.isfinite(tree.query(points, distance_upper_bound=radius * (1 + 1e-12))[0]),
        np.array([centres.min(0) - radius, centres.max(0) + radius]),
    )


def where(condition: Callable[[np.ndarray], np.ndarray]) -> Solid:
    """All of space where a condition on the points holds."""
    return Solid(condition)


def both(*solids: Solid) -> Solid:
    low = np.max([solid.bounds[0] for solid in solids], axis=0)
    high = np.min([solid.bounds[1] for solid in solids], axis=0)
    return Solid(lambda points: np.logical_and.reduce([solid(points) for solid in solids]), np.array([low, high]))


def either(*solids: Solid) -> Solid:
    low = np.min([solid.bounds[0] for solid in solids], axis=0)
    high = np.max([solid.bounds[1] for solid in solids], axis=0)
    return Solid(lambda points: _any(solids, points), np.array([low, high]))


def _any(solids: Sequence[Solid], points: np.ndarray) -> np.ndarray:
    """In at least one of them; far ones are not asked."""
    answer = np.zeros(len(points), bool)
    if len(points):
        low, high = points.min(0), points.max(0)
        for solid in solids:
            if (solid.bounds[0] <= high).all() and (solid.bounds[1] >= low).all():
                answer |= solid(points)
    return answer


def without(solid: Solid, *others: Solid) -> Solid:
    def inside(points: np.ndarray) -> np.ndarray:
        answer = solid(points)
        answer[answer] = ~_any(others, points[answer])
        return answer

    return Solid(inside, solid.bounds)


def mirrored(solid: Solid) -> Solid:
    """The solid and its mirror image in the plane x = 0."""
    flip = np.array([-1.0, 1.0, 1.0])
    low, high = solid.bounds
    reach = max(abs(low[0]), abs(high[0]))
    bounds = np.array([[-reach, *low[1:]], [reach, *high[1:]]])
    return Solid(lambda points: solid(points) | solid(points * flip), bounds)
