"""Beds that a dissolved substance passes in portions, one after another, as blood does in life.

One mixed place lets a part of what arrives leave at once. A bed of n portions of equal volume keeps it for a while: the
scatter of its transit times is 1/√n of their mean. The volume is one state all the same: between neighbours flows what keeps the
portions equal, in · (1 − i/n) + out · (i/n). Paths that end in the place run into its first portion, those that begin there out
of its last one, and membranes and reactions meet the last.

The state is the amount in the whole place; beside it stands what each portion but the last holds beyond an even share, so that nothing can be
lost between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proband.engine.graph import Node

if TYPE_CHECKING:
    from proband.engine.tracing import Tracer


class Portions:
    """The places of a body that are passed in portions by the substances of every step."""

    def __init__(self, tracer: Tracer):
        self.tracer = tracer
        carries = any(c.every is None for c in tracer.body.substances)  # whoever carries nothing pays nothing
        self.counts = {n: p.portions for n, p in tracer.parts.items() if carries and p.portions > 1}
        self.flows: dict[str, list[Node]] = {}  # into each of these places, and out of it

    def begin(self, place: str) -> None:
        """Name the states of a place beside its volume and amounts."""
        for substance in self.tracer.body.substances:
            for i in range(1, self.counts.get(place, 1) if substance.every is None else 1):
                self.excess(place, substance.name, i)

    def excess(self, place: str, substance: str, i: int) -> Node:
        """What the i-th portion (from 1) holds beyond an even share of the whole."""
        unit = next(c.unit for c in self.tracer.body.substances if c.name == substance)
        return self.tracer.state(excess_name(place, substance, i), unit, 0.0)

    def concentration(self, place: str, substance: str, i: int) -> Node:
        """In the i-th portion."""
        n, total = self.counts[place], self.tracer.amount(place, substance)
        if i < n:
            beyond = self.excess(place, substance, i)
        else:
            beyond = -sum((self.excess(place, substance, j) for j in range(2, n)), self.excess(place, substance, 1))
        return (total + beyond * n) / self.tracer.transport.volume(place)

    def entry(self, place: str, substance: str) -> Node:
        """Concentration where paths end."""
        if place in self.counts:
            return self.concentration(place, substance, 1)
        return self.tracer.concentration(place, substance)

    def pass_through(self, path: str, flow: Node) -> None:
        """Count a path's flow."""
        a, b = self.tracer.parts[path].ends
        for place, end in ((b, 0), (a, 1)):
            if place in self.counts:
                held = self.flows.setdefault(place, [self.tracer.graph.const(0.0)] * 2)
                held[end] = held[end] + flow

    def gains(self, rates: dict[str, Node], arrived: dict[tuple[str, str], Node]) -> None:
        """Write the rates of the portions: `arrived` is what paths brought into the first of each place."""
        zero = self.tracer.graph.const(0.0)
        for place, n in self.counts.items():
            into, out = self.flows.get(place, [zero, zero])
            for substance in self.tracer.body.substances:
                name = substance.name
                if name in self.tracer.transport.periods:
                    continue
                before = arrived.get((place, name), zero)
                share = rates.get(f"{place}.{name}", zero) * (1 / n)
                for i in range(1, n):
                    between = into * (1 - i / n) + out * (i / n)
                    here, next_ = (self.concentration(place, name, k) for k in (i, i + 1))
                    on = between * (between > 0).select(here, next_)
                    rates[excess_name(place, name, i)] = before - on - share
                    before = on


def excess_name(place: str, substance: str, i: int) -> str:
    """Of the state that keeps it."""
    return f"{place}.{substance}_in_portion_{i}"
