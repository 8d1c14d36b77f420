"""A scanner's data sheet: YAML, every row [value, unit, source]; a row too many or too few is refused."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from typing import Any

from proband.model import ModelError, did_you_mean
from proband.mr.scanner.scanner import (
    Converter,
    Gradients,
    LowPass,
    Magnet,
    NerveFilter,
    ReceiveArray,
    Scanner,
    Transmitter,
)

ROOM = "sheets"

# What a unit is worth in SI.
UNITS = {
    "T": 1.0,
    "m": 1.0,
    "cm": 1e-2,
    "mm": 1e-3,
    "s": 1.0,
    "ms": 1e-3,
    "us": 1e-6,
    "ns": 1e-9,
    "mT/m": 1e-3,
    "T/m/s": 1.0,
    "kW": 1e3,
    "W": 1.0,
    "Hz": 1.0,
    "kHz": 1e3,
    "Hz/s": 1.0,
    "Hz/min": 1 / 60,
    "ppm": 1.0,
    "mPa": 1e-3,
    "dB": 1.0,
    "%": 1e-2,
    "1": 1.0,
}

# Which units a row may be told in: its dimension's.
LENGTH, TIME, SHARE, POWER = ("m", "cm", "mm"), ("s", "ms", "us", "ns"), ("%", "1"), ("W", "kW")
FREQUENCY, COUNT = ("Hz", "kHz"), ("1",)

ROWS: dict[str, dict[str, tuple[str, ...]]] = {
    "magnet": {
        "bore": LENGTH,
        "radius": LENGTH,
        "shim_order": COUNT,
        "shim_limit": FREQUENCY,
        "drift": ("Hz/s", "Hz/min"),
    },
    "gradients": {
        "maximum": ("mT/m",),
        "slew": ("T/m/s",),
        "rms": ("mT/m",),
        "rms_window": TIME,
        "raster": TIME,
        "delay": TIME,
        "third": SHARE,
        "acoustic_sensitivity": ("mPa",),
        "acoustic_resonance": FREQUENCY,
        "acoustic_width": FREQUENCY,
    },
    "filter": {"time": TIME, "share": SHARE},
    "nerves": {
        "limit": ("T/m/s",),
        "scale": COUNT,
    },
    "transmitter": {
        "channels": COUNT,
        "power": POWER,
        "duty": SHARE,
        "cable": SHARE,
        "radius": LENGTH,
        "shield": LENGTH,
        "length": LENGTH,
        "rungs": COUNT,
        "wire": LENGTH,
        "loss_factor": COUNT,
        "raster": TIME,
        "dead_time": TIME,
        "ringdown": TIME,
    },
    "array": {
        "rings": COUNT,
        "loops": COUNT,
        "length": LENGTH,
        "half_width": LENGTH,
        "half_height": LENGTH,
        "gap": LENGTH,
        "wire": LENGTH,
        "loss_factor": COUNT,
        "noise_figure": ("dB",),
    },
    "converter": {
        "shortest_dwell": TIME,
        "longest_dwell": TIME,
        "raster": TIME,
        "dead_time": TIME,
        "passband": SHARE,
    },
}
WHOLE = {"shim_order", "channels", "rungs", "rings", "loops"}
KINDS = ("birdcage", "tem", "loops")


def scanners() -> list[str]:
    """The scanners that have a sheet."""
    room = resources.files("proband.mr.scanner") / ROOM
    return sorted(f.name.removesuffix(".yaml") for f in room.iterdir() if f.name.endswith(".yaml"))


@functools.cache
def scanner(name: str) -> Scanner:
    """A scanner by name, read once. Raises ModelError where there is none, or where a line of its sheet cannot be."""
    if name not in scanners():
        raise ModelError(
            f"there is no scanner {name!r}{did_you_mean(name, scanners())}; there are {', '.join(scanners())}."
        )
    text = (resources.files("proband.mr.scanner") / ROOM / f"{name}.yaml").read_text(encoding="utf-8")
    return read(name, text)


def read(name: str, text: str) -> Scanner:
    """A scanner from the text of its sheet."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe").load(text)
    except YAMLError as trouble:
        first = str(trouble).splitlines()[0]
        raise ModelError(f"the sheet of {name} is not YAML: {first}.") from None
    if not isinstance(data, dict):
        raise ModelError(f"the sheet of {name} is empty; it needs the parts title, field, magnet and so on.")
    parts = ("title", "description", "field", "magnet", "gradients", "transmitter", "arrays", "converter")
    _only(name, "", data, parts)
    sources: dict[str, str] = {}

    def row(place: str, line: Any, units: tuple[str, ...]) -> float:
        value, sources[place] = _row(name, place, line, units)
        return value

    def table(
        place: str, lines: Any, kind: str, but: tuple[str, ...] = (), may: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        rows = ROWS[kind]
        _only(name, place, lines, (*rows, *but), may)
        values: dict[str, Any] = {k: row(f"{place}.{k}", lines[k], units) for k, units in rows.items()}
        for k in WHOLE & set(values):
            if values[k] != int(values[k]) or values[k] < 0:
                raise ModelError(f"the sheet of {name} gives {place}.{k} as {values[k]}; a whole number was expected.")
            values[k] = int(values[k])
        return values

    def filters(place: str, lines: Any) -> tuple[LowPass, ...]:
        if not isinstance(lines, list) or not lines or any(not isinstance(f, dict) for f in lines):
            raise ModelError(f"the sheet of {name} gives {place} as {lines!r}; write a list of filters, each with time and share.")  # fmt: skip
        found = []
        for i, line in enumerate(lines):
            one, rectified = table(f"{place}[{i}]", line, "filter", (), ("rectified",)), line.get("rectified", False)
            if not one["time"] > 0 or not isinstance(rectified, bool):
                raise ModelError(f"the sheet of {name} gives {place}[{i}] a time of {one['time']} s and rectified {rectified!r}; a time above zero and true or false would be right.")  # fmt: skip
            found.append(LowPass(one["time"], one["share"], rectified))
        return tuple(found)

    magnet = table("magnet", data["magnet"], "magnet", ("residual",))
    residual = {k: row(f"magnet.residual.{k}", v, ("ppm",)) for k, v in data["magnet"]["residual"].items()}
    gradients = table("gradients", data["gradients"], "gradients", ("eddy",), ("nerves",))
    nerves = []
    if "nerves" in data["gradients"]:
        _only(name, "gradients.nerves", data["gradients"]["nerves"], ("x", "y", "z"))
        for axis in "xyz":
            lines, place = data["gradients"]["nerves"][axis], f"gradients.nerves.{axis}"
            one = table(place, lines, "nerves", ("filters",))
            nerves.append(NerveFilter(filters(f"{place}.filters", lines["filters"]), one["limit"], one["scale"]))
    eddy = []
    for i, line in enumerate(data["gradients"]["eddy"]):
        if not isinstance(line, list) or len(line) != 2:
            raise ModelError(f"the sheet of {name} gives gradients.eddy[{i}] as {line!r}; write [[share], [time]].")
        eddy.append(
            (row(f"gradients.eddy[{i}].share", line[0], SHARE), row(f"gradients.eddy[{i}].time", line[1], TIME))
        )
    kind = data["transmitter"].get("kind")
    if kind not in KINDS:
        raise ModelError(f"the sheet of {name} gives transmitter.kind as {kind!r}; it is one of {', '.join(KINDS)}.")
    arrays = {a: ReceiveArray(name=a, **table(f"arrays.{a}", lines, "array")) for a, lines in data["arrays"].items()}
    return Scanner(
        name=name,
        title=str(data["title"]),
        description=str(data["description"]),
        field=row("field", data["field"], ("T",)),
        magnet=Magnet(residual=residual, **magnet),
        gradients=Gradients(eddy=tuple(eddy), nerves=tuple(nerves), **gradients),
        transmitter=Transmitter(kind=kind, **table("transmitter", data["transmitter"], "transmitter", ("kind",))),
        arrays=arrays,
        converter=Converter(**table("converter", data["converter"], "converter")),
        sources=sources,
    )


def _only(name: str, place: str, lines: Any, allowed: tuple[str, ...], may: tuple[str, ...] = ()) -> None:
    where = f"{place}." if place else ""
    if not isinstance(lines, Mapping):
        raise ModelError(f"the sheet of {name} has no table {place}; it needs the rows {', '.join(allowed)}.")
    for k in lines:
        if k not in (*allowed, *may):
            raise ModelError(f"the sheet of {name} has an unknown row {where}{k}{did_you_mean(str(k), allowed)}.")
    for k in allowed:
        if k not in lines:
            raise ModelError(f"the sheet of {name} lacks the row {where}{k}.")


def _row(name: str, place: str, line: Any, units: tuple[str, ...]) -> tuple[float, str]:
    if not isinstance(line, list) or len(line) != 3:
        raise ModelError(f"the sheet of {name} gives {place} as {line!r}; write [value, unit, source].")
    value, unit, source = line
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == float("inf"):
        raise ModelError(f"the sheet of {name} gives {place} as {value!r}; a number was expected.")
    if str(unit) not in units:
        raise ModelError(f"the sheet of {name} gives {place} in {unit!r}; it is told in {' or '.join(units)}.")
    if not isinstance(source, str) or not source.strip():
        raise ModelError(f"the sheet of {name} gives {place} without a source; write one, or 'assumed: why'.")
    return float(value) * UNITS[str(unit)], source
