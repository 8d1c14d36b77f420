"""Waveforms of each transmit channel, beside a `.seq` file, which holds one waveform for all channels.

`<name>.ptx.h5` belongs to `<name>.seq`. Layout (HDF5):

    /                 attributes: format = "proband-ptx", version = 1, channels, sequence = md5 of the .seq file's bytes
    /pulses/<number>  dataset (channels, samples), complex64 or complex128, γB1/2π in Hz; attribute step in s

`<number>` is that of the RF event in the `.seq` file. Events that differ in nothing but their phase, their frequency or when they
play are one dataset with several names (hard links). An event that is not listed plays its own waveform on every channel, spread
by the scanner's shim. A file that does not fit the sequence is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.playing import steps
from proband.mr.sequence.tables import Tables

FORMAT, VERSION = "proband-ptx", 1


def side_car_of(path: str | Path) -> Path:
    """Where the waveforms of a `.seq` file lie."""
    return Path(path).with_suffix(".ptx.h5")


def write_waves(path: str | Path, tables: Tables, waves: Mapping[int, np.ndarray]) -> Path:
    """Write the side-car of the `.seq` file at `path`; `waves`: RF event → (channels, samples) in Hz."""
    import h5py

    place = side_car_of(path)
    channels = _check(place.name, tables, waves)
    with h5py.File(place, "w") as file:
        file.attrs.update(format=FORMAT, version=VERSION, channels=channels, sequence=_digest(path))
        written: dict[tuple[int, float], str] = {}
        for number, wave in waves.items():
            step = steps(tables.rf[number], tables.rf_raster)[0]
            twin = written.setdefault((id(wave), step), f"pulses/{number}")
            if twin != f"pulses/{number}":
                file[f"pulses/{number}"] = file[twin]
                continue
            data = file.create_dataset(f"pulses/{number}", data=np.asarray(wave, dtype=complex))
            data.attrs["step"] = step
    return place


def read_waves(path: str | Path, tables: Tables) -> dict[int, np.ndarray]:
    """Waveforms by channel of the `.seq` file at `path`; none where there is no side-car."""
    import h5py
    from h5py import h5o  # pyright: ignore[reportAttributeAccessIssue]

    place = side_car_of(path)
    if not place.exists():
        return {}
    waves: dict[int, np.ndarray] = {}
    known: dict[int, np.ndarray] = {}  # several events may have one waveform
    try:
        with h5py.File(place, "r") as file:
            said = {key: file.attrs.get(key) for key in ("format", "version", "channels", "sequence")}
            if said["format"] != FORMAT or said["version"] != VERSION:
                raise ModelError(
                    f"{place.name} is no side-car file: format {FORMAT!r}, version {VERSION} would be right."
                )
            if said["sequence"] != _digest(path):
                raise ModelError(f"{place.name} belongs to another sequence than {Path(path).name}: their md5 differ.")
            pulses: Any = file.get("pulses")
            for key, data in pulses.items() if isinstance(pulses, h5py.Group) else ():
                if not key.isdigit() or not isinstance(data, h5py.Dataset) or data.dtype.kind != "c" or data.ndim != 2:
                    raise ModelError(
                        f"{place.name}: /pulses/{key} is no complex array (channels, samples) of an RF event."
                    )
                place_in_file = h5o.get_info(data.id).addr
                if place_in_file not in known:
                    known[place_in_file] = np.asarray(data[()], dtype=complex)
                waves[int(key)] = known[place_in_file]
                wanted = steps(tables.rf[int(key)], tables.rf_raster)[0] if int(key) in tables.rf else np.nan
                if abs(float(data.attrs.get("step", np.nan)) - wanted) > 1e-9:
                    raise ModelError(
                        f"{place.name}: /pulses/{key} has another step than RF event {key} of the sequence."
                    )
    except (OSError, RuntimeError, KeyError, TypeError, AttributeError) as trouble:
        raise ModelError(f"{place.name} cannot be read as HDF5: {str(trouble).splitlines()[0]}.") from trouble
    except ValueError as trouble:
        if isinstance(trouble, ModelError):
            raise
        raise ModelError(f"{place.name} cannot be read as HDF5: {str(trouble).splitlines()[0]}.") from trouble
    if not waves or _check(place.name, tables, waves) != said["channels"]:
        raise ModelError(f"{place.name} announces {said['channels']} channels and holds another number.")
    return waves


def _digest(path: str | Path) -> str:
    return hashlib.md5(Path(path).read_bytes(), usedforsecurity=False).hexdigest()


def _check(name: str, tables: Tables, waves: Mapping[int, np.ndarray]) -> int:
    """The number of channels, the same in all."""
    channels = {np.shape(wave)[0] for wave in waves.values()}
    if len(channels) != 1:
        raise ModelError(f"{name}: every pulse needs the same number of channels; found {sorted(channels)}.")
    for number, wave in waves.items():
        if number not in tables.rf:
            raise ModelError(f"{name}: RF event {number} is not in the sequence.")
        samples = len(steps(tables.rf[number], tables.rf_raster)[1])
        if np.ndim(wave) != 2 or np.shape(wave)[1] != samples:
            raise ModelError(f"{name}: RF event {number} has {samples} samples; its waveforms {np.shape(wave)}.")
        if not np.isfinite(wave).all():
            raise ModelError(f"{name}: the waveforms of RF event {number} are not finite.")
    return channels.pop()
