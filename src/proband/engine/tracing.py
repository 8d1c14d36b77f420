"""What a body's equations write on a graph when they are run once on traced values."""

from __future__ import annotations

import zlib

from proband.engine.graph import FAST, PATIENT, SAMPLE, SLOW, Graph, Node
from proband.engine.portions import Portions
from proband.engine.program import Bell, Group, Ring, Slot
from proband.engine.transport import Transport
from proband.model import maths
from proband.model.body import Body
from proband.model.component import Part
from proband.model.nearest import did_you_mean
from proband.model.outputs import bare
from proband.model.rows import Alarm, ModelError, Ramp, Row
from proband.model.signals import signals
from proband.model.translate import translated
from proband.units import Unit, s


class Tracer:
    """The slots of a body's numbers, and each part's equations as nodes: run once, when first asked for."""

    def __init__(self, body: Body, step_ns: int, with_lines: bool = False):
        self.body = body
        self.step_ns = step_ns
        self.graph = Graph(with_lines)
        self.parts = dict(sorted(body.parts.items()))  # the order in which parts were named changes no bit
        self.states: dict[str, tuple[int, Slot]] = {}
        self.params: dict[str, tuple[int, Slot]] = {}
        self.held: dict[str, tuple[int, Slot]] = {}
        self.rings: list[Ring] = []
        self.ring_keys: dict[tuple, Node] = {}
        self.groups: dict[int, Group] = {}
        self.bells: list[Bell] = []
        self.results: dict[str, dict[str, object]] = {}
        self.waiting: list[str] = []
        self.told: dict[str, dict[str, object]] = {}  # what each sampled part gives at its tick
        self.transport = Transport(self)
        self.portions = Portions(self)
        self._periods: dict[str, int | None] = {}
        self.foreign = {n for n, part in self.parts.items() if part.component.kind == "foreign"}

    # slots -----------------------------------------------------------------------------------------------------
    def _slot(self, table: dict, op: str, name: str, unit: Unit, initial: float, level: int) -> Node:
        found = table.get(name)
        if found is None:
            found = table[name] = (len(table), Slot(name, unit, initial))
        return self.graph.leaf(op, (found[0],), level)

    def state(self, name: str, unit: Unit, initial: float) -> Node:
        return self._slot(self.states, "state", name, unit, initial, FAST)

    def param(self, name: str, unit: Unit, initial: float) -> Node:
        return self._slot(self.params, "param", name, unit, initial, PATIENT)

    def hold(self, name: str, unit: Unit, initial: float, period: int = 0) -> Node:
        level = SAMPLE if period == 1 else SLOW
        return self._slot(self.held, "held", name, unit, initial, level)

    def slot_of(self, name: str) -> int:
        return self.held[name][0]

    # parts -----------------------------------------------------------------------------------------------------
    def period(self, name: str) -> int | None:
        """The sampling period of a part in steps; None for a part that is computed continuously."""
        if name not in self._periods:
            part = self.parts[name]
            slow = self.transport.slow(part)
            self._periods[name] = slow if slow or part.period is None else self.steps(part.period, name)
        return self._periods[name]

    def steps(self, every: float, name: str) -> int:
        """A period in s as a number of steps."""
        ns = round(every * 1e9)
        if ns % self.step_ns or ns < self.step_ns:
            raise ModelError(
                f"{name} is sampled every {every * 1e3:g} ms, which is no multiple of the step of {self.step_ns / 1e6:g} ms."
            )
        return ns // self.step_ns

    def concentration(self, place: str, substance: str) -> Node:
        if substance in self.transport.periods:
            return self.transport.concentration(place, substance)
        if n := self.portions.counts.get(place):
            return self.portions.concentration(place, substance, n)
        return self.amount(place, substance) / self.transport.volume(place)

    def amount(self, place: str, substance: str) -> Node:
        if substance in self.transport.periods:
            return self.transport.amount(place, substance)
        unit = next(c.unit for c in self.body.substances if c.name == substance)
        start = self.body.contents.get(f"{place}.{substance}", 0.0) * (self.parts[place].value("volume") or 0.0)
        return self.state(f"{place}.{substance}", unit, start)

    def row(self, name: str, part: Part, row: Row, ends: list[str]) -> Node:
        full = f"{name}.{row.name}"
        value = part.value(row.name)
        if row.kind == "end":
            return self.number(f"{ends.pop(0)}.pressure")
        if row.kind == "content":
            place = ends.pop(0)
            slow = self.transport.slow(part)
            return (self.transport.mixed_concentration if slow else self.concentration)(place, part.substance)
        if row.kind == "state":
            return self.state(full, row.unit, value or 0.0)
        if row.kind == "command":
            return self.hold(full, row.unit, value or 0.0)
        if row.kind == "reads" and row.name in part.wires:
            fresh = None if row.delay else self.transport.fresh(name, part.wires[row.name])
            if fresh is not None:
                return fresh
            signal = self.number(part.wires[row.name])
            return self.late(name, part.wires[row.name], row, signal) if row.delay else signal
        return self.param(full, row.unit, value or 0.0)

    def late(self, name: str, wire: str, row: Row, signal: Node) -> Node:
        """A signal as it was some samples ago. Its ring is named after the signal, so that it outlives its readers."""
        period = self.period(name) or 1
        source = self.body.aliases.get(wire, wire)
        length = max(1, round(row.delay * 1e9 / (period * self.step_ns)))
        key = (source, length, period)
        if key not in self.ring_keys:
            number = len(self.rings)
            self.rings.append(
                Ring(f"{source} every {period * self.step_ns / 1e6:g} ms", length, self.graph.stored(signal).number)
            )
            self.group(period).rings.append(number)
            self.ring_keys[key] = self.graph.leaf("ring", (number, period), FAST)
        return self.ring_keys[key]

    def group(self, period: int) -> Group:
        return self.groups.setdefault(period, Group(period))

    def number(self, signal: str) -> Node:
        """The node of `part.quantity`."""
        name, _, quantity = self.body.aliases.get(signal, signal).rpartition(".")
        if name not in self.parts:
            raise ModelError(f"there is no signal {signal!r}{did_you_mean(signal, signals(self.body))}.")
        part = self.parts[name]
        rows = part.component.rows
        period = self.period(name)
        if quantity in rows and rows[quantity].kind == "command":
            return self.hold(f"{name}.{quantity}", rows[quantity].unit, part.value(quantity) or 0.0)
        if quantity in rows and rows[quantity].kind == "param":
            return self.param(f"{name}.{quantity}", rows[quantity].unit, part.value(quantity) or 0.0)
        if quantity in part.component.outputs:
            if period is not None:
                return self.sampled(name, quantity, period)
            if quantity in rows and rows[quantity].kind == "state":
                return self.state(f"{name}.{quantity}", rows[quantity].unit, part.value(quantity) or 0.0)
            return self.value_of(self.evaluate(name)[quantity])
        for substance in self.body.substances:
            if part.component.kind == "compartment" and quantity == substance.name:
                return self.amount(name, substance.name)
            if part.component.kind == "compartment" and quantity == f"{substance.name}_concentration":
                return self.concentration(name, substance.name)
        raise ModelError(
            f"{name} gives no {quantity!r}{did_you_mean(quantity, part.component.outputs)}; it gives {', '.join(part.component.outputs)}."
        )

    def sampled(self, name: str, quantity: str, period: int) -> Node:
        part = self.parts[name]
        output = part.component.outputs[quantity]
        row = part.component.rows.get(quantity)
        initial = (part.value(quantity) or 0.0) if row is not None and row.kind in ("state", "memory") else 0.0
        held = self.hold(f"{name}.{quantity}", output.unit, initial, period)
        rate = f"{name}.{quantity}.rate"
        if output.ramps:
            age = self.graph.leaf("elapsed", (period,), FAST)
            return held + self.hold(rate, output.unit / s, 0.0, period) * age
        return held

    def evaluate(self, name: str) -> dict[str, object]:
        """Run the equations of a continuous part, once."""
        if name in self.results:
            return self.results[name]
        if name in self.waiting:
            circle = " → ".join([*self.waiting[self.waiting.index(name) :], name])
            raise ModelError(
                f"algebraic loop: {circle} each wait for the next; give one of them a state, a sample period, or solve(…)."
            )
        self.waiting.append(name)
        part = self.parts[name]
        ends = list(part.ends)
        values = {r.name: self.row(name, part, r, ends) for r in part.component.rows.values()}
        self.waiting.pop()
        self.results[name] = self.run(name, part, values)
        for key, result in self.results[name].items():
            if isinstance(result, (Alarm, Ramp)):
                raise ModelError(
                    f"{name}.{key} is an {type(result).__name__.lower()}, which needs a sampled part; give {part.component.name} a period."
                )
        return self.results[name]

    def run(self, name: str, part: Part, values: dict[str, Node]) -> dict[str, object]:
        before, self.graph.part = self.graph.part, name
        count = iter(range(1000))

        def random() -> Node:
            stream = zlib.crc32(f"{name}/{next(count)}".encode())
            return self.graph.leaf("random", (stream, self.period(name) or 1), FAST)

        outer = maths.random_source.set(random)
        try:
            return dict(translated(part.component.equations)(**values))
        except NameError as problem:
            raise ModelError(f"{name}: a name is assigned in one branch only ({problem}).") from None
        finally:
            maths.random_source.reset(outer)
            self.graph.part = before

    def value_of(self, result: object) -> Node:
        """The number in what a part gives: alone, with its unit and meaning, or as a ramp."""
        return self.graph.node(bare(result))
