"""Virtual observation points: few matrices that stand for all points of a body and never tell less than they do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from proband.model import ModelError

if TYPE_CHECKING:
    from proband.mr.scanner.fields import Fields


@dataclass(frozen=True, eq=False)
class ObservationPoints:
    """`matrices` (v, c, c) in W/kg per W with max over v of w^H M w ≥ the SAR of every point, for any w, and at most
    `excess` |w|² above the greatest. `core` (v,): the index of each one's point."""

    matrices: np.ndarray
    core: np.ndarray
    excess: float  # W/kg per W


@lru_cache(maxsize=8)
def points_of(fields: Fields, overestimate: float) -> ObservationPoints:
    """The observation points of a body in a coil, found once for all scans that share its fields."""
    return observation_points(fields.absorbed_local, overestimate)


def observation_points(Q: np.ndarray, overestimate: float = 0.05) -> ObservationPoints:
    """Compresses local matrices Q (points, c, c), Hermitian.

    Points are taken hottest first; one that exceeds a core B by no more than ε in any drive (the greatest eigenvalue of Q − B)
    is dropped, and every core is raised by ε times the unit matrix (Eichfelder and Gebhardt 2011, Magn Reson Med
    66:1468, with the unit matrix in place of their tailored one). ε is `overestimate` times the hottest point's greatest
    eigenvalue."""
    if not 0 < overestimate < 1:
        raise ModelError(
            f"the overestimate of observation points is {overestimate}; a share between 0 and 1 was expected."
        )
    if len(Q) == 0:
        raise ModelError("there are no local points to compress; the patient holds less than 5 g.")
    Q = np.asarray(Q).astype(complex)
    values, vectors = np.linalg.eigh(Q)
    top, drive = values[:, -1], vectors[:, :, -1]  # each point's greatest eigenvalue, and the drive that reaches it
    excess = overestimate * float(top.max())
    left = np.flatnonzero(top > excess)
    left = left[np.argsort(-top[left])]
    if len(left) == 0:
        left = np.array([int(top.argmax())])
    cores = []
    while len(left):
        core = left[0]
        cores.append(core)
        left = left[1:]
        # A point's own worst drive mostly tells at once that it exceeds the core; only the others need to be solved.
        v = drive[left]
        keep = top[left] - np.real(np.sum(v.conj() * (v @ Q[core].T), axis=1)) > excess
        doubt = left[~keep]
        if len(doubt):
            keep[~keep] = np.linalg.eigvalsh(Q[doubt] - Q[core])[:, -1] > excess
        left = left[keep]
    core = np.array(cores)
    return ObservationPoints(Q[core] + excess * np.eye(Q.shape[1]), core, excess)
