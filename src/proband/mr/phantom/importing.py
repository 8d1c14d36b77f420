"""A patient from NIfTI files: a label map, or maps of the tissues' shares."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.images.nifti import read_nifti
from proband.mr.phantom.tissues import Tissue, checked_field, tissue
from proband.mr.phantom.voxelise import MAPS
from proband.mr.phantom.voxels import VoxelPatient

File = str | Path
OVERLAP = 0.01  # of the voxels may have shares of more than 1.1 together: rounding and resampling leave some


def from_labels(
    file: File, tissues: Mapping[int, str | Tissue], B0: float, name: str | None = None, *, length: str | None = None
) -> VoxelPatient:
    """A label map: `tissues` says what each whole number in it is; `length`: the unit of a file that does not say its own
    (mm, meter, micron). Raises ModelError for damaged files, numbers that are
    no labels or are not in the mapping, and maps without a place in the world."""
    B0 = checked_field(B0)
    image = read_nifti(file, length=length)
    if image.data.ndim != 3:
        raise ModelError(f"{file} must be a three-dimensional label map, but has {image.data.ndim} dimensions.")
    if not np.isrealobj(image.data):
        raise ModelError(f"{file} must hold whole numbers, but its numbers are complex.")
    rounded = np.round(image.data)
    if not np.isfinite(image.data).all() or np.abs(rounded - image.data).max() > 1e-3:
        raise ModelError(f"{file} must hold whole numbers to be a label map; for shares of tissue use from_shares.")
    values, where = np.unique(rounded.astype(np.int64), return_inverse=True)
    mapping = {0: "air", **tissues}
    missing = [int(v) for v in values if int(v) not in mapping]
    if missing:
        raise ModelError(f"{file} has label {missing[0]}, which the mapping does not name; give each label a tissue.")
    kinds = [_tissue(mapping[int(v)], B0) for v in values]
    labels = where.reshape(image.data.shape)
    maps: dict[str, Any] = {
        m: np.array([getattr(t, m) for t in kinds], np.float32)[labels] for m in (*MAPS, "T1", "T2", "T2_prime")
    }
    small = labels.astype(np.uint8 if len(kinds) < 256 else np.int32)
    sources = {t.name: dict(t.source) for t in kinds}
    return VoxelPatient(name or Path(file).name.split(".")[0], image.grid, B0, labels=small, tissues=tuple(t.name for t in kinds), truth={"sources": sources}, **maps)  # fmt: skip


def from_shares(
    files: Mapping[str, File], B0: float, name: str = "tissue maps", *, full: float = 1.0, length: str | None = None
) -> VoxelPatient:
    """Maps of the share of each tissue in a voxel, 0 to `full`, all on one grid: densities and electric properties mix by
    share, T1 and T2 are those of the largest. What no map claims is air."""
    B0 = checked_field(B0)
    if not files:
        raise ModelError("from_shares needs at least one tissue map.")
    kinds, shares, grid = [_tissue("air", B0)], [], None
    for what, file in files.items():
        kinds.append(_tissue(what, B0))
        image = read_nifti(file, length=length)
        if grid is None:
            grid = image.grid
        elif image.data.shape != grid.shape or not np.allclose(image.grid.affine, grid.affine, atol=1e-6):
            raise ModelError(f"{file} lies on another grid than the first tissue map; resample it to that one.")
        if (
            not np.isrealobj(image.data)
            or not np.isfinite(image.data).all()
            or image.data.min() < -0.01 * full
            or image.data.max() > 1.01 * full
        ):
            raise ModelError(f"{file} must hold shares from 0 to {full:g}, but reaches beyond them.")
        shares.append(np.clip(image.data / full, 0, 1).astype(np.float32))
    assert grid is not None
    if shares[0].ndim != 3:
        raise ModelError(f"tissue maps must have three dimensions, but have {shares[0].ndim}.")
    parts = np.stack(shares)
    total = parts.sum(0)
    if (total > 1.1).sum() > OVERLAP * (total > 0.5).sum():
        raise ModelError(f"the tissue maps {', '.join(map(str, files.values()))} add up to {total.max():.2g} in places, where a voxel's shares make 1 at most; they do not belong together.")  # fmt: skip
    parts /= np.maximum(total, 1)
    parts = np.concatenate([1 - np.minimum(total, 1)[None], parts])
    maps: dict[str, Any] = {
        m: np.tensordot(np.array([getattr(t, m) for t in kinds], np.float32), parts, 1) for m in MAPS
    }
    labels = parts.argmax(0).astype(np.uint8)
    # A voxel mostly of air still has the relaxation of the tissue in it.
    spins = np.where(maps["density"] + maps["fat"] > 0, parts[1:].argmax(0) + 1, 0)
    maps |= {m: np.array([getattr(t, m) for t in kinds], np.float32)[spins] for m in ("T1", "T2", "T2_prime")}
    return VoxelPatient(name, grid, B0, labels=labels, tissues=tuple(t.name for t in kinds), truth={"sources": {t.name: dict(t.source) for t in kinds}}, **maps)  # fmt: skip


def mni152(B0: float) -> VoxelPatient:
    """The MNI152 template's grey and white matter, from nilearn's package where it is installed (1 mm).

    What is neither is air: there is no fluid and no skull in it. Raises ModelError without nilearn."""
    from importlib.util import find_spec

    found = find_spec("nilearn")
    if found is None or not found.submodule_search_locations:
        raise ModelError(
            "the MNI152 template comes with nilearn, which is not installed; install it, or use phantom 'head'."
        )
    room = Path(next(iter(found.submodule_search_locations))) / "datasets" / "data"
    files: dict[str, File] = {}
    for what, letters in (("grey_matter", "gm"), ("white_matter", "wm")):
        hits = sorted(room.glob(f"*mni*{letters}*.nii*"))
        if not hits:
            raise ModelError(f"this nilearn carries no MNI152 map of {what.replace('_', ' ')}; another version may.")
        files[what] = hits[0]
    # Bytes, 255 for a voxel that is all one tissue; the files leave out that their lengths are mm.
    return from_shares(files, B0, "mni152", full=255.0, length="mm")


def _tissue(what: str | Tissue, B0: float) -> Tissue:
    return what if isinstance(what, Tissue) else tissue(what, B0)
