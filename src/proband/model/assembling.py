"""Assemblies laid out as parts with full names, short names, and what their compartments hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from proband.model.component import Assembly, Part
from proband.model.rows import ModelError


def _carried_only(thing: Assembly, carried: set[str]) -> Assembly:
    """Without the parts that need substances which are not carried, and without what is read from them."""
    gone = {inner for inner, needed in thing.needs.items() if not carried.issuperset(needed)}
    if not gone:
        return thing

    def stays(name: str) -> bool:
        return not (name.startswith(".") and name.rpartition(".")[0][1:] in gone)

    parts = {
        inner: replace(part, wires=MappingProxyType({r: w for r, w in part.wires.items() if stays(w)}))
        for inner, part in thing.parts.items()
        if inner not in gone
    }
    tells = {short: long for short, long in thing.tells.items() if stays(long)}
    contents = {place: amount for place, amount in thing.contents.items() if stays(place)}
    return replace(thing, parts=parts, tells=tells, contents=contents)


def refuse_name(name: str, what: str) -> None:
    """Refuse what cannot stand before or after the dot of `part.quantity`."""
    if not name.isidentifier():
        raise ModelError(f"{name!r} cannot be the name of a {what}: take letters, digits and _, a letter first.")


def laid_out(
    things: Mapping[str, Part | Assembly], carried: Collection[str] = ()
) -> tuple[dict[str, Part], dict[str, str], dict[str, float]]:
    """Parts, short names and contents by full names. What needs substances that are not `carried` is left out."""
    parts: dict[str, Part] = {}
    aliases: dict[str, str] = {}
    contents: dict[str, float] = {}
    for name, thing in things.items():
        refuse_name(name, "part or device")
        if isinstance(thing, Part):
            parts[name] = thing
            continue
        if not isinstance(thing, Assembly):
            raise ModelError(f"{name} is {thing!r}; only parts and assemblies can be attached.")
        thing = _carried_only(thing, set(carried))

        def full(place: str, name: str = name) -> str:
            return f"{name}{place}" if place.startswith(".") else place

        for inner, part in thing.parts.items():
            parts[f"{name}.{inner}"] = replace(
                part,
                ends=tuple(full(e) for e in part.ends),
                wires=MappingProxyType({r: full(w) for r, w in part.wires.items()}),
            )
        aliases.update({f"{name}.{short}": full(long) for short, long in thing.tells.items()})
        contents.update({full(place): amount.si for place, amount in thing.contents.items()})
    return parts, aliases, contents
