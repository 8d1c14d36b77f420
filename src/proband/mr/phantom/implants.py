"""Metal in the body: it has no signal and bends the magnet's field around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from proband.model import ModelError, did_you_mean
from proband.mr.phantom.shapes import cylinder
from proband.mr.phantom.voxels import VoxelPatient

# ppm (SI) and kg/m³. Schenck 1996 Med Phys 23:815, as remembered; stainless steel varies with grade and cold work.
METALS = {"titanium": (182.0, 4510.0), "cobalt chromium": (920.0, 8300.0), "stainless steel": (4000.0, 7900.0)}


def with_implant(
    patient: VoxelPatient,
    material: str = "titanium",
    *,
    centre: Sequence[float] = (0.0, 0.0, 0.0),
    axis: Sequence[float] = (1.0, 0.0, 0.0),
    radius: float = 4e-3,
    length: float = 40e-3,
) -> VoxelPatient:
    """The patient with a metal rod in it (m, world axes); `truth["implant"]` is its mask.

    Only the static field is disturbed: currents that pulses induce in the metal, and its heating, are left out, so it
    has the permittivity of air and no conductivity."""
    if material not in METALS:
        raise ModelError(
            f"no implant is made of {material!r}{did_you_mean(material, list(METALS))}; there are {', '.join(METALS)}."
        )
    if not (radius > 0 and length > 0 and np.linalg.norm(axis) > 0):
        raise ModelError("an implant needs a radius and a length above zero and an axis that points somewhere.")
    susceptibility, weight = METALS[material]
    rod = cylinder(np.asarray(centre) * 1e3, axis, radius * 1e3, length * 1e3)
    inside = rod(patient.grid.points().reshape(-1, 3) * 1e3).reshape(patient.grid.shape)
    if not inside.any():
        raise ModelError(f"the implant at {tuple(centre)} m lies outside the patient's grid or between its voxels.")
    values = {"density": 0.0, "fat": 0.0, "diffusion": 0.0, "permittivity": 1.0, "conductivity": 0.0}
    values |= {"susceptibility": susceptibility, "mass_density": weight}
    maps = {name: np.where(inside, np.float32(value), getattr(patient, name)) for name, value in values.items()}
    labels, tissues = patient.labels, patient.tissues
    if labels is not None:
        tissues = (*tissues, material)
        labels = np.where(inside, len(tissues) - 1, labels).astype(labels.dtype)
    return replace(patient, labels=labels, tissues=tissues, truth=dict(patient.truth) | {"implant": inside}, **maps)
