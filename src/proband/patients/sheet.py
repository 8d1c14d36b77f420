"""A patient's data sheet: who it is, and in which rows the body differs from the resting adult's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from types import MappingProxyType

from proband.model import Body, ModelError, did_you_mean
from proband.organs import heart
from proband.patients.blood import with_blood_volume
from proband.patients.circulation import circulation
from proband.patients.size import resized
from proband.units import Quantity, parse_quantity

ROOM = "sheets"


@dataclass(frozen=True)
class Sheet:
    """A patient as data."""

    name: str
    title: str
    age: int  # in years
    sex: str
    weight: Quantity
    body_surface: Quantity
    blood_volume: Quantity
    description: str
    size: float = 1.0
    sources: tuple[str, ...] = ()
    rows: Mapping[str, Quantity] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)  # the source of each row
    parts: Mapping[str, str] = field(default_factory=dict)  # another component in a part's place

    def body(self) -> Body:
        """The patient, ready to be attached to."""
        body = resized(circulation(), self.size)
        for place, component in self.parts.items():
            body = exchanged(body, place, component)
        return with_blood_volume(body.with_values(self.rows), self.blood_volume)


def exchanged(body: Body, place: str, component: str) -> Body:
    """The body with another component of the heart at the same place: a leaking valve, another rhythm.

    Settings and wires that both components have are kept.

        exchanged(body, "heart", "atrial_fibrillation")"""
    make, old = getattr(heart, component, None), body.parts.get(place)
    if make is None or old is None:
        what = component if make is None else place
        raise ModelError(f"{what!r} is unknown{did_you_mean(what, (*heart.__all__, *body.parts))}; name a part and a component of the heart.")
    kept = {r: v for r, v in old.values.items() if r in make.rows and make.rows[r].unit.dimension == old.component.rows[r].unit.dimension}
    new = replace(make(*old.ends, **{r: w for r, w in old.wires.items() if r in make.rows}), values=MappingProxyType(kept))
    changed = Body(**{**body.parts, place: new})
    # A leaking valve's whole flow follows the pressures at once; the ventricle hears of the column between the leaflets.
    heard = {n: f"{place}.column" for n in _listeners(body, f"{place}.flow")} if "column" in make.rows else {}
    return changed.with_wires(heard)


def _listeners(body: Body, signal: str) -> list[str]:
    """The compartments' rows that read a signal."""
    return [
        f"{name}.{row}"
        for name, part in body.parts.items()
        if part.component.kind == "compartment"
        for row, wire in part.wires.items()
        if wire == signal
    ]


def names() -> list[str]:
    """The patients that have a sheet."""
    room = resources.files("proband.patients") / ROOM
    return sorted(f.name.removesuffix(".yaml") for f in room.iterdir() if f.name.endswith(".yaml"))


def sheet(name: str) -> Sheet:
    """A patient's sheet by name. Raises ModelError where there is none, or where a line of it cannot be."""
    if name not in names():
        raise ModelError(f"there is no patient {name!r}{did_you_mean(name, names())}; there are {', '.join(names())}.")
    text = (resources.files("proband.patients") / ROOM / f"{name}.yaml").read_text(encoding="utf-8")
    return read(name, text)


def read(name: str, text: str) -> Sheet:
    """A sheet from its YAML text."""
    from ruamel.yaml import YAML

    data = YAML(typ="safe").load(text)
    rows: dict[str, Quantity] = {}
    why: dict[str, str] = {}
    for row, line in (data.pop("rows", None) or {}).items():
        if not isinstance(line, list) or len(line) != 2:
            raise ModelError(f"the sheet of {name} gives {row} as {line!r}; write [value with unit, source].")
        rows[row], why[row] = parse_quantity(line[0]), str(line[1])
    quantities = {k: parse_quantity(data.pop(k)) for k in ("weight", "body_surface", "blood_volume")}
    sources = tuple(data.pop("sources", ()))
    parts = data.pop("parts", None) or {}
    return Sheet(name=name, rows=rows, why=why, sources=sources, parts=parts, **quantities, **data)


def load(name: str) -> Body:
    """The body of the patient of this name: `patients.load("hfref_severe")`."""
    return sheet(name).body()
