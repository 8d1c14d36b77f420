"""A patient's data sheet: who it is, and in which rows the body differs from the resting adult's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources

from proband.model import Body, ModelError, did_you_mean
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

    def body(self, **instead: str) -> Body:
        """The patient, ready to be attached to."""
        body = resized(circulation(**{**self.parts, **instead}), self.size)
        return with_blood_volume(body.with_values(self.rows, self.why), self.blood_volume)

    def source(self, row: str) -> str:
        """Where a row's number comes from: this sheet, the resting adult's body or the component's own table."""
        body = self.body()
        part, table = body.row(row)
        return body.parts[part].source(table.name)


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


def load(name: str, **instead: str) -> Body:
    """The body of the patient of this name: `patients.load("hfref_severe")`.

    `instead` puts another component of the heart in a place: `patients.load("healthy_man", heart="atrial_fibrillation")`."""
    return sheet(name).body(**instead)
