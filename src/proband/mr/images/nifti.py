"""NIfTI, in and out, with its place in the world."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.images.image import Image
from proband.mr.space import Grid

_METRES = {"meter": 1.0, "mm": 1e-3, "micron": 1e-6}
_LARGEST = 4_000_000_000  # voxels


def write_nifti(image: Image, file: str | Path) -> Path:
    """`image` as .nii or .nii.gz: mm and s, sform and qform both set (a sheared grid has an sform only)."""
    import nibabel
    from nibabel.nifti1 import Nifti1Image

    path = Path(file)
    if not path.name.endswith((".nii", ".nii.gz")):
        raise ModelError(f"a NIfTI file must end in .nii or .nii.gz, but is called {path.name!r}.")
    data = np.asarray(image.data)
    if data.ndim not in (3, 4) or data.shape[:3] != image.grid.shape:
        raise ModelError(
            f"image {image.name!r} has shape {data.shape}, which does not fit its grid {image.grid.shape}."
        )
    affine = image.grid.affine.copy()
    affine[:3] *= 1e3
    kind = np.complex64 if np.iscomplexobj(data) else np.uint8 if data.dtype == bool else data.dtype
    if kind == np.int64 or kind == np.uint64 or kind == np.float16:
        kind = np.float64 if kind != np.float16 else np.float32
    nifti = Nifti1Image(data.astype(kind), affine)
    nifti.set_sform(affine, code=1)
    edges = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    nifti.set_qform(affine if np.allclose(edges.T @ edges, np.eye(3), atol=1e-5) else None, code=1)
    header: Any = nifti.header
    header.set_xyzt_units("mm", "sec")
    if image.frame_times is not None and len(image.frame_times) > 1:
        header["pixdim"][4] = float(np.mean(np.diff(image.frame_times)))
    header["descrip"] = f"{image.name} [{image.unit}]".encode("ascii", "replace")[:79]
    nibabel.save(nifti, path)
    return path


def read_nifti(file: str | Path, *, length: str | None = None) -> Image:
    """A NIfTI-1 or -2 file. Raises ModelError for a damaged file, numbers that are not finite, no place or no unit of length.

    `length` ("mm", "meter", "micron") is taken where the file does not say its unit."""
    import nibabel
    from nibabel.nifti1 import Nifti1Pair

    path = Path(file)
    if not path.is_file():
        raise ModelError(f"there is no NIfTI file {path}.")
    try:
        nifti: Any = nibabel.load(path)
    except Exception as problem:  # a foreign reader fails in many ways; all mean that the file cannot be used
        raise ModelError(f"{path} is not a NIfTI file that can be read: {_first_line(problem)}.") from None
    if not isinstance(nifti, Nifti1Pair):
        raise ModelError(f"{path} is {type(nifti).__name__}, not NIfTI; convert it first.")
    header: Any = nifti.header
    shape = tuple(int(n) for n in nifti.shape)
    if len(shape) > 4 and all(n == 1 for n in shape[4:]):
        shape = shape[:4]
    if not 2 <= len(shape) <= 4 or min(shape) < 1 or np.prod([float(n) for n in shape]) > _LARGEST:
        raise ModelError(f"{path} has dimensions {shape}; an image has two to four, each at least one.")
    if int(header["sform_code"]) <= 0 and int(header["qform_code"]) <= 0:
        raise ModelError(f"{path} has no affine (sform and qform codes are 0), so its place in the world is unknown.")
    unit, time_unit = _units(header, path, length)
    affine = np.array(nifti.affine, float)
    affine[:3] *= unit
    edges = np.linalg.norm(affine[:3, :3], axis=0)
    if not (np.isfinite(affine).all() and (edges > 1e-7).all() and (edges < 1.0).all() and abs(np.linalg.det(affine[:3, :3] / edges)) > 1e-3):  # fmt: skip
        raise ModelError(
            f"{path} has an affine that is no place in the world: voxels of {' × '.join(f'{e:.3g}' for e in edges)} m."
        )
    try:
        data = np.asarray(nifti.dataobj)
    except (
        OSError,
        EOFError,
        ValueError,
        TypeError,
        OverflowError,
        MemoryError,
        zlib.error,
        gzip.BadGzipFile,
    ) as problem:
        raise ModelError(f"{path} is cut short or damaged: {_first_line(problem)}.") from None
    if data.dtype.kind not in "iufcb":
        raise ModelError(f"{path} holds {data.dtype}, not one number a voxel.")
    data = data.reshape(shape if len(shape) > 2 else (*shape, 1))
    if data.dtype.kind in "fc" and not np.isfinite(data).all():
        raise ModelError(f"{path} holds numbers that are not finite.")
    step = float(header["pixdim"][4]) * time_unit if data.ndim == 4 else 0.0
    times = np.arange(data.shape[3]) * step if data.ndim == 4 and np.isfinite(step) and step > 0 else None
    return Image(data, Grid((int(data.shape[0]), int(data.shape[1]), int(data.shape[2])), affine), path.name.split(".")[0], frame_times=times)  # fmt: skip


def _units(header: Any, path: Path, otherwise: str | None) -> tuple[float, float]:
    try:
        length, time = header.get_xyzt_units()
    except (KeyError, ValueError):
        length, time = "unknown", "unknown"
    if length not in _METRES and otherwise is not None:
        length = otherwise
    if length not in _METRES:
        raise ModelError(f"{path} does not say its unit of length; write m, mm or µm into it, or give `length`.")
    return _METRES[length], {"msec": 1e-3, "usec": 1e-6}.get(time, 1.0)


def _first_line(problem: BaseException) -> str:
    text = str(problem).strip().splitlines()
    return text[0].rstrip(".") if text else type(problem).__name__
