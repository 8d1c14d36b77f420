"""What can be observed of a body: its signals, its rows, and whether a signal lies above or below a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proband.engine.graph import Node
from proband.model.body import Body
from proband.model.rows import ModelError
from proband.model.signals import beyond, told
from proband.units import Unit, UnitError, parse_quantity, percent

if TYPE_CHECKING:
    from proband.engine.tracing import Tracer


def observed(tracer: Tracer, name: str) -> Node:
    """A signal, or whether one is above or below a value: `aorta.pressure > 65 mmHg`."""
    limit = beyond(name)
    if limit is None:
        return tracer.number(name)
    signal, sign, text = limit
    value = tracer.number(signal)
    unit = shown(tracer.body, signal)[0]
    try:
        bound = parse_quantity(text)
        bound.to(unit)
    except UnitError as problem:
        raise ModelError(f"{name!r} cannot be observed: {problem}") from None
    return value > bound.si if sign == ">" else value < bound.si


def shown(body: Body, name: str) -> tuple[Unit, str]:
    """In which unit people see what is observed, and what it means. Parameters and commands can be observed, too."""
    if beyond(name):
        return percent, f"share of the time with {name}"
    part, _, quantity = body.aliases.get(name, name).rpartition(".")
    found = told(body, part).get(quantity) or body.parts[part].component.rows[quantity]
    return found.unit, found.meaning
