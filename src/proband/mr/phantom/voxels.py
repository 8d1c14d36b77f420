"""A patient or phantom made of voxels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from proband.mr.space import Grid


class Motion(Protocol):
    """Where the patient's matter goes. Nothing is stored by voxel: a field of many frames would not fit in memory."""

    times: np.ndarray  # (frames,) s, the first is where the maps stand

    def shift(self, points: np.ndarray) -> np.ndarray:
        """(n, 3) m → (frames, n, 3) m: how far the matter that the maps show at these points has moved."""
        ...


@dataclass(frozen=True, eq=False)
class VoxelPatient:
    """Maps on one grid, all (nx, ny, nz) and for one field strength `B0` (T).

    `density`: water protons, 1 = pure water. `fat`: fat protons on the same scale (their T1, T2 and shift are the
    tissue table's). `labels` names the tissue of each voxel where one is known; `truth` holds what an image is compared
    with (lesion masks, true T1, true volumes)."""

    name: str
    grid: Grid
    B0: float
    density: np.ndarray
    T1: np.ndarray  # s
    T2: np.ndarray  # s
    T2_prime: np.ndarray  # s: 1/T2* = 1/T2 + 1/T2'
    fat: np.ndarray
    susceptibility: np.ndarray  # ppm, relative to vacuum (SI)
    permittivity: np.ndarray  # relative, at the Larmor frequency
    conductivity: np.ndarray  # S/m, at the Larmor frequency
    mass_density: np.ndarray  # kg/m³
    diffusion: np.ndarray  # m²/s
    labels: np.ndarray | None = None  # (nx, ny, nz) int
    tissues: tuple[str, ...] = ()  # names by label
    truth: Mapping[str, object] = field(default_factory=dict)
    velocity: np.ndarray | None = None  # (nx, ny, nz, 3) m/s, of flowing blood
    motion: Motion | None = None
    frame_at: Callable[[float], VoxelPatient] | None = None  # the patient as it stands at a time (s)
