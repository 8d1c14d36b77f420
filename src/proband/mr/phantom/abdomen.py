"""An upper abdomen that breathes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.phantom.breathing import Breathing
from proband.mr.phantom.head import with_mask
from proband.mr.phantom.shapes import both, capsule, either, ellipsoid, mirrored, sphere, tube, turned, where, without
from proband.mr.phantom.voxelise import Layer, voxelise
from proband.mr.phantom.voxels import VoxelPatient

EXTENT = ((-0.190, 0.190), (-0.135, 0.135), (-0.150, 0.150))  # m
AORTIC_SPEED = 0.20  # m/s, mean over time and section at rest (assumed: 3 L/min through 18 mm)


def abdomen(
    B0: float,
    voxel: float = 3e-3,
    *,
    breathing: Breathing | bool | None = True,
    lesion: float | None = None,
    flow: bool = False,
    **place: Any,
) -> VoxelPatient:
    """The trunk from diaphragm to pelvis at `B0` (T): liver, spleen, kidneys, spine, great vessels, bowel, fat and wall.

    `breathing`: True for quiet breathing, a `Breathing`, or None to hold the breath at end of expiration (where the maps
    stand). `lesion`: diameter (m) of a metastasis in the liver, mask in `truth["lesion"]`. `flow`: blood moves in aorta
    and vena cava (`velocity`). Organ sizes: adult, near ICRP 2002 volumes (assumed shapes)."""
    inner = tube(0, 0, 155, 105, power=2.4)
    liver = both(
        either(
            ellipsoid((78, 8, 40), (72, 84, 82), turned("y", 12)), ellipsoid((5, 42, 58), (72, 40, 38), turned("y", 14))
        ),
        inner,
        where(lambda p: p[:, 2] < 108 - 0.004 * (p[:, 0] - 70) ** 2 - 0.004 * p[:, 1] ** 2),
    )
    kidney = ellipsoid((62, -48, -30), (28, 25, 56), turned("y", -10))
    pyramids = either(*[ellipsoid((62 + 11 * np.cos(a) - z / 6, -48 + 10 * np.sin(a), -30 + z), (7, 7, 8)) for z in (-34, -17, 0, 17, 34) for a in (0.4, 2.5, 4.6)])  # fmt: skip
    vertebrae = either(*[tube(0, -62, 24, 19, z - 15, z + 15) for z in range(-160, 161, 40)])
    layers: list[Layer] = [
        ("skin", tube(0, 0, 183, 130, power=2.4)),
        ("fat", tube(0, 0, 181, 128, power=2.4)),
        ("muscle", tube(0, 0, 165, 114, power=2.4)),
        ("fat", inner),
        ("lung", both(inner, where(lambda p: p[:, 2] > 112 - 0.004 * (np.abs(p[:, 0]) - 75) ** 2 - 0.004 * p[:, 1] ** 2))),
        ("bowel", either(ellipsoid((-40, 42, 10), (52, 42, 40)), ellipsoid((0, 30, -85), (115, 60, 62)), ellipsoid((10, 30, -40), (80, 45, 30)))),
        ("air", either(ellipsoid((-48, 66, 26), (22, 10, 14)), ellipsoid((60, 55, -70), (16, 12, 18)), ellipsoid((-70, 50, -80), (14, 12, 20)))),
        ("muscle", mirrored(tube(42, -60, 20, 26))),
        ("muscle", both(mirrored(tube(36, -92, 34, 18)), tube(0, 0, 165, 114, power=2.4))),
        ("liver", liver),
        ("spleen", both(ellipsoid((-108, -30, 52), (32, 50, 62), turned("y", 14)), inner)),
        ("kidney_cortex", mirrored(kidney)),
        ("kidney_medulla", mirrored(both(kidney, pyramids))),
        ("fat", mirrored(ellipsoid((54, -42, -30), (8, 12, 20)))),  # renal sinus
        ("disc", tube(0, -62, 23, 18)),
        ("cortical_bone", vertebrae),
        ("red_marrow", either(*[tube(0, -62, 22.5, 17.5, z - 13.5, z + 13.5) for z in range(-160, 161, 40)])),
        ("cortical_bone", without(tube(0, -90, 20, 14), tube(0, -88, 10, 8))),
        ("csf", tube(0, -88, 10, 8)),
        ("white_matter", tube(0, -88, 5, 4.5, low=20)),
        ("blood", tube(-12, -32, 9, 9)),
        ("blood", tube(16, -30, 11, 9)),
        ("blood", capsule((6, -2, -20), (60, 8, 30), 6)),  # portal vein
        ("blood", capsule((18, -28, 70), (70, -10, 62), 4, 2.5)),  # hepatic vein
    ]  # fmt: skip
    if lesion is not None:
        if not 0 < lesion <= 0.05:
            raise ModelError(f"a lesion's diameter must be above 0 and at most 0.05 m, but is {lesion!r}.")
        layers.append(("liver_lesion", sphere((98, 20, 30), 0.5e3 * lesion)))
    patient = voxelise("abdomen", B0, EXTENT, layers, voxel=voxel, **place)
    motion = Breathing() if breathing is True else breathing or None
    patient = with_mask(replace(patient, motion=motion), "lesion", "liver_lesion")
    if flow:
        patient = replace(patient, velocity=_flow(patient))
    return patient


def _flow(patient: VoxelPatient) -> np.ndarray:
    """Steady laminar flow: parabolas in the two great vessels, down in the aorta and up in the vena cava, (…, 3) m/s."""
    x, y, _ = np.moveaxis(patient.grid.points() * 1e3, -1, 0)
    aorta = 1 - ((x + 12) ** 2 + (y + 32) ** 2) / 81
    cava = 1 - ((x - 16) / 11) ** 2 - ((y + 30) / 9) ** 2
    velocity = np.zeros((*patient.grid.shape, 3), np.float32)
    velocity[..., 2] = 2 * AORTIC_SPEED * (np.maximum(cava, 0) * (81 / 99) - np.maximum(aorta, 0))
    return velocity
