"""Where things are. World axes are those of NIfTI (RAS+: +x to the patient's right, +y forward, +z to the head), in m.

The isocentre is the origin, the bore runs along z, and the gradients' axes are the world's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Grid:
    """A box of voxels: `shape` (nx, ny, nz) and `affine` (4, 4), voxel index → world in m (voxel centres)."""

    shape: tuple[int, int, int]
    affine: np.ndarray

    @classmethod
    def centred(cls, shape: tuple[int, int, int], voxel: tuple[float, float, float]) -> Grid:
        """Voxels of this size (m), the middle of the box at the isocentre, axes along the world's."""
        affine = np.diag([*voxel, 1.0])
        affine[:3, 3] = [-(n - 1) / 2 * v for n, v in zip(shape, voxel, strict=True)]
        x, y, z = shape
        return cls((int(x), int(y), int(z)), affine)

    @property
    def voxel(self) -> tuple[float, float, float]:
        """Edge lengths of a voxel, m."""
        x, y, z = np.linalg.norm(self.affine[:3, :3], axis=0)
        return float(x), float(y), float(z)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    def points(self) -> np.ndarray:
        """World positions of all voxel centres, (nx, ny, nz, 3), m."""
        index = np.stack(np.meshgrid(*[np.arange(n) for n in self.shape], indexing="ij"), axis=-1)
        return index @ self.affine[:3, :3].T + self.affine[:3, 3]
