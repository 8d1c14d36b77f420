"""An image or a map, with its place in the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from proband.mr.space import Grid


@dataclass(frozen=True, eq=False)
class Image:
    """`data` (nx, ny, nz) or (nx, ny, nz, frames), real or complex, in `unit` ("1" for a weighted image)."""

    data: np.ndarray
    grid: Grid
    name: str = "image"
    unit: str = "1"
    frame_times: np.ndarray | None = None  # s
    info: Mapping[str, object] = field(default_factory=dict)  # TE, TR, flip angle, field strength, …
