"""What can be told of a body: the outputs of every part, and the substances that its compartments hold."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from proband.model.outputs import Output
from proband.units import L_min, mL_s

if TYPE_CHECKING:
    from proband.model.body import Body

_BEYOND = re.compile(r"\s*(\S+)\s*([<>])\s*(.+)")


def beyond(name: str) -> tuple[str, str, str] | None:
    """Signal, sign and bound of `aorta.pressure > 65 mmHg`; None of a plain signal."""
    found = _BEYOND.fullmatch(name)
    return (found[1], found[2], found[3]) if found else None


def told(body: Body, name: str) -> dict[str, Output]:
    """What a part tells, by quantity, in the units that people see: flows are kept in mL/s and read in L/min."""
    component = body.parts[name].component
    found = {
        quantity: replace(output, unit=L_min) if output.unit == mL_s and quantity == "flow" else output
        for quantity, output in component.outputs.items()
    }
    if component.kind == "compartment":
        volume = component.rows["volume"].unit
        for c in body.substances:
            dissolved = f"{c.name}_concentration"
            found.setdefault(c.name, Output(c.name, c.unit, f"{c.name} in {name}"))
            found.setdefault(dissolved, Output(dissolved, c.unit / volume, f"{c.name} concentration in {name}"))
    return found


def signals(body: Body) -> list[str]:
    """Every signal's name, short names first."""
    return [*body.aliases, *(f"{name}.{quantity}" for name in sorted(body.parts) for quantity in told(body, name))]
