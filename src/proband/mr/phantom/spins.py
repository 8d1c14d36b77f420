"""The patient as the spins' solver takes it: one row for each isochromat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Isochromats:
    """Spins at points. n isochromats, c transmit channels.

    Several isochromats may share a voxel (sub-voxel points; water and fat); `voxel` says which."""

    position: np.ndarray  # (n, 3) world, m
    density: np.ndarray  # (n,) share of the signal of a voxel full of water
    T1: np.ndarray  # (n,) s
    T2: np.ndarray  # (n,) s
    off_resonance: np.ndarray  # (n,) Hz: field, shim, susceptibility and chemical shift together
    transmit: np.ndarray  # (c, n) complex: B1+ of a channel as a share of the nominal one
    voxel: np.ndarray  # (n,) flat index into the patient's grid (C order)
    # (n,) m²/s; or (n, 6), tensors xx, yy, zz, xy, xz, yz: of a tissue with a grain, or where coils' gradients are bent
    diffusion: np.ndarray | None = None
    velocity: np.ndarray | None = None  # (n, 3) m/s
    shift: np.ndarray | None = None  # (frames, n, 3) m, displacement at the frames' times (breathing, beating)
    shift_times: np.ndarray | None = None  # (frames,) s
