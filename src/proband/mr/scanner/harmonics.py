"""Real solid harmonics, as shim coils are named: each obeys Laplace's equation."""

from __future__ import annotations

import numpy as np

# By order; x, y, z in m.
HARMONICS = {
    "1": lambda x, y, z: np.ones(np.broadcast_shapes(np.shape(x), np.shape(y), np.shape(z))),
    "x": lambda x, y, z: x + 0 * y + 0 * z,
    "y": lambda x, y, z: y + 0 * x + 0 * z,
    "z": lambda x, y, z: z + 0 * x + 0 * y,
    "z2": lambda x, y, z: z**2 - (x**2 + y**2) / 2,
    "zx": lambda x, y, z: z * x + 0 * y,
    "zy": lambda x, y, z: z * y + 0 * x,
    "x2-y2": lambda x, y, z: x**2 - y**2 + 0 * z,
    "xy": lambda x, y, z: x * y + 0 * z,
    "z3": lambda x, y, z: z**3 - 1.5 * z * (x**2 + y**2),
    "z2x": lambda x, y, z: x * (4 * z**2 - x**2 - y**2),
    "z2y": lambda x, y, z: y * (4 * z**2 - x**2 - y**2),
    "z(x2-y2)": lambda x, y, z: z * (x**2 - y**2),
    "xyz": lambda x, y, z: x * y * z,
    "x3": lambda x, y, z: x**3 - 3 * x * y**2 + 0 * z,
    "y3": lambda x, y, z: 3 * x**2 * y - y**3 + 0 * z,
    "z4": lambda x, y, z: z**4 - 3 * z**2 * (x**2 + y**2) + 3 / 8 * (x**2 + y**2) ** 2,
    "z3x": lambda x, y, z: z * x * (4 * z**2 - 3 * (x**2 + y**2)),
    "z3y": lambda x, y, z: z * y * (4 * z**2 - 3 * (x**2 + y**2)),
    "z2(x2-y2)": lambda x, y, z: (6 * z**2 - x**2 - y**2) * (x**2 - y**2),
    "z2xy": lambda x, y, z: (6 * z**2 - x**2 - y**2) * x * y,
    "zx3": lambda x, y, z: z * (x**3 - 3 * x * y**2),
    "zy3": lambda x, y, z: z * (3 * x**2 * y - y**3),
    "x4": lambda x, y, z: x**4 - 6 * x**2 * y**2 + y**4 + 0 * z,
    "y4": lambda x, y, z: x * y * (x**2 - y**2) + 0 * z,
}
# An order has two harmonics more than the one before.
ORDER = {name: int(np.sqrt(place)) for place, name in enumerate(HARMONICS)}


def up_to(order: int) -> tuple[str, ...]:
    """Names of all harmonics of an order and below."""
    return tuple(name for name, n in ORDER.items() if n <= order)
