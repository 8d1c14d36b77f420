"""A patient's data sheet: who it is, and in which rows the body differs from the resting adult's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib import resources

from proband.model import Body, ModelError, did_you_mean
from proband.patients.ageing import dealt_upwards
from proband.patients.blood import with_blood_volume
from proband.patients.breathing import breathing
from proband.patients.circulation import circulation
from proband.patients.gases import brings, with_gases
from proband.patients.size import resized
from proband.units import Quantity, parse_quantity

ROOM, LUNGS = "sheets", "lungs"  # patients whose lungs are one resistance, and patients who breathe


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
    breathing: Mapping[str, float] | None = None  # settings of the lungs; None: one resistance in their place
    upwards: bool = False  # most of the air goes to the upper half, as unevenly as at this age; else evenly

    def body(self, gases: bool = True, **instead: str) -> Body:
        """The patient, ready to be attached to. `gases=False`: one who breathes does so mechanically, and carries nothing."""
        body = resized(circulation(**{**self.parts, **instead}), self.size)
        # Of what stands in another's place the sheet says what both have: a valve that was mended has no hole.
        mended = {row for row in self.rows if row.partition(".")[0] in instead and row not in body.names()}
        said = {row: value for row, value in self.rows.items() if row not in mended}
        if self.breathing is None:
            return with_blood_volume(body.with_values(said, self.why), self.blood_volume)
        own = {row: value for row, value in said.items() if row.partition(".")[0] in body.parts}
        body = with_blood_volume(body.with_values(own, self.why), self.blood_volume)
        body = breathing(body, **self.breathing)
        body = with_gases(body, self.size) if gases else body
        rows = {row: value for row, value in said.items() if row not in own and (gases or not brings(row))}
        body = body.with_values(*_each(body, rows, self.why))
        return body.with_values(*dealt_upwards(body, self.age)) if self.upwards else body

    def source(self, row: str) -> str:
        """Where a row's number comes from: this sheet, the resting adult's body or the component's own table."""
        body = self.body()
        part, table = body.row(row)
        return body.parts[part].source(table.name)


def _each(
    body: Body, rows: Mapping[str, Quantity], why: Mapping[str, str]
) -> tuple[dict[str, Quantity], dict[str, str]]:
    """Rows by their full names: `alveoli_?.k` stands for that row of every region. Later lines go before earlier ones."""
    values: dict[str, Quantity] = {}
    sources: dict[str, str] = {}
    known = body.names()
    for pattern, value in rows.items():
        found = [row for row in known if fnmatchcase(row, pattern)]
        if not found:
            raise ModelError(f"{pattern!r} names no row of this body{did_you_mean(pattern, known)}.")
        values |= dict.fromkeys(found, value)
        sources |= dict.fromkeys(found, why.get(pattern, ""))
    return values, sources


def names(room: str | None = None) -> list[str]:
    """The patients that have a sheet: all, or those whose lungs are one resistance (`sheets`), or who breathe (`lungs`)."""
    rooms = (ROOM, LUNGS) if room is None else (room,)
    files = [f.name for each in rooms for f in (resources.files("proband.patients") / each).iterdir()]
    return sorted(name.removesuffix(".yaml") for name in files if name.endswith(".yaml"))


def sheet(name: str) -> Sheet:
    """A patient's sheet by name. Raises ModelError where there is none, or where a line of it cannot be."""
    rooms = {n: room for room in (LUNGS, ROOM) for n in names(room)}
    if name not in rooms:
        known = sorted(rooms)
        raise ModelError(f"there is no patient {name!r}{did_you_mean(name, known)}; there are {', '.join(known)}.")
    text = (resources.files("proband.patients") / rooms[name] / f"{name}.yaml").read_text(encoding="utf-8")
    return read(name, text)


def size_of(name: str) -> float:
    """A patient's size beside a man's; 1 for one without a sheet."""
    return sheet(name).size if name in names() else 1.0


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


def load(name: str, gases: bool = True, **instead: str) -> Body:
    """The body of the patient of this name: `patients.load("hfref_severe")`.

    `gases=False` leaves out what blood and gas carry, for questions of mechanics alone.
    `instead` puts another component of the heart in a place: `patients.load("healthy_man", heart="atrial_fibrillation")`."""
    return sheet(name).body(gases, **instead)
