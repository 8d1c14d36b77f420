"""From a body to a program: every part's equations run once on traced values, and the engine writes the balances."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Iterable

from proband.engine.balances import derivatives
from proband.engine.observing import observed, shown
from proband.engine.program import ForeignPart, Program
from proband.engine.sampled import sample
from proband.engine.tangents import add_tangents
from proband.engine.tracing import Tracer
from proband.engine.unread import forget_unread
from proband.model.body import Body
from proband.model.component import Part
from proband.model.signals import signals

KEPT = 8  # programs of bodies that are still in use: a trial asks for the same one again and again
_kept: OrderedDict[tuple, tuple[weakref.ref, Program]] = OrderedDict()


def flatten(
    body: Body, observe: Iterable[str] | None, step_ns: int, with_lines: bool = False, tangents: Iterable[str] = ()
) -> Program:
    """Trace a body. `observe` names the signals to keep (`part.quantity`; none means all of them), `tangents` the rows by
    which to differentiate.

    Bodies are frozen, so the program of one that was traced lately is still right. With lines it is traced anew.
    Raises ModelError for algebraic loops, unknown signals and periods that the step does not divide."""
    if with_lines:
        return _program(Tracer(body, step_ns, with_lines), observe)
    observe = None if observe is None else tuple(observe)
    key = (id(body), observe, step_ns, tangents := tuple(tangents))
    known = _kept.get(key)
    if known is None or known[0]() is not body:  # another body may have come to lie where one was
        program = _program(Tracer(body, step_ns), observe)
        add_tangents(program, body, tangents)
        known = _kept[key] = weakref.ref(body, lambda _: _kept.pop(key, None)), program
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    return known[1]


def _program(tracer: Tracer, observe: Iterable[str] | None) -> Program:
    """What all parts together write, and what of it is needed where these signals are observed."""
    for name, part in tracer.parts.items():
        for row in part.component.rows.values():
            if row.kind == "state" and tracer.period(name) is None:
                tracer.state(f"{name}.{row.name}", row.unit, part.value(row.name) or 0.0)
        if part.component.kind == "compartment":
            for substance in tracer.body.substances:
                tracer.amount(name, substance.name)
            tracer.portions.begin(name)
    for name, part in tracer.parts.items():
        period = tracer.period(name)
        if period is not None and part.component.kind != "foreign":
            sample(tracer, name, period)
    tracer.transport.write()
    rates = derivatives(tracer)
    told = signals(tracer.body) if observe is None else list(dict.fromkeys(observe))
    foreign = [_outsider(tracer, name, tracer.parts[name], told) for name in tracer.parts if name in tracer.foreign]
    outputs = [(signal, observed(tracer, signal)) for signal in told]
    graph = tracer.graph
    numbers = [(n, graph.stored(node).number) for n, node in outputs]
    volumes = [
        i
        for n, (i, _) in tracer.states.items()
        if n.endswith(".volume") and tracer.parts[n[:-7]].component.kind == "compartment"
    ]
    unread, needed = forget_unread(tracer, rates, [n for _, n in numbers])
    program = Program(
        unread=unread,
        graph=graph,
        step_ns=tracer.step_ns,
        states=[slot for _, slot in tracer.states.values()],
        params=[slot for _, slot in tracer.params.values()],
        held=[slot for _, slot in tracer.held.values()],
        rings=tracer.rings,
        groups=[tracer.groups[p] for p in sorted(tracer.groups)],
        derivatives=rates,
        outputs=numbers,
        units={signal: shown(tracer.body, signal) for signal in told},
        bells=tracer.bells,
        volumes=volumes,
        foreign=foreign,
        size=len(graph),
    )
    graph.rejoin(program.roots(), needed)
    return program


def _outsider(tracer: Tracer, name: str, part: Part, told: list[str]) -> ForeignPart:
    """Code that is not ours: what it reads is observed, and its answers are held."""
    readings, answers = [], {}
    for row in part.component.rows.values():
        if row.kind == "reads":
            wire = part.wires[row.name]
            if wire not in told:
                told.append(wire)
            readings.append((row.name, told.index(wire), row.unit))
        else:
            tracer.hold(f"{name}.{row.name}", row.unit, row.value or 0.0)
            answers[row.name] = (tracer.slot_of(f"{name}.{row.name}"), row.unit)
    return ForeignPart(name, part.foreign, tracer.period(name) or 1, readings, answers)
