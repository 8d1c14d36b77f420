"""Breathing: the diaphragm pushes the organs of the abdomen down and the front of the trunk forward."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from proband.model import ModelError


@dataclass(frozen=True, eq=False)
class Breathing:
    """Displacement of the abdomen from end of expiration. Lengths in m, times in s.

    Down and up: |sin|-shaped with a pause at the end of expiration, cos^4 after Lujan 1999 Med Phys 26:715. Amplitudes:
    liver 13 mm in quiet breathing (Clifford 2002 Comput Aided Surg 7:241, as remembered: 10-25 mm), wall 5 mm (assumed).
    A smooth field: full under the diaphragm, fading towards the pelvis, the spine and the wall of the trunk."""

    amplitude: float = 0.013
    forward: float = 0.005
    period: float = 4.0
    frames: int = 16
    trunk: tuple[float, float] = (0.155, 0.105)  # semi-axes of the trunk
    fade: tuple[float, float] = (-0.12, 0.02)  # z below which nothing, above which all moves
    times: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        if not (self.period > 0 and self.frames >= 1 and 0 <= self.amplitude <= 0.05 and 0 <= self.forward <= 0.03):
            raise ModelError(
                f"breathing of {self.amplitude} m down and {self.forward} m forward every {self.period} s cannot be; "
                "give 0 to 0.05 m, 0 to 0.03 m and a period above zero."
            )
        object.__setattr__(self, "times", np.arange(self.frames) * self.period / self.frames)

    def depth(self, times: np.ndarray) -> np.ndarray:
        """Share of a full breath, 0 at end of expiration."""
        return 1 - np.cos(np.pi * np.asarray(times) / self.period) ** 4

    def field(self, points: np.ndarray) -> np.ndarray:
        """Displacement (n, 3) at full breath."""
        x, y, z = np.asarray(points).T
        rho = np.clip((x / self.trunk[0]) ** 2 + (y / self.trunk[1]) ** 2, 0, 1)
        step = np.clip((z - self.fade[0]) / (self.fade[1] - self.fade[0]), 0, 1)
        down = step * step * (3 - 2 * step)
        front = np.clip((y + 0.03) / 0.09, 0, 1)
        spine = np.clip((y + 0.07) / 0.05, 0, 1)
        shift = np.zeros((len(x), 3))
        shift[:, 1] = self.forward * down * front * front * (3 - 2 * front)
        shift[:, 2] = -self.amplitude * down * (1 - rho**2) * spine * spine * (3 - 2 * spine)
        return shift

    def shift(self, points: np.ndarray) -> np.ndarray:
        """(n, 3) → (frames, n, 3), m."""
        return self.depth(self.times)[:, None, None] * self.field(points)[None]
