"""The balances that the engine writes: what flows and crosses is taken from one place and given to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proband.engine.graph import Node

if TYPE_CHECKING:
    from proband.engine.tracing import Tracer


def derivatives(tracer: Tracer) -> list[int]:
    """The node of every state's rate, in the order of the states."""
    rates: dict[str, Node] = {}
    arrived: dict[tuple[str, str], Node] = {}  # in places that are passed in portions
    zero = tracer.graph.const(0.0)

    def gain(name: str, amount: Node) -> None:
        rates[name] = rates.get(name, zero) + amount

    for name, part in tracer.parts.items():
        if tracer.period(name) is not None:
            continue
        rows, results = part.component.rows, tracer.evaluate(name)
        kind = part.component.kind
        tracer.graph.part = name
        for row in rows.values():
            if row.kind == "state" and f"d_{row.name}" in results:
                gain(f"{name}.{row.name}", tracer.graph.node(results[f"d_{row.name}"]))
        if kind == "path":
            flow = tracer.value_of(results["flow"])
            a, b = part.ends
            gain(f"{b}.volume", flow)
            gain(f"{a}.volume", -flow)
            if f"{name}.moved" in tracer.states:
                gain(f"{name}.moved", flow)
            tracer.portions.pass_through(name, flow)
            for substance in tracer.body.substances:
                if substance.name in tracer.transport.periods:
                    continue
                from_a, from_b = tracer.concentration(a, substance.name), tracer.portions.entry(b, substance.name)
                moved = flow * (flow > 0).select(from_a, from_b)
                gain(f"{b}.{substance.name}", moved)
                gain(f"{a}.{substance.name}", -moved)
                if b in tracer.portions.counts:
                    arrived[b, substance.name] = arrived.get((b, substance.name), zero) + moved
        elif kind == "membrane":
            moved = tracer.value_of(results["rate"])
            gain(f"{part.ends[1]}.{part.substance}", moved)
            gain(f"{part.ends[0]}.{part.substance}", -moved)
        elif kind == "reaction":
            gain(f"{part.ends[0]}.{part.substance}", tracer.value_of(results["rate"]))
    tracer.graph.part = "balance"
    tracer.portions.gains(rates, arrived)
    for place, inflow in tracer.transport.swelling:
        gain(f"{place}.volume", inflow)
    return [rates.get(name, zero).number for name in tracer.states]
