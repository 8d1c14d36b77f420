"""Raw data as MRD (ISMRMRD) files, in and out.

What MRD has no place for (grid as a matrix, exact times, the trajectory's unit, Pulseq labels without a counter) goes into
its user parameters, so that other readers still find all they know. Noise is written as a noise measurement whose sample
covariance is the scan's, as prewhitening expects it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from proband.model import ModelError
from proband.mr.images.mrd_of_others import PHASE_CORRECTION, backwards, flagged, imaging_rows, stacked
from proband.mr.phantom.tissues import GAMMA
from proband.mr.raw import RawData
from proband.mr.space import Grid

NAMESPACE = "http://www.ismrm.org/ISMRMRD"
COUNTERS = {"LIN": "kspace_encode_step_1", "PAR": "kspace_encode_step_2", "AVG": "average", "SLC": "slice", "ECO": "contrast", "PHS": "phase", "REP": "repetition", "SET": "set", "SEG": "segment"}  # fmt: skip
FLAGS = {"NOISE": 19, "REF": 20, "IMA": 21, "REV": 22, "NAV": 23}
NOISE_FLAG = 1 << 18  # flag n is bit n − 1
OWN = 6  # labels that fit into an acquisition's user integers beside its time


def write_mrd(raw: RawData, file: str | Path) -> Path:
    """Raises ModelError where the arrays do not fit each other or hold numbers that are not finite."""
    import h5py
    from ismrmrd.hdf5 import acquisition_dtype

    path = Path(file)
    readouts, coils, samples = _checked(raw)
    own = [name for name in raw.labels if name not in COUNTERS and name not in FLAGS]
    if len(own) > OWN:
        raise ModelError(
            f"MRD has room for {OWN} labels beyond its own, but the scan has {len(own)}: {', '.join(own)}."
        )
    noise_samples = max(256, 4 * coils)
    rows = np.zeros(readouts + 1, acquisition_dtype)
    head = rows["head"]
    head["version"] = 1
    head["scan_counter"] = np.arange(readouts + 1)
    head["available_channels"] = head["active_channels"] = coils
    head["channel_mask"][:] = 0
    for c in range(min(coils, 1024)):
        head["channel_mask"][:, c // 64] |= np.uint64(1 << (c % 64))
    affine = np.diag([-1e3, -1e3, 1e3, 1]) @ raw.grid.affine
    unit = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    middle = affine[:3, :3] @ ((np.array(raw.grid.shape) - 1) / 2) + affine[:3, 3]
    head["position"], head["read_dir"], head["phase_dir"], head["slice_dir"] = (
        middle,
        unit[:, 0],
        unit[:, 1],
        unit[:, 2],
    )
    dwell = np.diff(raw.times, axis=1).mean(1) if samples > 1 else np.full(readouts, 1e-6)
    head["sample_time_us"][1:] = dwell * 1e6
    head["sample_time_us"][0] = dwell[0] * 1e6
    head["number_of_samples"] = [noise_samples, *[samples] * readouts]
    head["trajectory_dimensions"] = [0, *[3] * readouts]
    head["center_sample"] = [0, *np.linalg.norm(raw.trajectory, axis=2).argmin(1)]
    start = np.round(raw.times[:, 0] * 1e9).astype(np.int64)
    head["acquisition_time_stamp"][1:] = start // 2_500_000  # ticks of 2.5 ms
    head["user_int"][1:, 0], head["user_int"][1:, 1] = start // 10**9, start % 10**9
    head["flags"][0] = NOISE_FLAG
    for name, values in raw.labels.items():
        if name in COUNTERS:
            if values.min() < 0 or values.max() > 65535:
                raise ModelError(
                    f"label {name} reaches from {values.min()} to {values.max()}; MRD counts from 0 to 65535."
                )
            head["idx"][COUNTERS[name]][1:] = values
        elif name in FLAGS:
            head["flags"][1:] |= np.where(values != 0, np.uint64(1 << (FLAGS[name] - 1)), np.uint64(0))
        else:
            head["user_int"][1:, 2 + own.index(name)] = values
    rows[0]["traj"], rows[0]["data"] = np.zeros(0, np.float32), _flat(_noise(raw.noise, noise_samples))
    for i in range(readouts):
        rows[i + 1]["traj"] = np.ascontiguousarray(raw.trajectory[i], np.float32).ravel()
        rows[i + 1]["data"] = _flat(raw.signal[i])
    header = _header(raw, own, samples, float(dwell[0]))
    with h5py.File(path, "w") as store:
        group = store.create_group("dataset")
        group.create_dataset("xml", data=[header], dtype=h5py.special_dtype(vlen=bytes), maxshape=(None,))
        group.create_dataset("data", data=rows, maxshape=(None,), chunks=True)
    return path


def read_mrd(file: str | Path) -> RawData:
    """An MRD file of one encoding. Raises ModelError for a damaged or foreign file, in one sentence."""
    path = Path(file)
    if not path.is_file():
        raise ModelError(f"there is no MRD file {path}.")
    import h5py

    try:
        with h5py.File(path, "r") as store:
            groups = [store[name] for name in store]
            found: Any = next((g for g in groups if isinstance(g, h5py.Group) and "data" in g and "xml" in g), None)
            if found is None:
                raise ModelError(f"{path} is an HDF5 file, but holds no MRD data set (a group with xml and data).")
            text = found["xml"][0]
            rows = found["data"][:]
        return _raw(text if isinstance(text, bytes) else str(text).encode(), rows, path)
    except ModelError:
        raise
    except Exception as problem:  # HDF5 fails in many ways; all mean that the file cannot be used
        lines = str(problem).strip().splitlines() or [type(problem).__name__]
        raise ModelError(f"{path} is not a whole MRD file: {lines[0].rstrip('.')}.") from None


def _checked(raw: RawData) -> tuple[int, int, int]:
    if raw.signal.ndim != 3 or 0 in raw.signal.shape:
        raise ModelError(f"a scan's signal must be (readouts, coils, samples), but has shape {raw.signal.shape}.")
    readouts, coils, samples = raw.signal.shape
    for name, shape, right in (
        ("trajectory", raw.trajectory.shape, (readouts, samples, 3)),
        ("times", raw.times.shape, (readouts, samples)),
        ("noise", raw.noise.shape, (coils, coils)),
        *[(f"label {n}", v.shape, (readouts,)) for n, v in raw.labels.items()],
    ):
        if shape != right:
            raise ModelError(f"the scan's {name} has shape {shape}, but must be {right} to fit its signal.")
    if not (np.isfinite(raw.signal).all() and np.isfinite(raw.trajectory).all() and np.isfinite(raw.times).all()):
        raise ModelError("the scan holds numbers that are not finite and was not written.")
    return readouts, coils, samples


def _noise(covariance: np.ndarray, samples: int) -> np.ndarray:
    """Rows (coils, samples) of mean zero whose covariance is exactly this one."""
    coils = len(covariance)
    values, vectors = np.linalg.eigh((covariance + covariance.conj().T) / 2)
    root = vectors * np.sqrt(np.maximum(values, 0))
    waves = np.exp(2j * np.pi * np.outer(np.arange(1, coils + 1), np.arange(samples)) / samples)
    return root @ waves


def _flat(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(values, np.complex64).view(np.float32).ravel()


def _header(raw: RawData, own: list[str], samples: int, dwell: float) -> bytes:
    ElementTree.register_namespace("", NAMESPACE)
    top = ElementTree.Element(f"{{{NAMESPACE}}}ismrmrdHeader")

    def add(parent: ElementTree.Element, name: str, value: object = None) -> ElementTree.Element:
        node = ElementTree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
        if value is not None:
            node.text = repr(value) if isinstance(value, float) else str(value)
        return node

    system = add(top, "acquisitionSystemInformation")
    add(system, "systemVendor", "Proband")
    add(system, "systemModel", "virtual scanner")
    add(system, "systemFieldStrength_T", float(raw.B0))
    add(system, "receiverChannels", raw.signal.shape[1])
    add(add(top, "experimentalConditions"), "H1resonanceFrequency_Hz", round(GAMMA * raw.B0))
    encoding = add(top, "encoding")
    edges = np.array(raw.grid.voxel) * 1e3
    for space, x in (("encodedSpace", samples), ("reconSpace", raw.grid.shape[0])):
        node = add(encoding, space)
        matrix, field = add(node, "matrixSize"), add(node, "fieldOfView_mm")
        for axis, n, size in zip("xyz", (x, *raw.grid.shape[1:]), edges * raw.grid.shape, strict=True):
            add(matrix, axis, int(n))
            add(field, axis, float(size))
    limits = add(encoding, "encodingLimits")
    for label, name in COUNTERS.items():
        if label in raw.labels:
            node = add(limits, name.replace("encode_step", "encoding_step"))
            highest = int(raw.labels[label].max())
            for key, value in (
                ("minimum", int(raw.labels[label].min())),
                ("maximum", highest),
                ("center", (highest + 1) // 2),
            ):
                add(node, key, value)
    add(encoding, "trajectory", "cartesian" if raw.info.get("trajectory", "cartesian") == "cartesian" else "other")
    timing = [(key, raw.info.get(name)) for key, name in (("TR", "TR"), ("TE", "TE"), ("flipAngle_deg", "flip_angle"))]
    if any(isinstance(v, (int, float)) for _, v in timing):
        node = add(top, "sequenceParameters")
        for key, value in timing:
            if isinstance(value, (int, float)):
                add(node, key, float(value) * (1 if key == "flipAngle_deg" else 1e3))
    user = add(top, "userParameters")
    numbers = {f"affine_{i}{j}": float(raw.grid.affine[i, j]) for i in range(3) for j in range(4)} | {"dwell_s": dwell}
    for name, value in numbers.items():
        node = add(user, "userParameterDouble")
        add(node, "name", name)
        add(node, "value", value)
    info = {k: v for k, v in raw.info.items() if isinstance(v, (str, int, float, bool))}
    texts = {
        "trajectory_unit": "1/m",
        "labels": " ".join(raw.labels),
        "own_labels": " ".join(own),
        "info": json.dumps(info),
    }
    for name, text in texts.items():
        node = add(user, "userParameterString")
        add(node, "name", name)
        add(node, "value", text)
    return ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)


def _raw(text: bytes, rows: np.ndarray, path: Path) -> RawData:
    try:
        top = ElementTree.fromstring(text)
    except ElementTree.ParseError as problem:
        raise ModelError(f"the header of {path} is no XML: {problem}.") from None
    space = {"m": NAMESPACE}

    def number(place: str, what: str) -> float:
        node = top.find(place, space)
        try:
            value = float(node.text)  # type: ignore[union-attr, arg-type]
        except (AttributeError, TypeError, ValueError):
            raise ModelError(f"the header of {path} does not say {what}.") from None
        if not (np.isfinite(value) and value > 0):
            raise ModelError(f"the header of {path} gives {value} as {what}; it must be above zero.")
        return value

    doubles, strings = (
        {n.findtext("m:name", "", space): n.findtext("m:value", "", space) for n in top.findall(f"m:userParameters/m:{kind}", space)}
        for kind in ("userParameterDouble", "userParameterString")
    )  # fmt: skip
    if rows.dtype.names is None or not {"head", "traj", "data"} <= set(rows.dtype.names):
        raise ModelError(f"{path} holds no acquisitions as MRD lays them out.")
    head = rows["head"]
    ours = strings.get("trajectory_unit") == "1/m"
    is_noise = flagged(head, FLAGS["NOISE"])
    scan = np.flatnonzero(~is_noise) if ours else imaging_rows(head)
    if not len(scan):
        raise ModelError(f"{path} holds no readouts.")
    coils, samples = int(head["active_channels"][scan[0]]), int(head["number_of_samples"][scan[0]])
    if (
        coils < 1
        or samples < 1
        or (head["active_channels"] != coils).any()
        or (head["number_of_samples"][scan] != samples).any()
    ):
        raise ModelError(f"the readouts of {path} differ in channels or length; one scan has one of each.")
    if any(len(rows["data"][i]) != 2 * coils * samples for i in scan):
        raise ModelError(f"a readout of {path} is shorter or longer than its header says.")
    signal = np.stack([rows["data"][i] for i in scan]).view(np.complex64).reshape(len(scan), coils, samples)
    if not np.isfinite(signal.view(np.float32)).all():
        raise ModelError(f"{path} holds numbers that are not finite.")

    shape = tuple(round(number(f"m:encoding/m:reconSpace/m:matrixSize/m:{a}", f"the matrix along {a}")) for a in "xyz")
    field = np.array([number(f"m:encoding/m:reconSpace/m:fieldOfView_mm/m:{a}", f"the field of view along {a}") for a in "xyz"]) * 1e-3  # fmt: skip
    stack = None
    if not ours:
        # What is sampled is the encoded space: phase oversampling stays in the image, with the voxels that were asked for.
        for axis, letter in ((1, "y"), (2, "z")):
            wide = number(f"m:encoding/m:encodedSpace/m:fieldOfView_mm/m:{letter}", f"the encoded field of view along {letter}") * 1e-3  # fmt: skip
            several = round(number(f"m:encoding/m:encodedSpace/m:matrixSize/m:{letter}", f"the encoded matrix along {letter}"))  # fmt: skip
            if several > 1:
                n = round(wide / field[axis] * shape[axis])
                shape, field[axis] = (*shape[:axis], n, *shape[axis + 1 :]), wide
        stack = stacked(head[scan], field[2] / shape[2], path)
        if stack is not None:
            if shape[2] > 1:
                raise ModelError(f"{path} holds several slabs of three-dimensional scans; keep one of them in a file.")
            shape, field[2] = (*shape[:2], int(stack[0].max()) + 1), stack[1] * (stack[0].max() + 1)
    if np.prod([float(n) for n in shape]) > 1e9:
        raise ModelError(f"{path} asks for a matrix of {shape}, which is too large.")
    grid = _grid(doubles, head[scan[0]], shape, field, path, None if stack is None else stack[2])
    B0 = _field_strength(top, space, path)
    counted = strings.get("labels", "").split() or [
        n for n, k in COUNTERS.items() if head["idx"][k][scan].any() or n == "LIN"
    ]
    own = strings.get("own_labels", "").split()
    labels: dict[str, np.ndarray] = {}
    for name in counted:
        if name in COUNTERS:
            labels[name] = head["idx"][COUNTERS[name]][scan].astype(int)
        elif name in FLAGS:
            labels[name] = ((head["flags"][scan] >> np.uint64(FLAGS[name] - 1)) & np.uint64(1)).astype(int)
        elif name in own and own.index(name) < OWN:
            labels[name] = head["user_int"][scan, 2 + own.index(name)].astype(int)
    if stack is not None:
        labels["SLC"] = stack[0]
    if not ours and flagged(head[scan], PHASE_CORRECTION).any():
        labels["NAV"] = flagged(head[scan], PHASE_CORRECTION).astype(int)
    trajectory = _trajectory(rows, head, scan, samples, strings, grid, top, space, path)
    if not ours:
        # Scanners count phases from the middle of the image (voxel n//2), RawData from the isocentre.
        middle = grid.affine[:3, :3] @ [n // 2 for n in grid.shape] + grid.affine[:3, 3]
        signal = (signal * np.exp(-2j * np.pi * (trajectory @ middle))[:, None, :]).astype(np.complex64)
    dwell = float(doubles["dwell_s"]) if "dwell_s" in doubles else None
    step = np.full(len(scan), dwell) if dwell else head["sample_time_us"][scan].astype(float) * 1e-6
    if "dwell_s" in doubles:
        start = head["user_int"][scan, 0] + head["user_int"][scan, 1] * 1e-9
    else:
        start = head["acquisition_time_stamp"][scan] * 2.5e-3
    times = start[:, None] + step[:, None] * np.arange(samples)
    if not (np.isfinite(times).all() and np.isfinite(trajectory).all()):
        raise ModelError(f"{path} has times or a trajectory that are not finite.")
    noise = np.eye(coils, dtype=complex)
    silent = [rows["data"][i] for i in np.flatnonzero(is_noise)]
    if silent:
        if any(len(n) == 0 or len(n) % (2 * coils) for n in silent):
            raise ModelError(f"a noise measurement of {path} is shorter or longer than its header says.")
        all_ = np.concatenate(
            [np.ascontiguousarray(n).view(np.complex64).reshape(coils, -1) for n in silent], axis=1
        ).astype(complex)
        noise = all_ @ all_.conj().T / all_.shape[1]
        if not np.isfinite(noise).all():
            raise ModelError(f"the noise measurement of {path} holds numbers that are not finite.")
    info = _info(strings, path)
    return RawData(signal, trajectory, times, labels, noise, grid, B0, info)


def _info(strings: dict[str, str], path: Path) -> dict[str, object]:
    try:
        info = json.loads(strings.get("info", "{}"))
    except ValueError:
        info = None
    if not isinstance(info, dict):
        raise ModelError(f"the scan's description in the header of {path} is damaged.")
    return info


def _field_strength(top: ElementTree.Element, space: dict[str, str], path: Path) -> float:
    said = top.findtext("m:acquisitionSystemInformation/m:systemFieldStrength_T", None, space)
    larmor = top.findtext("m:experimentalConditions/m:H1resonanceFrequency_Hz", None, space)
    try:
        value = float(said) if said else float(larmor or "nan") / GAMMA
    except ValueError:
        value = float("nan")
    if not 0.001 < value < 30:
        raise ModelError(f"the header of {path} gives no field strength between 0.001 and 30 T.")
    return value


def _grid(
    doubles: dict[str, str], head, shape, field: np.ndarray, path: Path, middle: np.ndarray | None = None
) -> Grid:
    """`middle` (3,) of the whole image in mm, where the first readout tells only its own slice's."""
    affine = np.eye(4)
    names = [f"affine_{i}{j}" for i in range(3) for j in range(4)]
    if all(n in doubles for n in names):
        affine[:3] = np.array([float(doubles[n]) for n in names]).reshape(3, 4)
    else:  # as the first readout says, mm and LPS
        flip = np.array([-1e-3, -1e-3, 1e-3])
        turn = (
            np.stack([head["read_dir"], head["phase_dir"], head["slice_dir"]], 1).astype(float) * np.sign(flip)[:, None]
        )
        if abs(np.linalg.det(turn)) < 0.5:
            turn = np.eye(3)
        affine[:3, :3] = turn * (field / shape)
        affine[:3, 3] = (head["position"].astype(float) if middle is None else middle) * flip - affine[:3, :3] @ (
            (np.array(shape) - 1) / 2
        )
    if not np.isfinite(affine).all() or abs(np.linalg.det(affine[:3, :3])) < 1e-18:
        raise ModelError(f"{path} does not say where its image lies.")
    return Grid((shape[0], shape[1], shape[2]), affine)


def _trajectory(rows, head, scan, samples, strings, grid: Grid, top, space, path: Path) -> np.ndarray:
    """(readouts, samples, 3) in cycles/m and world axes."""
    dims = int(head["trajectory_dimensions"][scan[0]])
    unit = grid.affine[:3, :3] / np.array(grid.voxel)
    field = np.array(grid.voxel) * grid.shape
    if dims == 0:  # Cartesian: from the counters

        def centre(name: str, n: int) -> float:
            text = top.findtext(
                f"m:encoding/m:encodingLimits/m:{name.replace('encode_step', 'encoding_step')}/m:center", None, space
            )
            return float(text) if text else n // 2

        wide = top.findtext("m:encoding/m:encodedSpace/m:fieldOfView_mm/m:x", None, space)
        k = np.zeros((len(scan), samples, 3))
        middle = head["center_sample"][scan].astype(float)
        k[..., 0] = (backwards(head[scan], samples) - middle[:, None]) / (float(wide) * 1e-3 if wide else field[0])
        for axis, name in ((1, "kspace_encode_step_1"), (2, "kspace_encode_step_2")):
            steps = head["idx"][name][scan].astype(float)
            k[..., axis] = ((steps - centre(name, grid.shape[axis])) / field[axis])[:, None] if steps.any() else 0.0
        return k @ unit.T
    if not 1 <= dims <= 3 or any(len(rows["traj"][i]) != dims * samples for i in scan):
        raise ModelError(f"the trajectory of {path} does not fit its readouts.")
    read = np.stack([rows["traj"][i] for i in scan]).reshape(len(scan), samples, dims).astype(float)
    k = np.zeros((len(scan), samples, 3))
    k[..., :dims] = read
    if strings.get("trajectory_unit") == "1/m":
        return k
    # Others write either shares of the matrix (±0.5) or cycles a field of view.
    scale = np.array(grid.shape) / field if np.abs(k).max() <= 0.5 + 1e-6 else 1 / field
    return (k * scale) @ unit.T
