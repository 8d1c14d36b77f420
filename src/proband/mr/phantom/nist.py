"""A phantom after the NIST/ISMRM system phantom: spheres of known T1, T2 and proton density in a ball of water.

Values: the phantom's manual at 3 T (T1 spheres: NiCl2; T2 spheres: MnCl2), as remembered; design: Stupic 2021 Magn Reson
Med 86:1194. At other fields the same values are taken (assumed); the arrays' planes are assumed too."""

from __future__ import annotations

from typing import Any

import numpy as np

from proband.mr.phantom.fillings import plastic, solution, water
from proband.mr.phantom.shapes import sphere, spheres
from proband.mr.phantom.voxelise import Layer, voxelise
from proband.mr.phantom.voxels import VoxelPatient

EXTENT = ((-0.108, 0.108), (-0.108, 0.108), (-0.108, 0.108))  # m
# (T1, T2) in ms of sphere 1 to 14
T1_ARRAY = ((1838, 1465), (1398, 1076), (998.3, 717.9), (725.8, 510.1), (509.1, 359.6), (367.0, 255.5), (258.7, 180.8), (184.6, 127.3), (130.8, 90.3), (90.9, 64.3), (64.2, 45.7), (46.28, 31.86), (32.65, 22.38), (22.95, 15.83))  # fmt: skip
T2_ARRAY = ((2480, 581.3), (2173, 403.5), (1907, 278.1), (1604, 190.94), (1332, 133.27), (1044, 96.89), (801.7, 64.07), (608.6, 46.42), (458.4, 31.97), (336.5, 22.56), (244.2, 15.813), (176.6, 11.237), (126.9, 7.911), (90.9, 5.592))  # fmt: skip
PD_ARRAY = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.50, 0.60, 0.70, 0.80, 0.90, 1.00)
PLANES = {"T1": 20.0, "T2": -20.0, "PD": -60.0}  # mm, z of each array
SPHERE = 7.5  # mm, inner radius of an array's sphere
MANUAL = "manual of the NIST/ISMRM system phantom at 3 T, as remembered"


def centres(array: str) -> np.ndarray:
    """Middles of the 14 spheres of "T1", "T2" or "PD" (14, 3), mm: ten on a ring, four within."""
    ring = np.pi / 2 - 2 * np.pi * np.arange(10) / 10
    inner = np.pi / 4 + np.pi / 2 * np.arange(4)
    place = np.concatenate(
        [50 * np.stack([np.cos(ring), np.sin(ring)], 1), 22 * np.stack([np.cos(inner), np.sin(inner)], 1)]
    )
    return np.column_stack([place, np.full(14, PLANES[array])])


def fiducials() -> np.ndarray:
    """Middles of the 57 geometry spheres (57, 3), mm: a 40 mm lattice."""
    steps = np.arange(-2, 3)
    lattice = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3)
    return 40.0 * lattice[(lattice**2).sum(1) <= 5]


def nist(B0: float, voxel: float = 1e-3, **place: Any) -> VoxelPatient:
    """The system phantom, centred. `truth` holds for each array its spheres' middles (m), T1 and T2 (s) and density."""
    tissues = {"water": water(B0, "water"), "plastic": plastic(B0)}
    layers: list[Layer] = [
        ("plastic", sphere((0, 0, 0), 104)),
        ("water", sphere((0, 0, 0), 100)),
        ("fiducial", spheres(fiducials(), 5.0)),
    ]
    tissues["fiducial"] = solution("fiducial", B0, 0.200, 0.160, "assumed: copper sulphate, 200 and 160 ms")
    contents = {
        "T1": [(1.0, *pair) for pair in T1_ARRAY],
        "T2": [(1.0, *pair) for pair in T2_ARRAY],
        "PD": [(density, 2400.0, 1600.0) for density in PD_ARRAY],
    }
    truth: dict[str, object] = {"fiducials": fiducials() * 1e-3}
    for array, spheres_ in contents.items():
        why = f"{MANUAL}, {array} array" if array != "PD" else "water and heavy water; T1 and T2 assumed"
        layers.append(("plastic", spheres(centres(array), SPHERE + 1)))
        for i, (middle, (density, T1, T2)) in enumerate(zip(centres(array), spheres_, strict=True), 1):
            name = f"{array}-{i}"
            tissues[name] = solution(name, B0, T1 * 1e-3, T2 * 1e-3, why, density=density)
            layers.append((name, sphere(middle, SPHERE)))
        truth[array] = {
            "centre": centres(array) * 1e-3,
            "density": np.array([s[0] for s in spheres_]),
            "T1": np.array([s[1] for s in spheres_]) * 1e-3,
            "T2": np.array([s[2] for s in spheres_]) * 1e-3,
        }
    return voxelise("nist", B0, EXTENT, layers, voxel=voxel, tissues=tissues, truth=truth, **place)
