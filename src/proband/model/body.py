"""A body: named parts and what joins them. Nothing in it changes; attaching gives a new body."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from proband.model.assembling import laid_out, refuse_name
from proband.model.component import Assembly, Part, Site
from proband.model.joints import check_joints
from proband.model.nearest import did_you_mean
from proband.model.rows import ModelError, Row
from proband.units import Quantity, Unit
from proband.units import s as second


@dataclass(frozen=True)
class Substance:
    """Something dissolved that rides on every flow, held as an amount in each compartment.

    Without a period it is carried in every step of the solver; with one (`period=10 * ms`) what each path has moved
    meanwhile carries it along, once a period: as exact in the balance, and far cheaper."""

    name: str
    unit: Unit  # of the amount (mmol, mg)
    meaning: str = ""
    period: Quantity | None = None

    @property
    def every(self) -> float | None:
        """The period in s; None for a substance that is carried in every step."""
        return None if self.period is None else self.period.to(second)


class Body:
    """Parts by name, the substances they carry and short names for quantities. Frozen.

    >>> supported = patient.attach(lvad=heartmate3(patient.left_ventricle, patient.aorta))
    """

    parts: Mapping[str, Part]
    substances: tuple[Substance, ...]
    aliases: Mapping[str, str]
    contents: Mapping[str, float]  # `place.substance` → concentration at the start, in SI

    def __init__(self, **things: Part | Assembly):
        parts, aliases, contents = laid_out(things)
        self._fill(parts, (), aliases, contents)

    def _fill(
        self,
        parts: dict[str, Part],
        substances: tuple[Substance, ...],
        aliases: dict[str, str],
        contents: dict[str, float],
        new: Collection[str] | None = None,
    ) -> None:
        object.__setattr__(self, "parts", MappingProxyType(parts))
        object.__setattr__(self, "substances", substances)
        object.__setattr__(self, "aliases", MappingProxyType(aliases))
        object.__setattr__(self, "contents", MappingProxyType(contents))
        check_joints(self, new)

    def _like(self, parts: dict[str, Part], substances=None, aliases=None, contents=None, new=None) -> Body:
        """`new`: names of the parts whose joints have to be checked, where this body's own stay as they are; None: all."""
        body = object.__new__(type(self))
        body._fill(
            parts,
            self.substances if substances is None else substances,
            dict(self.aliases) if aliases is None else aliases,
            dict(self.contents) if contents is None else contents,
            new,
        )
        return body

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(
            f"a body does not change; use attach, detach or with_values to get a new one (tried to set {name})."
        )

    def __getattr__(self, name: str) -> Site:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self.parts or any(p.startswith(f"{name}.") for p in self.parts):
            return Site(name)
        raise AttributeError(f"this body has no part {name!r}{did_you_mean(name, self.parts)}.")

    def __dir__(self):
        return [*super().__dir__(), *{p.partition(".")[0] for p in self.parts}]

    def __repr__(self) -> str:
        return f"<Body of {len(self.parts)} parts: {', '.join(list(self.parts)[:6])}, …>"

    def attach(self, **things: Part | Assembly) -> Body:
        """A new body with these parts too. Raises ModelError where a name is taken or a place does not exist."""
        parts, aliases, contents = laid_out(things, [c.name for c in self.substances])
        for name in things:
            if any(p == name or p.startswith(f"{name}.") for p in self.parts):
                raise ModelError(f"{name!r} is attached already; detach it first or choose another name.")
        joined = self._like(
            {**self.parts, **parts},
            aliases={**self.aliases, **aliases},
            contents={**self.contents, **contents},
            new=None if aliases.keys() & self.aliases.keys() else parts.keys(),
        )
        changes = {
            row: (value, name)
            for name, thing in things.items()
            if isinstance(thing, Assembly)
            for row, value in thing.sets.items()
            if row.rpartition(".")[0] in self.parts
        }
        heard = {row: str(source) for row, (source, _) in changes.items() if joined.row(row)[1].kind == "reads"}
        set_ = {row: told for row, told in changes.items() if row not in heard}
        if heard:
            joined = joined.with_wires(heard)
        if not set_:
            return joined
        return joined.with_values(
            {row: value for row, (value, _) in set_.items()},
            {row: f"set by attaching {name}" for row, (_, name) in set_.items()},
        )

    def detach(self, *names: str) -> Body:
        """A new body without these parts. Raises ModelError where something else still joins or reads them."""
        for name in names:
            if not any(_within(p, name) for p in self.parts):
                raise ModelError(f"there is no {name!r} to detach{did_you_mean(name, self.parts)}.")
        parts = {p: v for p, v in self.parts.items() if not any(_within(p, n) for n in names)}
        aliases = {a: v for a, v in self.aliases.items() if not any(_within(a, n) for n in names)}
        contents = {c: v for c, v in self.contents.items() if not any(_within(c, n) for n in names)}
        return self._like(parts, aliases=aliases, contents=contents)

    def with_values(self, values: Mapping[str, Quantity | float | str], why: Mapping[str, str] | None = None) -> Body:
        """A new body in which rows have other values: `{"left_ventricle.E_max": 0.8 * mmHg / mL}`.

        `why` gives each row's source under the same name; without it the new value has none."""
        parts = dict(self.parts)
        for name, quantity in values.items():
            part_name, row = self.row(name)
            part = parts[part_name]
            si = row.accept(quantity, f"{part_name}.{row.name}")
            sources = {r: said for r, said in part.sources.items() if r != row.name or si == part.value(row.name)}
            if (why or {}).get(name):
                sources[row.name] = (why or {})[name]
            parts[part_name] = replace(
                part, values=MappingProxyType({**part.values, row.name: si}), sources=MappingProxyType(sources)
            )
        return self._like(parts, new=())

    def with_sources(self, source_of: Callable[[str], str]) -> Body:
        """A new body in which `source_of("part.row")` is the source of every value that is a part's own and has none yet."""
        parts = dict(self.parts)
        for name, part in self.parts.items():
            found = {row: source_of(f"{name}.{row}") for row in part.values if part.own(row) and not part.source(row)}
            sources = {**part.sources, **{row: said for row, said in found.items() if said}}
            parts[name] = replace(part, sources=MappingProxyType(sources))
        return self._like(parts, new=())

    def with_wires(self, wires: Mapping[str, str | Site]) -> Body:
        """A new body in which rows read other signals: `{"left_ventricle.outside": "chest.pressure"}`."""
        parts = dict(self.parts)
        for name, source in wires.items():
            part_name, row = self.row(name)
            if row.kind != "reads":
                raise ModelError(f"{name} is a {row.kind} row and reads nothing; only reads rows can be wired.")
            part = parts[part_name]
            parts[part_name] = replace(part, wires=MappingProxyType({**part.wires, row.name: str(source)}))
        return self._like(parts, new={self.row(name)[0] for name in wires})

    def carrying(self, *substances: Substance) -> Body:
        """A new body in which these substances ride on every flow. Raises ModelError for names that are taken."""
        taken = {row for p in self.parts.values() if p.component.kind == "compartment" for row in p.component.outputs}
        taken |= {c.name for c in self.substances}
        for substance in substances:
            refuse_name(substance.name, "substance")
            if substance.name in taken:
                raise ModelError(f"a substance cannot be called {substance.name!r}: that name is taken.")
            taken.add(substance.name)
        return self._like(dict(self.parts), substances=(*self.substances, *substances))

    def filled(self, contents: Mapping[str, Quantity]) -> Body:
        """A new body whose compartments hold substances at the start: `{"aorta.oxygen": 8.7 * mmol / L}`.

        Each is a concentration; where nothing is said there is none. A content of a substance that a body does not
        (yet) carry is kept for the day it does. Raises ModelError for places that are no compartments."""
        told = dict(self.contents)
        for name, amount in contents.items():
            place = name.rpartition(".")[0]
            part = self.parts.get(place)
            if part is None or part.component.kind != "compartment":
                raise ModelError(f"{name!r} names no compartment of this body{did_you_mean(place, self.parts)}.")
            told[name] = amount.si
        return self._like(dict(self.parts), contents=told, new=())

    def row(self, name: str) -> tuple[str, Row]:
        """The part and the row that `part.row` names, short names included. Raises ModelError."""
        full = self.aliases.get(name, name)
        part, _, row = full.rpartition(".")
        if part not in self.parts:
            raise ModelError(f"{name!r} names no part of this body{did_you_mean(name, self.names())}.")
        rows = self.parts[part].component.rows
        if row not in rows:
            raise ModelError(f"{part} has no row {row!r}{did_you_mean(row, rows)}; it has {', '.join(rows)}.")
        return part, rows[row]

    def value(self, name: str) -> Quantity:
        """What a row of the table holds in this body."""
        part, row = self.row(name)
        si = self.parts[part].value(row.name)
        if si is None:
            raise ModelError(f"{name} has no value of its own; it is a {row.kind} row.")
        return Quantity(si, row.unit.dimension, row.unit)

    def names(self, *kinds: str) -> list[str]:
        """`part.row` for every row of these kinds (all without), short names first."""
        full = [
            f"{p}.{r.name}"
            for p, part in self.parts.items()
            for r in part.component.rows.values()
            if not kinds or r.kind in kinds
        ]
        return [*(a for a, target in self.aliases.items() if target in set(full)), *full]

    def joined_to(self, place: str) -> list[str]:
        """The compartments that paths join to this one, itself included: what a leak there can empty."""
        joined: dict[str, set[str]] = {}
        for part in self.parts.values():
            if part.component.kind == "path":
                a, b = part.ends
                joined.setdefault(a, set()).add(b)
                joined.setdefault(b, set()).add(a)
        found, open_ends = {place}, [place]
        while open_ends:
            for other in joined.get(open_ends.pop(), ()):
                if other not in found:
                    found.add(other)
                    open_ends.append(other)
        return [name for name in self.parts if name in found]

    def commands(self) -> list[str]:
        """What a protocol may set."""
        return self.names("command")


def _within(part: str, name: str) -> bool:
    return part == name or part.startswith(f"{name}.")


def describe(body: Body) -> list[tuple[str, str, Any]]:
    """Every parameter in the body: name, value as text, the source of that value."""
    lines = []
    for name, part in body.parts.items():
        for row in part.component.rows.values():
            if row.kind == "param":
                value = part.value(row.name)
                shown = "" if value is None else f"{row.unit.of(value):.6g} {row.unit}"
                lines.append((f"{name}.{row.name}", shown, part.source(row.name)))
    return lines
