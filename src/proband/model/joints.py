"""What must hold where the parts of a body meet. Each refusal is one sentence."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from proband.model.component import Part
from proband.model.nearest import did_you_mean
from proband.model.outputs import Output
from proband.model.rows import ModelError, Row
from proband.model.signals import signals, told

if TYPE_CHECKING:
    from proband.model.body import Body


def check_joints(body: Body, new: Collection[str] | None = None) -> None:
    """Refuse what cannot be: unknown ends, unconnected rows, unknown signals. One sentence each. Of the parts that are `new`, where
    nothing that the others join has changed."""
    compartments = [n for n, p in body.parts.items() if p.component.kind == "compartment"]
    carried = [c.name for c in body.substances]
    known: dict[str, dict[str, Output]] = {}  # what each part tells that is read
    for name, part in body.parts.items():
        if new is not None and name not in new:
            continue
        for place in part.ends:
            if place not in compartments:
                what = f"a {body.parts[place].component.kind}" if place in body.parts else "no part of this body"
                raise ModelError(
                    f"{name} ends in {place!r}, which is {what}; it must be a compartment{did_you_mean(place, compartments)}."
                )
        part.component.outputs  # noqa: B018  found, and so checked, once for each component
        if part.component.kind == "path":
            if len(set(part.ends)) == 1:
                raise ModelError(
                    f"{name} leads from {part.ends[0]!r} to {part.ends[0]!r}; a path joins two compartments, name another."
                )
            _check_fluids(body, name, part)
        if part.substance and part.substance not in carried:
            have = ", ".join(carried) or "none"
            raise ModelError(f"{name} concerns {part.substance!r}, but this body carries {have}; use body.carrying(…).")
        for row in part.component.rows.values():
            if row.kind != "reads":
                continue
            wire = part.wires.get(row.name)
            if wire is not None:
                _check_wire(body, name, row, wire, known)
            elif part.value(row.name) is None:
                raise ModelError(
                    f"{name}.{row.name} is not connected; it reads {row.meaning} ({row.unit}): {row.name}='part.signal'."
                )


def _check_fluids(body: Body, name: str, part: Part) -> None:
    """What flows is one fluid: a compartment that tells what a millimole takes (`molar_volume`) holds gas, others hold none."""
    gas = {place: "molar_volume" in body.parts[place].component.outputs for place in part.ends}
    if len(set(gas.values())) > 1:
        full, empty = (next(place for place in gas if gas[place] is kind) for kind in (True, False))
        raise ModelError(
            f"{name} leads from gas to what is none: {full} holds gas, {empty} does not; join two of one kind."
        )


def _check_wire(body: Body, name: str, row: Row, wire: str, known: dict[str, dict[str, Output]]) -> None:
    full = body.aliases.get(wire, wire)
    source, _, quantity = full.rpartition(".")
    if source not in body.parts:
        raise ModelError(
            f"{name}.{row.name} reads {wire!r}, but there is no such part{did_you_mean(wire, signals(body))}."
        )
    output = body.parts[source].component.outputs.get(quantity)
    if output is None:  # a substance, or nothing at all
        if source not in known:
            known[source] = told(body, source)
        output = known[source].get(quantity)
    if output is None:
        outputs = known[source]
        substance, carried = quantity.removesuffix("_concentration"), [c.name for c in body.substances]
        if substance != quantity and not did_you_mean(substance, carried):
            raise ModelError(
                f"{name}.{row.name} reads {wire!r}, but this body carries {', '.join(carried) or 'nothing'} and no "
                f"{substance}; use body.carrying(…), in a trial `carry`."
            )
        raise ModelError(
            f"{name}.{row.name} reads {wire!r}, but {source} gives no {quantity!r}"
            f"{did_you_mean(quantity, outputs)}; it gives {', '.join(outputs)}."
        )
    if output.unit.dimension != row.unit.dimension:
        raise ModelError(
            f"{name}.{row.name} is in {row.unit}, but {wire} is in {told(body, source)[quantity].unit}; they cannot be joined."
        )
