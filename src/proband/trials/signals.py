"""What can be measured in a body: every part's outputs, and the substances that its compartments hold."""

from __future__ import annotations

from dataclasses import dataclass

from proband.model import Body, did_you_mean
from proband.trials.conditions import split_beyond
from proband.trials.refusal import Refused
from proband.units import L_min, Unit, mL, mL_s, parse_quantity, percent


@dataclass(frozen=True)
class Signal:
    """A quantity of a part, in the unit that people see."""

    name: str
    unit: Unit
    meaning: str


def find_signal(body: Body, name: str) -> Signal:
    """`lvad.flow` or `aorta.pressure`, short names included; or `aorta.pressure > 65 mmHg`. Raises Refused."""
    beyond = split_beyond(name)
    if beyond is not None:
        signal, sign, bound = beyond
        inner = find_signal(body, signal)
        if parse_quantity(bound).dimension != inner.unit.dimension:
            raise Refused(f"{name!r} compares {signal}, which is in {inner.unit}, with {bound}.")
        return Signal(name, percent, f"share of the time with {signal} {'above' if sign == '>' else 'below'} {bound}")
    full = body.aliases.get(name, name)
    part, _, quantity = full.rpartition(".")
    if part in body.parts:
        component = body.parts[part].component
        if quantity in component.outputs:
            output = component.outputs[quantity]
            # States of flow are kept in mL/s; people read flows in L/min.
            return Signal(name, L_min if output.unit == mL_s and quantity == "flow" else output.unit, output.meaning)
        if component.kind == "compartment":
            for substance in body.substances:
                if quantity == substance.name:
                    return Signal(name, substance.unit, f"{substance.name} in {part}")
                if quantity == f"{substance.name}_concentration":
                    return Signal(name, substance.unit / mL, f"{substance.name} concentration in {part}")
        gives = ", ".join(component.outputs)
        raise Refused(f"{part} gives no {quantity!r}{did_you_mean(quantity, component.outputs)}; it gives {gives}.")
    known = all_signals(body)
    raise Refused(
        f"{name!r} names no signal of this body{did_you_mean(name, known)}; `proband list signals` shows them all."
    )


def all_signals(body: Body) -> list[str]:
    """Every signal's name, short names first."""
    full = [f"{p}.{o}" for p, part in body.parts.items() for o in part.component.outputs]
    full += [
        f"{p}.{substance.name}{tail}"
        for p, part in body.parts.items()
        if part.component.kind == "compartment"
        for substance in body.substances
        for tail in ("", "_concentration")
    ]
    have = set(full)
    return [*(a for a, target in body.aliases.items() if target in have), *full]
