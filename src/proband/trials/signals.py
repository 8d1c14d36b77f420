"""What can be measured in a body: every part's outputs, and the substances that its compartments hold."""

from __future__ import annotations

from dataclasses import dataclass

from proband.model import Body, did_you_mean
from proband.model.signals import beyond, told
from proband.trials.refusal import Refused
from proband.units import Unit, parse_quantity, percent


@dataclass(frozen=True)
class Signal:
    """A quantity of a part, in the unit that people see."""

    name: str
    unit: Unit
    meaning: str


def find_signal(body: Body, name: str) -> Signal:
    """`lvad.flow` or `aorta.pressure`, short names included; or `aorta.pressure > 65 mmHg`. Raises Refused."""
    limit = beyond(name)
    if limit is not None:
        signal, sign, bound = limit
        inner = find_signal(body, signal)
        if parse_quantity(bound).dimension != inner.unit.dimension:
            raise Refused(f"{name!r} compares {signal}, which is in {inner.unit}, with {bound}.")
        return Signal(name, percent, f"share of the time with {signal} {'above' if sign == '>' else 'below'} {bound}")
    full = body.aliases.get(name, name)
    part, _, quantity = full.rpartition(".")
    if part in body.parts:
        known = told(body, part)
        if quantity in known:
            return Signal(name, known[quantity].unit, known[quantity].meaning)
        raise Refused(f"{part} gives no {quantity!r}{did_you_mean(quantity, known)}; it gives {', '.join(known)}.")
    raise Refused(
        f"{name!r} names no signal of this body{did_you_mean(name, all_signals(body))}; `proband list signals` shows them all."
    )


def all_signals(body: Body) -> list[str]:
    """Every signal's name, short names first."""
    full = dict.fromkeys(f"{part}.{quantity}" for part in body.parts for quantity in told(body, part))
    return [*(short for short, long in body.aliases.items() if long in full), *full]
