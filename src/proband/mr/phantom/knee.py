"""A knee: bones with marrow, cartilage, menisci, ligaments, fluid, muscle and fat."""

from __future__ import annotations

from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.phantom.head import with_mask
from proband.mr.phantom.shapes import (
    Solid,
    around,
    both,
    capsule,
    cylinder,
    either,
    ellipsoid,
    mirrored,
    tube,
    turned,
    where,
)
from proband.mr.phantom.voxelise import Layer, voxelise
from proband.mr.phantom.voxels import VoxelPatient

EXTENT = ((-0.072, 0.072), (-0.080, 0.080), (-0.096, 0.096))  # m
CARTILAGE = 2.3  # mm on the femur's condyles (Eckstein 2001 Clin Orthop Relat Res 391:S34, as remembered: about 2 mm)


def _condyles(grown: float) -> Solid:
    return either(
        mirrored(ellipsoid((22, -6, 19), (16 + grown, 30 + grown, 24 + grown), turned("x", -8))),
        ellipsoid((0, 14, 24), (24 + grown, 17 + grown, 20 + grown)),
    )


def _meniscus(x: float) -> Solid:
    """A C of triangular section, open towards the middle of the joint."""

    def inside(points: np.ndarray) -> np.ndarray:
        local = points - (x, -5.0, -8.0)
        out = np.hypot(local[:, 0], local[:, 1] / 1.25)
        high = 6.5 * (out - 9.0) / 9.0
        open_side = (local[:, 0] * -np.sign(x) > 6) & (np.abs(local[:, 1]) < 12)
        return (out > 9) & (out < 18) & (local[:, 2] > 0) & (local[:, 2] < high) & ~open_side

    return Solid(inside, around((x, -5, -8), (18, 23, 7)))


def knee(B0: float, voxel: float = 1.5e-3, *, lesion: float | None = None, **place: Any) -> VoxelPatient:
    """A right knee at `B0` (T), nearly straight; +z to the hip, +y forward.

    `lesion`: diameter (m) of a full-thickness, fluid-filled cartilage defect under the medial condyle; its mask is
    `truth["lesion"]`. Sizes: mean adult (assumed shapes)."""
    low = where(lambda p: p[:, 2] < 40)
    tibia = either(
        both(ellipsoid((0, -4, -32), (38, 27, 24)), where(lambda p: p[:, 2] < -11.5)),
        capsule((0, -2, -40), (0, -4, -130), 24, 13),
    )
    marrow = either(
        both(ellipsoid((0, -4, -32), (36.5, 25.5, 22.5)), where(lambda p: p[:, 2] < -13)),
        capsule((0, -2, -40), (0, -4, -130), 22, 8),
    )
    layers: list[Layer] = [
        ("skin", tube(0, 0, 66, 70)),
        ("fat", tube(0, 0, 64, 68)),
        ("muscle", either(both(tube(0, -4, 54, 56), where(lambda p: p[:, 2] > 34)), both(tube(0, -16, 50, 42), where(lambda p: p[:, 2] < -30)), mirrored(capsule((26, -42, -40), (22, -40, 60), 14)))),
        ("fat", ellipsoid((0, 34, -8), (26, 16, 24))),  # Hoffa's pad
        ("synovial_fluid", both(either(_condyles(4.0), ellipsoid((0, 36, 44), (18, 5, 22))), low)),
        ("cartilage", either(both(_condyles(CARTILAGE), where(lambda p: p[:, 2] < 34)), mirrored(ellipsoid((21, -5, -11), (17, 22, 3.2))))),
        ("meniscus", either(_meniscus(22), _meniscus(-22))),
        ("cortical_bone", either(_condyles(0), capsule((0, 4, 45), (0, 8, 140), 22, 13), tibia, cylinder((-36, -18, -75), (0, 0, 1), 8, 90))),
        ("yellow_marrow", either(_condyles(-1.5), capsule((0, 4, 45), (0, 8, 140), 20, 7), marrow, cylinder((-36, -18, -75), (0, 0, 1), 5.5, 88))),
        ("synovial_fluid", both(ellipsoid((0, -14, 6), (7, 20, 14)), where(lambda p: p[:, 2] > -10))),  # intercondylar notch
        ("ligament", either(capsule((5, -20, 14), (-2, 6, -11), 3.6), capsule((-4, -8, 16), (1, -26, -14), 4.2), mirrored(capsule((40, -4, 20), (40, -2, -34), 2.6)))),
        ("cartilage", ellipsoid((0, 42, 32), (19, 10.5, 20))),
        ("cortical_bone", ellipsoid((0, 46, 32), (20, 9.5, 20.5))),
        ("yellow_marrow", ellipsoid((0, 46, 32), (18.5, 8, 19))),
        ("ligament", either(capsule((0, 48, 14), (0, 33, -44), 3.5), both(capsule((0, 50, 50), (0, 34, 130), 5), tube(0, 0, 60, 60)))),
        ("blood", either(capsule((4, -40, -130), (2, -36, 130), 3.5), capsule((-5, -43, -130), (-6, -39, 130), 4.2))),
    ]  # fmt: skip
    if lesion is not None:
        if not 0 < lesion <= 0.02:
            raise ModelError(f"a lesion's diameter must be above 0 and at most 0.02 m, but is {lesion!r}.")
        defect = both(cylinder((22, -2, -5), (0, 0, 1), 0.5e3 * lesion, 8), _condyles(CARTILAGE))
        bone = _condyles(0)
        layers.append(("joint_defect", both(defect, where(lambda p: ~bone(p)))))
    from proband.mr.phantom.tissues import tissue

    fluid = tissue("synovial_fluid", B0)
    tissues = {"joint_defect": fluid.with_values("joint_defect", "as synovial fluid", T1=fluid.T1)}
    patient = voxelise("knee", B0, EXTENT, layers, voxel=voxel, tissues=tissues, **place)
    return with_mask(patient, "lesion", "joint_defect")
