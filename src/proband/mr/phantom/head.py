"""A head with a folded cortex, made of formulas: the same at any resolution.

Sulci are the zero lines of a sum of plane waves on the sphere, drawn inwards to a varying depth. Grey matter is what
lies within a ribbon's width of the brain's surface or of a sulcus; so the cortex follows each fold at its thickness."""

from __future__ import annotations

from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.phantom.shapes import (
    Solid,
    around,
    both,
    capsule,
    either,
    ellipsoid,
    mirrored,
    sphere,
    tube,
    turned,
    where,
    without,
)
from proband.mr.phantom.voxelise import Layer, voxelise
from proband.mr.phantom.voxels import VoxelPatient

EXTENT = ((-0.096, 0.096), (-0.120, 0.120), (-0.144, 0.096))  # m
CORTEX = 2.6  # mm, mean cortical thickness 2.5 (Fischl & Dale 2000 PNAS 97:11050)
SULCUS = 0.6  # mm, half the width of a sulcus (assumed)
SPACING = 9.5  # mm between sulci (assumed)
DEPTH = (11.0, 26.0)  # mm, sulci from shallow to deep (assumed)


def _waves(count: int, wavenumber: float) -> tuple[np.ndarray, np.ndarray]:
    """Wave vectors (count, 3) on a Fibonacci sphere and their phases: fixed, irregular, no random numbers."""
    i = np.arange(count) + 0.5
    golden = (1 + 5**0.5) / 2
    z, turn = 1 - 2 * i / count, 2 * np.pi * i / golden
    ring = np.sqrt(1 - z**2)
    vectors = wavenumber * np.stack([ring * np.cos(turn), ring * np.sin(turn), z], 1)
    return vectors, 2 * np.pi * ((np.arange(count) * golden * golden) % 1)


def _hull(points: np.ndarray, centre, axes, below: float) -> tuple[np.ndarray, np.ndarray]:
    """Share of the way out to an ellipsoid that is flatter below (n,), and the distance from the middle (n,), mm."""
    local = points - np.asarray(centre)
    scaled = local / np.asarray(axes)
    scaled[:, 2] = np.where(local[:, 2] > 0, scaled[:, 2], local[:, 2] / below)
    return np.sqrt(np.einsum("ij,ij->i", scaled, scaled)), np.sqrt(np.einsum("ij,ij->i", local, local))


def shell(axes, below: float, centre=(0.0, 0.0, 0.0)) -> Solid:
    reach = (axes[0], axes[1], max(axes[2], below))
    return Solid(lambda points: _hull(points, centre, axes, below)[0] <= 1, around(centre, reach))


class Folds:
    """The distance field of a folded surface: `csf`, `grey` and `white` divide its inside."""

    def __init__(self, centre, axes, below: float, spacing: float, depth, ribbon: float, gap: float, fissure: bool):
        self.centre, self.axes, self.below = np.asarray(centre, float), np.asarray(axes, float), below
        self.depth, self.ribbon, self.gap, self.fissure = depth, ribbon, gap, fissure
        # Zero lines of waves of length L lie about L/2 apart.
        mean = float(np.mean(self.axes))
        self.waves, self.phases = _waves(16, np.pi * mean / spacing)
        self.slow, self.slow_phases = _waves(9, 0.35 * np.pi * mean / spacing)

    def distances(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """To the surface from within (n,) and to the middle of the nearest sulcus (n,), mm."""
        rho, radius = _hull(points, self.centre, self.axes, self.below)
        rho = np.maximum(rho, 1e-6)
        under = radius * (1 / rho - 1)
        local = points - self.centre
        direction = local / self.axes
        direction[:, 2] = np.where(local[:, 2] > 0, direction[:, 2], local[:, 2] / self.below)
        direction /= rho[:, None]
        phase = direction @ self.waves.T + self.phases
        u = np.cos(phase).sum(1)
        slope = -np.sin(phase) @ self.waves
        slope -= np.einsum("ij,ij->i", slope, direction)[:, None] * direction
        # Across the sulcus, not along the radius; one unit of direction is the local radius long. The floor keeps a
        # saddle of u from drawing a sulcus where the slope vanishes.
        steep = np.linalg.norm(slope, axis=1) / np.maximum(radius, 1.0)
        aside = np.abs(u) / np.maximum(steep, 1e-9)
        wander = np.cos(direction @ self.slow.T + self.slow_phases).sum(1) / 3.0
        deep = np.interp(wander, (-1, 1), self.depth)
        sulcus = np.hypot(np.maximum(0, under - deep), aside)
        if self.fissure:  # between the hemispheres, down to the corpus callosum
            x, y, z = local.T
            body = np.sqrt((y / 46) ** 2 + ((z - 2) / 26) ** 2)
            sulcus = np.minimum(sulcus, np.where((body > 1) & (z > -22), np.abs(x), np.inf))
        return under, sulcus

    def inside(self, points: np.ndarray) -> np.ndarray:
        return _hull(points, self.centre, self.axes, self.below)[0] <= 1

    def _solid(self, chosen) -> Solid:
        def inside(points: np.ndarray) -> np.ndarray:
            answer = self.inside(points)
            if answer.any():
                answer[answer] = chosen(*self.distances(points[answer]))
            return answer

        return Solid(inside, around(self.centre, (*self.axes[:2], max(self.axes[2], self.below))))

    @property
    def tissue(self) -> Solid:
        """All but the fluid in the sulci."""
        return self._solid(lambda under, sulcus: sulcus > self.gap)

    @property
    def white(self) -> Solid:
        return self._solid(lambda under, sulcus: np.minimum(under, sulcus - self.gap) > self.ribbon)


def head(B0: float, voxel: float = 2e-3, *, lesion: float | None = None, **place: Any) -> VoxelPatient:
    """A head at `B0` (T): scalp, skull with diploë, CSF, folded grey and white matter, deep grey nuclei, cerebellum, air.

    `lesion`: diameter (m) of a demyelinated plaque beside the left ventricle; `truth["lesion"]` is its mask.
    `place` (box, grid, partial_volume) as in `voxelise`. Size: mean adult, about 1.3 L of brain (assumed shapes)."""
    brain = Folds((0, 0, 0), (67, 84, 64), 44, SPACING, DEPTH, CORTEX, SULCUS, fissure=True)
    cerebellum = Folds((0, -46, -50), (46, 28, 22), 22, 5.0, (6.0, 12.0), 1.1, 0.3, fissure=False)

    def base(drop: float) -> Solid:  # of the skull, under the frontal and temporal lobes
        return where(lambda p: (p[:, 2] < -46 - drop) & (p[:, 1] > -16))

    cavity = shell((70, 87, 67), 80)
    face = both(ellipsoid((0, 38, -70), (62, 62, 66)), where(lambda p: p[:, 2] < 0))
    layers: list[Layer] = [
        ("skin", either(shell((83, 100, 80), 95), face, tube(0, -22, 62, 66, -144, -60))),
        ("fat", either(shell((81, 98, 78), 93), ellipsoid((0, 38, -70), (60, 60, 64)), tube(0, -22, 60, 64, -144, -60))),
        ("muscle", either(both(shell((77, 94, 74), 90), where(lambda p: p[:, 2] < -20)), ellipsoid((0, 36, -70), (54, 54, 60)), tube(0, -22, 55, 59, -144, -60))),
        ("cortical_bone", both(shell((77, 94, 74), 88), where(lambda p: p[:, 2] > -78))),
        ("red_marrow", without(both(shell((75, 92, 72), 86), where(lambda p: p[:, 2] > -60)), shell((72, 89, 69), 83))),
        ("csf", cavity),
        ("cortical_bone", both(cavity, base(0))),
        ("muscle", both(cavity, base(5))),
        ("air", either(ellipsoid((0, 62, -44), (18, 12, 10)), ellipsoid((0, 52, -72), (12, 26, 20)), mirrored(ellipsoid((30, 54, -74), (13, 14, 15))))),
        ("air", mirrored(ellipsoid((58, -30, -52), (7, 10, 12)))),  # mastoid cells
        ("csf", mirrored(sphere((32, 78, -36), 12))),  # the eyes' vitreous body
        ("grey_matter", brain.tissue),
        ("white_matter", brain.white),
        ("white_matter", capsule((0, -6, -18), (0, -26, -70), 12, 9)),
        ("csf", capsule((0, -27, -72), (0, -32, -150), 9)),
        ("white_matter", capsule((0, -26, -66), (0, -32, -150), 5.5)),
        ("csf", ellipsoid((0, -34, -44), (9, 6, 14))),  # fourth ventricle
        ("grey_matter", cerebellum.tissue),
        ("white_matter", cerebellum.white),
        ("csf", mirrored(ellipsoid((11, 0, 12), (5.5, 32, 7), turned("z", -8) @ turned("x", 8)))),
        ("csf", mirrored(ellipsoid((23, -32, 0), (6, 14, 12), turned("z", 25)))),
        ("grey_matter", mirrored(ellipsoid((12, -14, 1), (8, 14, 9)))),  # thalamus
        ("csf", ellipsoid((0, -6, -4), (2.2, 13, 9))),
        ("putamen", mirrored(ellipsoid((27, 4, 0), (5, 16, 10), turned("z", -10)))),
        ("caudate", mirrored(ellipsoid((14, 21, 6), (5, 10, 8)))),
    ]  # fmt: skip
    truth: dict[str, object] = {"cortical thickness": CORTEX * 1e-3}
    if lesion is not None:
        if not 0 < lesion <= 0.03:
            raise ModelError(f"a lesion's diameter must be above 0 and at most 0.03 m, but is {lesion!r}.")
        layers.append(("brain_lesion", sphere((-27, -18, 22), 0.5e3 * lesion)))
    patient = voxelise("head", B0, EXTENT, layers, voxel=voxel, truth=truth, **place)
    return with_mask(patient, "lesion", "brain_lesion")


def with_mask(patient: VoxelPatient, what: str, tissue: str) -> VoxelPatient:
    """The patient, `truth[what]` the mask of a tissue (absent where it has none)."""
    from dataclasses import replace

    if tissue not in patient.tissues or patient.labels is None:
        return patient
    mask = patient.labels == patient.tissues.index(tissue)
    return replace(patient, truth=dict(patient.truth) | {what: mask})
