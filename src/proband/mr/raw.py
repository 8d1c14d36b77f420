"""Raw data of one scan: what the receivers heard and where in k-space they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from proband.mr.space import Grid


@dataclass(frozen=True, eq=False)
class RawData:
    """Readouts of one scan.

    `signal` (readouts, coils, samples), complex64; `trajectory` (readouts, samples, 3), cycles/m in world axes;
    `times` (readouts, samples), s; `labels`: one int array (readouts,) for each Pulseq label; `noise` (coils, coils),
    covariance of the complex noise of one sample. `grid` is the image that was asked for (its matrix and place)."""

    signal: np.ndarray
    trajectory: np.ndarray
    times: np.ndarray
    labels: Mapping[str, np.ndarray]
    noise: np.ndarray
    grid: Grid
    B0: float
    info: Mapping[str, object] = field(default_factory=dict)  # TE, TR, flip angle, sequence name, …
