"""The fields of a scanner inside a patient, on the patient's grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proband.mr.space import Grid


@dataclass(frozen=True, eq=False)
class Fields:
    """c transmit channels, r receive coils; maps (…, nx, ny, nz).

    Complex fields are phasors in the rotating frame. `transmit` is B1+ in T per √W of forward power into one channel;
    `receive` is the sensitivity by reciprocity, in V of a receive chain normalised to noise of 1 V²/Hz at body
    temperature before `noise_covariance` (r, r), dimensionless, correlates it: so SNR comes out of the physics.
    `absorbed_global` (c, c) and `absorbed_local` (points, c, c), Hermitian, W/kg per W: SAR = w^H Q w."""

    grid: Grid
    B0: float
    off_resonance: np.ndarray  # (nx, ny, nz) Hz, of water: magnet, patient's susceptibility, shim
    transmit: np.ndarray  # (c, nx, ny, nz)
    receive: np.ndarray  # (r, nx, ny, nz)
    noise_covariance: np.ndarray  # (r, r)
    absorbed_global: np.ndarray  # (c, c)
    absorbed_local: np.ndarray  # (points, c, c), 10 g averages
    absorbed_head: np.ndarray | None = None  # (c, c)
