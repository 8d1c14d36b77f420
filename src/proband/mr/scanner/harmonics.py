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
    "z4": lambda x, y, z: z**4 - 3 * z**2 * (x**2 + y**2) + 3 / 8 * (x**2 + y**2) ** 2,
}
ORDER = dict.fromkeys(HARMONICS, 2) | {"1": 0, "x": 1, "y": 1, "z": 1, "z3": 3, "z2x": 3, "z2y": 3, "z4": 4}


def up_to(order: int) -> tuple[str, ...]:
    """Names of all harmonics of an order and below."""
    return tuple(name for name, n in ORDER.items() if n <= order)
