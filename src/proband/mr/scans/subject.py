"""Who lies in the scanner: a phantom by name, or a patient from NIfTI maps; built coarse for the fields, fine for the spins."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr import phantom
from proband.mr.phantom.implants import Implant, implanted
from proband.mr.phantom.voxels import VoxelPatient
from proband.mr.space import Grid

COARSE = {"head": 4e-3, "knee": 4e-3, "acr": 4e-3, "nist": 4e-3, "abdomen": 6e-3, "beating_heart": 5e-3}  # m


@dataclass(frozen=True)
class Subject:
    """`phantom` with its `options`, or `labels` (a NIfTI label map, `tissues` by number), or `shares` (NIfTI maps by tissue).

    `table`: the patient's z (m) that lies in the isocentre. `circulation`: the patient whose heart beats in the phantom
    `beating_heart`, at `moment` (s after end of diastole). `implants`: metal in the patient. `coarse`: edge of the fields' voxels, m."""

    phantom: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    labels: str = ""
    tissues: Mapping[int, str] = field(default_factory=dict)
    shares: Mapping[str, str] = field(default_factory=dict)
    length: str = ""  # unit of NIfTI files that do not say theirs: mm, meter, micron
    table: float = 0.0
    circulation: str = ""
    moment: float = 0.0
    coarse: float | None = None
    implants: tuple[Implant, ...] = ()

    def __hash__(self) -> int:
        return hash(repr(self))

    @property
    def synthetic(self) -> bool:
        """Whether it is made of solids, so that it can be had on any grid."""
        return bool(self.phantom)

    @property
    def beating(self) -> bool:
        return self.phantom == "beating_heart"

    def body(self, B0: float) -> VoxelPatient:
        """The whole patient on a coarse grid, for the fields."""
        if not self.synthetic:
            whole = self._imported(B0)
            step = max(1, round((self.coarse or 4e-3) / min(whole.grid.voxel)))
            body = thinned(whole, step)
        else:
            body = self._built(B0, voxel=self.coarse or COARSE.get(self.phantom, 4e-3))
        for implant in self.implants:
            implant.check(body)
        return self._on_table(self._implanted(body, 4))

    def on(self, grid: Grid, B0: float, time: float | None = None) -> VoxelPatient:
        """The patient on a grid of the scanner's world, at a time of the heart's beat (none: the subject's own moment)."""
        if not self.synthetic:
            return self._on_table(self._implanted(self._imported(B0), 2))
        affine = grid.affine.copy()
        affine[2, 3] += self.table
        more: dict[str, Any] = {} if min(grid.shape) < 1 else {"grid": Grid(grid.shape, affine)}
        if self.beating and time is not None:
            more["time"] = time
        return self._on_table(self._implanted(self._built(B0, partial_volume=2, **more), 2))

    def extent(self, B0: float) -> np.ndarray:
        """(2, 3) m: the box in the scanner's world that holds the patient."""
        if self.synthetic:
            low, high = np.array(import_module(f"proband.mr.phantom.{_home(self.phantom)}").EXTENT).T
            return np.array([low, high]) - [0, 0, self.table]
        grid = self._on_table(self._imported(B0)).grid
        corners = np.array(np.meshgrid(*[(-0.5, n - 0.5) for n in grid.shape])).reshape(3, -1).T
        world = corners @ grid.affine[:3, :3].T + grid.affine[:3, 3]
        return np.array([world.min(0), world.max(0)])

    @property
    def beat(self) -> Any:
        """Chamber volumes of the patient of the circulation. Raises ModelError where there is none."""
        if not self.beating:
            raise ModelError("only the phantom beating_heart has a beat; give it with a patient of the circulation.")
        return _beat(self.circulation or "healthy_man")

    def _built(self, B0: float, **more: Any) -> VoxelPatient:
        options = dict(self.options)
        if self.beating:
            options |= {"volumes": self.beat, "time": self.moment, "frames": 1}
        made = phantom.build(self.phantom, B0, **(options | more))
        # A heart is scanned as it stands at a time; its spins do not move within a readout.
        return replace(made, motion=None) if self.beating else made

    def _implanted(self, patient: VoxelPatient, partial_volume: int) -> VoxelPatient:
        for implant in self.implants:
            patient = implanted(patient, implant, partial_volume)
        return patient

    def _imported(self, B0: float) -> VoxelPatient:
        return _imported(self.labels, tuple(self.tissues.items()), tuple(self.shares.items()), B0, self.length)

    def _on_table(self, patient: VoxelPatient) -> VoxelPatient:
        if not self.table:
            return patient
        if patient.motion is not None:
            raise ModelError(f"{patient.name} moves, so its table must stay at 0; hold its breath to move the table.")
        affine = patient.grid.affine.copy()
        affine[2, 3] -= self.table
        truth = dict(patient.truth)
        for place in ("apex", "base"):
            if place in truth:
                truth[place] = np.asarray(truth[place]) - [0, 0, self.table]
        return replace(patient, grid=Grid(patient.grid.shape, affine), truth=truth, frame_at=None)


def _home(name: str) -> str:
    builder = phantom._PLACES.get(name)
    if builder is None:
        phantom.build(name, 3.0)  # refuses in its own words
    return str(builder)


def known_options(name: str) -> list[str]:
    """What a phantom can be asked for in a trial."""
    builder = getattr(import_module(f"proband.mr.phantom.{_home(name)}"), name)
    own = {"B0", "place", "voxel", "volumes", "time", "frames"}
    return [p for p in inspect.signature(builder).parameters if p not in own]


@cache
def _beat(patient: str) -> Any:
    from proband.mr.phantom.chambers import heart_of

    return heart_of(patient)


@cache
def _imported(labels: str, tissues: tuple, shares: tuple, B0: float, length: str) -> VoxelPatient:
    from proband.mr.phantom.importing import from_labels, from_shares

    if labels:
        return from_labels(labels, dict(tissues), B0, length=length or None)
    return from_shares(dict(shares), B0, length=length or None)


def thinned(patient: VoxelPatient, step: int) -> VoxelPatient:
    """Every `step`-th voxel along each axis: enough for the fields of a patient whose maps are fine."""
    if step == 1:
        return patient
    maps = {}
    for name in ("density", "T1", "T2", "T2_prime", "fat", "susceptibility", "permittivity", "conductivity",
                 "mass_density", "diffusion", "labels", "velocity"):  # fmt: skip
        value = getattr(patient, name)
        maps[name] = (
            None
            if value is None
            else np.ascontiguousarray(value[step // 2 :: step, step // 2 :: step, step // 2 :: step])
        )
    affine = patient.grid.affine.copy()
    affine[:3, 3] += affine[:3, :3] @ np.full(3, step // 2)
    affine[:3, :3] *= step
    truth = {
        k: v for k, v in patient.truth.items() if not (isinstance(v, np.ndarray) and v.shape == patient.grid.shape)
    }
    return replace(patient, grid=Grid(maps["density"].shape, affine), truth=truth, **maps)
