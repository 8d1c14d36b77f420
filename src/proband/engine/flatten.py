"""From a body to a program: every part's equations run once on traced values, and the engine writes the balances."""

from __future__ import annotations

import re
import weakref
import zlib
from collections import OrderedDict
from collections.abc import Iterable

from proband.engine.graph import FAST, LEAVES, PATIENT, SAMPLE, SLOW, Graph, Node
from proband.engine.program import Bell, ForeignPart, Group, Program, Ring, Slot
from proband.engine.tangents import add_tangents
from proband.engine.transport import Transport
from proband.model import maths
from proband.model.body import Body
from proband.model.component import Part
from proband.model.nearest import did_you_mean
from proband.model.outputs import HIDDEN
from proband.model.rows import Alarm, ModelError, Ramp, Row
from proband.model.translate import translated
from proband.units import L_min, Unit, UnitError, mL_s, one, parse_quantity, percent, s

CONDITION = re.compile(r"\s*(\S+)\s*([<>])\s*(.+)")


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
        return _Tracer(body, step_ns, with_lines).program(observe)
    observe = None if observe is None else tuple(observe)
    key = (id(body), observe, step_ns, tangents := tuple(tangents))
    known = _kept.get(key)
    if known is None or known[0]() is not body:  # another body may have come to lie where one was
        program = _Tracer(body, step_ns).program(observe)
        add_tangents(program, body, tangents)
        known = _kept[key] = weakref.ref(body, lambda _: _kept.pop(key, None)), program
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    return known[1]


class _Tracer:
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
        self.foreign = {n for n, part in self.parts.items() if part.component.kind == "foreign"}

    # slots -----------------------------------------------------------------------------------------------------
    def _slot(self, table: dict, op: str, name: str, unit: Unit, initial: float, level: int) -> Node:
        if name not in table:
            table[name] = (len(table), Slot(name, unit, initial))
        return self.graph.leaf(op, (table[name][0],), level)

    def state(self, name: str, unit: Unit, initial: float) -> Node:
        return self._slot(self.states, "state", name, unit, initial, FAST)

    def param(self, name: str, unit: Unit, initial: float) -> Node:
        return self._slot(self.params, "param", name, unit, initial, PATIENT)

    def hold(self, name: str, unit: Unit, initial: float, period: int = 0) -> Node:
        level = SAMPLE if period == 1 else SLOW
        return self._slot(self.held, "held", name, unit, initial, level)

    # parts -----------------------------------------------------------------------------------------------------
    def period(self, name: str) -> int | None:
        """The sampling period of a part in steps; None for a part that is computed continuously."""
        part = self.parts[name]
        slow = self.transport.slow(part)
        return slow if slow or part.period is None else self.steps(part.period, name)

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
            raise ModelError(f"there is no signal {signal!r}{did_you_mean(signal, self.signals())}.")
        part = self.parts[name]
        rows = part.component.rows
        period = self.period(name)
        if quantity in rows and rows[quantity].kind == "command":
            return self.hold(f"{name}.{quantity}", rows[quantity].unit, part.value(quantity) or 0.0)
        if quantity in rows and rows[quantity].kind in ("param",):
            return self.param(f"{name}.{quantity}", rows[quantity].unit, part.value(quantity) or 0.0)
        if quantity in part.component.outputs:
            if period is not None:
                return self.sampled(name, quantity, period)
            if quantity in rows and rows[quantity].kind == "state":
                return self.state(f"{name}.{quantity}", rows[quantity].unit, part.value(quantity) or 0.0)
            result = self.evaluate(name)[quantity]
            return self.graph.node(_first(result))
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

    # sampled parts ---------------------------------------------------------------------------------------------
    def sample(self, name: str, period: int) -> dict[str, object]:
        """Run a sampled part's equations, once, and write down what it tells and keeps."""
        if name in self.told:
            return self.told[name]
        part = self.parts[name]
        group = self.group(period)
        ends = list(part.ends)
        rows = part.component.rows
        values: dict[str, Node] = {}
        for row in rows.values():
            if row.kind in ("state", "memory"):
                values[row.name] = self.hold(f"{name}.{row.name}", row.unit, part.value(row.name) or 0.0, period)
            else:
                values[row.name] = self.row(name, part, row, ends)
        results = self.run(name, part, values)
        states = [r.name for r in rows.values() if r.kind == "state"]
        if states:
            results = self.integrate(name, part, values, results, states, period)
        for key, result in results.items():
            if key.startswith("next_") and key[5:] in rows:
                row = rows[key[5:]]
                held = self.slot_of(f"{name}.{row.name}")
                group.memory.append((held, self.graph.stored(result).number))
            elif not (key.startswith("d_") and key[2:] in rows) and key not in rows:
                self.output(name, key, result, group)
        self.told[name] = results
        return results

    def value_of(self, result: object) -> Node:
        """The number in what a part gives."""
        return self.graph.node(_first(result.value if isinstance(result, Ramp) else result))

    def integrate(self, name: str, part: Part, values: dict, first: dict, states: list[str], period: int) -> dict:
        """One Runge–Kutta step over the period, with the readings held."""
        h = period * self.step_ns * 1e-9
        rates = [[self.graph.node(first[f"d_{x}"]) for x in states]]
        for share in (0.5, 0.5, 1.0):
            moved = {x: values[x] + rates[-1][i] * (share * h) for i, x in enumerate(states)}
            stage = self.run(name, part, {**values, **moved})
            rates.append([self.graph.node(stage[f"d_{x}"]) for x in states])
        after = {
            x: values[x] + (rates[0][i] + 2.0 * rates[1][i] + 2.0 * rates[2][i] + rates[3][i]) * (h / 6)
            for i, x in enumerate(states)
        }
        last = self.run(name, part, {**values, **after})  # what is told belongs to the new state
        told = {k: v for k, v in last.items() if not k.startswith(HIDDEN)}
        return {**told, **{f"next_{x}": after[x] for x in states}}

    def slot_of(self, name: str) -> int:
        return self.held[name][0]

    def output(self, name: str, key: str, result: object, group: Group) -> None:
        full = f"{name}.{key}"
        unit = self.parts[name].component.outputs[key].unit
        if isinstance(result, Alarm):
            self.ring_bell(name, key, result, group)
            return
        if isinstance(result, Ramp):
            self.hold(f"{full}.rate", unit / s, 0.0, group.period)
            group.outputs.append((self.slot_of(f"{full}.rate"), self.graph.stored(result.rate).number))
            result = result.value
        value = self.graph.stored(_first(result))
        self.hold(full, unit, 0.0, group.period)
        group.outputs.append((self.slot_of(full), value.number))

    def ring_bell(self, name: str, key: str, bell: Alarm, group: Group) -> None:
        full = f"{name}.{key}"
        condition = self.graph.node(bell.condition)._truth()
        on = condition
        if bell.delay:
            timer = self.hold(f"{full}.timer", s, 0.0, group.period)
            spent = condition.select(timer + group.period * self.step_ns * 1e-9, 0.0)
            group.memory.append((self.slot_of(f"{full}.timer"), spent.number))
            on = condition.logical_and(timer >= bell.delay * (1 - 1e-9))
        before = self.hold(full, one, 0.0, group.period)
        if bell.latch:
            on = on.logical_or(before > 0.5)
        value = on.select(1.0, 0.0)
        group.memory.append((self.slot_of(full), value.number))
        self.bells.append(Bell(self.slot_of(full), name, key, bell.priority, bell.meaning))

    # balances --------------------------------------------------------------------------------------------------
    def derivatives(self) -> list[int]:
        rates: dict[str, Node] = {}
        zero = self.graph.const(0.0)

        def gain(name: str, amount: Node) -> None:
            rates[name] = rates.get(name, zero) + amount

        for name, part in self.parts.items():
            if self.period(name) is not None:
                continue
            rows, results = part.component.rows, self.evaluate(name)
            kind = part.component.kind
            self.graph.part = name
            for row in rows.values():
                if row.kind == "state" and f"d_{row.name}" in results:
                    gain(f"{name}.{row.name}", self.graph.node(results[f"d_{row.name}"]))
            if kind == "path":
                flow = self.graph.node(_first(results["flow"]))
                a, b = part.ends
                gain(f"{b}.volume", flow)
                gain(f"{a}.volume", -flow)
                if f"{name}.moved" in self.states:
                    gain(f"{name}.moved", flow)
                for substance in self.body.substances:
                    if substance.name in self.transport.periods:
                        continue
                    from_a, from_b = self.concentration(a, substance.name), self.concentration(b, substance.name)
                    moved = flow * (flow > 0).select(from_a, from_b)
                    gain(f"{b}.{substance.name}", moved)
                    gain(f"{a}.{substance.name}", -moved)
            elif kind == "membrane":
                moved = self.graph.node(_first(results["rate"]))
                gain(f"{part.ends[1]}.{part.substance}", moved)
                gain(f"{part.ends[0]}.{part.substance}", -moved)
            elif kind == "reaction":
                gain(f"{part.ends[0]}.{part.substance}", self.graph.node(_first(results["rate"])))
        self.graph.part = "balance"
        for place, inflow in self.transport.swelling:
            gain(f"{place}.volume", inflow)
        return [rates.get(name, zero).number for name in self.states]

    # all together ----------------------------------------------------------------------------------------------
    def signals(self) -> list[str]:
        names = list(self.body.aliases)
        for name, part in self.parts.items():
            names += [f"{name}.{o}" for o in part.component.outputs]
            if part.component.kind == "compartment":
                names += [f"{name}.{c.name}{tail}" for c in self.body.substances for tail in ("", "_concentration")]
        return names

    def observed(self, name: str) -> Node:
        """A signal, or whether one is above or below a value: `aorta.pressure > 65 mmHg`."""
        limit = CONDITION.fullmatch(name)
        if limit is None:
            return self.number(name)
        signal, sign, text = limit.groups()
        value = self.number(signal)
        unit = self.unit_of(signal)[0]
        try:
            bound = parse_quantity(text)
            bound.to(unit)
        except UnitError as problem:
            raise ModelError(f"{name!r} cannot be observed: {problem}") from None
        return value > bound.si if sign == ">" else value < bound.si

    def unit_of(self, signal: str) -> tuple[Unit, str]:
        if CONDITION.fullmatch(signal):
            return percent, f"share of the time with {signal}"
        full = self.body.aliases.get(signal, signal)
        name, _, quantity = full.rpartition(".")
        component = self.parts[name].component
        if quantity in component.outputs:
            output = component.outputs[quantity]
            shown = L_min if output.unit == mL_s and quantity == "flow" else output.unit
            return shown, output.meaning
        for substance in self.body.substances:
            if quantity == substance.name:
                return substance.unit, f"{substance.name} in {name}"
            if quantity == f"{substance.name}_concentration":
                return substance.unit / component.rows["volume"].unit, f"{substance.name} concentration in {name}"
        row = component.rows[quantity]
        return row.unit, row.meaning

    def program(self, observe: Iterable[str] | None) -> Program:
        for name, part in self.parts.items():
            for row in part.component.rows.values():
                if row.kind == "state" and self.period(name) is None:
                    self.state(f"{name}.{row.name}", row.unit, part.value(row.name) or 0.0)
            if part.component.kind == "compartment":
                for substance in self.body.substances:
                    self.amount(name, substance.name)
        foreign: list[ForeignPart] = []
        for name in self.parts:
            period = self.period(name)
            if period is not None and self.parts[name].component.kind != "foreign":
                self.sample(name, period)
        self.transport.write()
        derivatives = self.derivatives()
        wanted = self.signals() if observe is None else list(dict.fromkeys(observe))
        told = list(wanted)
        for name, part in self.parts.items():
            if part.component.kind == "foreign":
                foreign.append(self.outsider(name, part, told))
        outputs = [(signal, self.observed(signal)) for signal in told]
        graph = self.graph
        numbers = [(n, graph.stored(node).number) for n, node in outputs]
        volumes = [
            i
            for n, (i, _) in self.states.items()
            if n.endswith(".volume") and self.parts[n[:-7]].component.kind == "compartment"
        ]
        unread, needed = self.forget_unread(derivatives, [n for _, n in numbers])
        program = Program(
            unread=unread,
            graph=graph,
            step_ns=self.step_ns,
            states=[slot for _, slot in self.states.values()],
            params=[slot for _, slot in self.params.values()],
            held=[slot for _, slot in self.held.values()],
            rings=self.rings,
            groups=[self.groups[p] for p in sorted(self.groups)],
            derivatives=derivatives,
            outputs=numbers,
            units={signal: self.unit_of(signal) for signal in told},
            bells=self.bells,
            volumes=volumes,
            foreign=foreign,
            size=len(graph),
        )
        graph.rejoin(program.roots(), needed)
        return program

    def forget_unread(self, derivatives: list[int], observed: list[int]) -> tuple[frozenset[int], list[int]]:
        """Drop what sampled parts tell and keep for themselves where nobody hears of it: no equation, no alarm, no
        observer. The held slots that are dropped, and the nodes that are needed."""
        ops, arguments, groups = self.graph.ops, self.graph.args, self.groups.values()
        writer = {slot: node for group in groups for slot, node in (*group.outputs, *group.memory)}
        heard = {i for name, (i, _) in self.held.items() if name.rpartition(".")[0] in self.foreign}
        heard |= {bell.held for bell in self.bells}
        stack = [*derivatives, *observed, *(r.source for r in self.rings)]
        stack += [writer[slot] for slot in heard & writer.keys()]
        seen, needed = bytearray(len(ops)), []
        while stack:
            i = stack.pop()
            if seen[i]:
                continue
            seen[i] = 1
            needed.append(i)
            op = ops[i]
            if op not in LEAVES:
                stack += arguments[i]
            elif op == "held" and (slot := arguments[i][0]) not in heard:
                heard.add(slot)
                if slot in writer:
                    stack.append(writer[slot])
        for group in groups:
            group.outputs = [(slot, node) for slot, node in group.outputs if slot in heard]
            group.memory = [(slot, node) for slot, node in group.memory if slot in heard]
        return frozenset(writer.keys() - heard), needed

    def outsider(self, name: str, part: Part, told: list[str]) -> ForeignPart:
        readings, answers = [], {}
        for row in part.component.rows.values():
            if row.kind == "reads":
                wire = part.wires[row.name]
                if wire not in told:
                    told.append(wire)
                readings.append((row.name, told.index(wire), row.unit))
            else:
                self.hold(f"{name}.{row.name}", row.unit, row.value or 0.0)
                answers[row.name] = (self.slot_of(f"{name}.{row.name}"), row.unit)
        return ForeignPart(name, part.foreign, self.period(name) or 1, readings, answers)


def _first(result: object) -> object:
    return result[0] if isinstance(result, tuple) else result
