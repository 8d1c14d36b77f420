"""A make of pump: the same equations with its own data sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from proband.model import Component, ModelError, did_you_mean

BOES = "Boes 2019 IEEE Trans Biomed Eng 66:1618, as in RWTH ECLIPSE parameter_pump.txt"
OPEN = "data sheet"  # the source of a row that a make must fill


def of_make(
    component: Component,
    name: str,
    module: str,
    sheet: Mapping[str, tuple[float, str]],
    settings: Mapping[str, tuple[float, float, float]] | None = None,
) -> Component:
    """The component under the name of a make. `sheet` gives rows (value in the row's unit, source), `settings` gives
    commands (value, low, high). Raises ModelError where a row is unknown or left open."""
    rows = dict(component.rows)
    for row, (value, source) in sheet.items():
        if row not in rows:
            raise ModelError(f"{name} has no row {row!r}{did_you_mean(row, rows)}.")
        rows[row] = replace(rows[row], value=rows[row].unit.si(value), source=source)
    for row, (value, low, high) in (settings or {}).items():
        unit = rows[row].unit
        rows[row] = replace(rows[row], value=unit.si(value), low=unit.si(low), high=unit.si(high))
    left = [n for n, r in rows.items() if r.source == OPEN]
    if left:
        raise ModelError(f"the data sheet of {name} leaves {', '.join(left)} open.")
    return replace(component, name=name, module=module, rows=MappingProxyType(rows))
