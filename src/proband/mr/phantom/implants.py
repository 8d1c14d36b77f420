"""Metal in the body: it has no signal and bends the magnet's field around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from proband.model import ModelError, did_you_mean
from proband.mr.phantom.shapes import Solid, cylinder, sphere
from proband.mr.phantom.voxels import VoxelPatient

# ppm (SI) and kg/m³. Schenck 1996 Med Phys 23:815, as remembered; stainless steel varies with grade and cold work.
METALS = {"titanium": (182.0, 4510.0), "cobalt chromium": (920.0, 8300.0), "stainless steel": (4000.0, 7900.0)}
SOURCE = "Schenck 1996 Med Phys 23:815, from memory; steel varies with grade and cold work"
LEAST, MOST = 1e-3, 0.5  # m, of a diameter or length: from a clip to a femoral stem (assumed)
BODY = 300.0  # kg/m³: lighter is air around or in the body
POINTS = 8  # an edge, when an implant is asked whether it lies in the body


@dataclass(frozen=True)
class Implant:
    """A ball, or with a `length` a rod along `axis`, of a metal; `centre` in the patient's axes. Lengths in m."""

    material: str
    centre: tuple[float, float, float]
    diameter: float
    length: float = 0.0
    axis: tuple[float, float, float] = (1.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        if self.material not in METALS:
            raise ModelError(
                f"no implant is made of {self.material!r}{did_you_mean(self.material, list(METALS))}; there are {', '.join(METALS)}."
            )
        for what, value in (("diameter", self.diameter), ("length", self.length)):
            if not (LEAST <= value <= MOST or (what == "length" and value == 0)):
                raise ModelError(
                    f"the implant's {what} must be from {LEAST * 1e3:g} to {MOST * 1e3:g} mm, but is {value * 1e3:g} mm."
                )
        if not (np.isfinite(self.axis).all() and np.linalg.norm(self.axis) > 0):
            raise ModelError("an implant needs an axis that points somewhere, as in [0, 0, 1].")

    @property
    def solid(self) -> Solid:
        """In mm."""
        centre, radius = np.asarray(self.centre) * 1e3, self.diameter * 500
        return cylinder(centre, self.axis, radius, self.length * 1e3) if self.length else sphere(centre, radius)

    def check(self, patient: VoxelPatient) -> None:
        """Raises ModelError unless at least half of it lies in the body of the whole `patient`."""
        solid = self.solid
        edges = [np.linspace(a, b, 2 * POINTS + 1)[1::2] for a, b in solid.bounds.T]
        points = np.stack(np.meshgrid(*edges, indexing="ij"), -1).reshape(-1, 3)
        points = np.concatenate([points[solid(points)], np.asarray(self.centre)[None] * 1e3])
        inverse = np.linalg.inv(patient.grid.affine)
        index = np.rint(points / 1e3 @ inverse[:3, :3].T + inverse[:3, 3]).astype(int)
        on = ((index >= 0) & (index < patient.grid.shape)).all(1)
        inside = np.count_nonzero(patient.mass_density[tuple(index[on].T)] > BODY)
        if inside < len(points) / 2:
            place = ", ".join(f"{c * 1e3:g}" for c in self.centre)
            raise ModelError(
                f"the implant of {self.material} at ({place}) mm lies outside the body of {patient.name}, {100 * inside / len(points):.0f} % of it within; "
                "give a centre in the patient's axes (+x right, +y forward, +z to the head)."
            )


def implanted(patient: VoxelPatient, implant: Implant, partial_volume: int = 1) -> VoxelPatient:
    """The patient with what of an implant meets its grid; `truth["implant"]` is the mask of all metal.

    With `partial_volume` = k a voxel holds the share of k³ points that lie in the metal: the dipole keeps its moment on
    voxels as large as itself. Only the static field is disturbed: currents that pulses induce in the metal, and its
    heating, are left out, so it has the permittivity of air and no conductivity."""
    susceptibility, weight = METALS[implant.material]
    solid, grid = implant.solid, patient.grid
    points = grid.points() * 1e3
    reach = np.abs(grid.affine[:3, :3]).sum(1) * 500
    near = ((points >= solid.bounds[0] - reach) & (points <= solid.bounds[1] + reach)).all(-1)
    steps = (np.arange(partial_volume) + 0.5) / partial_volume - 0.5
    offsets = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3) @ grid.affine[:3, :3].T * 1e3
    share = np.zeros(grid.shape, np.float32)
    if near.any():
        share[near] = np.mean([solid(points[near] + offset) for offset in offsets], axis=0)
    values = {"density": 0.0, "fat": 0.0, "permittivity": 1.0, "conductivity": 0.0}
    values |= {"susceptibility": susceptibility, "mass_density": weight}
    maps = {name: _mixed(getattr(patient, name), value, share) for name, value in values.items()}
    inside = share >= 0.5
    labels, tissues = patient.labels, patient.tissues
    if labels is not None:
        tissues = tissues if implant.material in tissues else (*tissues, implant.material)
        labels = np.where(inside, tissues.index(implant.material), labels).astype(labels.dtype)
    truth = dict(patient.truth)
    truth["implant"] = inside | np.asarray(truth.get("implant", False))
    maps["diffusion"] = np.where(inside, np.float32(0), patient.diffusion)
    return replace(patient, labels=labels, tissues=tissues, truth=truth, **maps)


def _mixed(tissue: np.ndarray, metal: float, share: np.ndarray) -> np.ndarray:
    mixed = tissue * (1 - share) + np.float32(metal) * share
    return np.where(share > 0, mixed, tissue).astype(tissue.dtype)


def with_implant(
    patient: VoxelPatient,
    material: str = "titanium",
    *,
    centre: Sequence[float] = (0.0, 0.0, 0.0),
    axis: Sequence[float] = (1.0, 0.0, 0.0),
    radius: float = 4e-3,
    length: float = 40e-3,
) -> VoxelPatient:
    """The patient with a metal rod in it (m, the patient's axes). Raises ModelError where no voxel meets it."""
    x, y, z = map(float, centre)
    u, v, w = map(float, axis)
    made = implanted(patient, Implant(material, (x, y, z), 2 * radius, length, (u, v, w)))
    if not np.asarray(made.truth["implant"]).any():
        raise ModelError(f"the implant at {tuple(centre)} m lies outside the patient's grid or between its voxels.")
    return made
