"""Parts that are sampled: what they tell and keep at each of their ticks, and the alarms that they ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proband.engine.graph import Node
from proband.engine.program import Bell, Group
from proband.model.component import Part
from proband.model.outputs import HIDDEN
from proband.model.rows import Alarm, Ramp
from proband.units import one, s

if TYPE_CHECKING:
    from proband.engine.tracing import Tracer


def sample(tracer: Tracer, name: str, period: int) -> dict[str, object]:
    """Run a sampled part's equations, once, and write down what it tells and keeps."""
    if name in tracer.told:
        return tracer.told[name]
    part = tracer.parts[name]
    group = tracer.group(period)
    ends = list(part.ends)
    rows = part.component.rows
    values: dict[str, Node] = {}
    for row in rows.values():
        if row.kind in ("state", "memory"):
            values[row.name] = tracer.hold(f"{name}.{row.name}", row.unit, part.value(row.name) or 0.0, period)
        else:
            values[row.name] = tracer.row(name, part, row, ends)
    results = tracer.run(name, part, values)
    states = [r.name for r in rows.values() if r.kind == "state"]
    if states:
        results = _integrated(tracer, name, part, values, results, states, period)
    for key, result in results.items():
        if key.startswith("next_") and key[5:] in rows:
            row = rows[key[5:]]
            held = tracer.slot_of(f"{name}.{row.name}")
            group.memory.append((held, tracer.graph.stored(result).number))
        elif not (key.startswith("d_") and key[2:] in rows) and key not in rows:
            _tell(tracer, name, key, result, group)
    tracer.told[name] = results
    return results


def _integrated(
    tracer: Tracer, name: str, part: Part, values: dict, first: dict, states: list[str], period: int
) -> dict:
    """One Runge–Kutta step over the period, with the readings held."""
    h = period * tracer.step_ns * 1e-9
    rates = [[tracer.graph.node(first[f"d_{x}"]) for x in states]]
    for share in (0.5, 0.5, 1.0):
        moved = {x: values[x] + rates[-1][i] * (share * h) for i, x in enumerate(states)}
        stage = tracer.run(name, part, {**values, **moved})
        rates.append([tracer.graph.node(stage[f"d_{x}"]) for x in states])
    after = {
        x: values[x] + (rates[0][i] + 2.0 * rates[1][i] + 2.0 * rates[2][i] + rates[3][i]) * (h / 6)
        for i, x in enumerate(states)
    }
    last = tracer.run(name, part, {**values, **after})  # what is told belongs to the new state
    told = {k: v for k, v in last.items() if not k.startswith(HIDDEN)}
    return {**told, **{f"next_{x}": after[x] for x in states}}


def _tell(tracer: Tracer, name: str, key: str, result: object, group: Group) -> None:
    """What others read of a sampled part: a number, one that goes on rising between samples, or an alarm."""
    full = f"{name}.{key}"
    unit = tracer.parts[name].component.outputs[key].unit
    if isinstance(result, Alarm):
        _bell(tracer, name, key, result, group)
        return
    if isinstance(result, Ramp):
        tracer.hold(f"{full}.rate", unit / s, 0.0, group.period)
        group.outputs.append((tracer.slot_of(f"{full}.rate"), tracer.graph.stored(result.rate).number))
    value = tracer.graph.stored(tracer.value_of(result))
    tracer.hold(full, unit, 0.0, group.period)
    group.outputs.append((tracer.slot_of(full), value.number))


def _bell(tracer: Tracer, name: str, key: str, bell: Alarm, group: Group) -> None:
    """An alarm: it rings once its condition has held for so long, and goes on ringing where it latches."""
    full = f"{name}.{key}"
    condition = tracer.graph.node(bell.condition)._truth()
    on = condition
    if bell.delay:
        timer = tracer.hold(f"{full}.timer", s, 0.0, group.period)
        spent = condition.select(timer + group.period * tracer.step_ns * 1e-9, 0.0)
        group.memory.append((tracer.slot_of(f"{full}.timer"), spent.number))
        on = condition.logical_and(timer >= bell.delay * (1 - 1e-9))
    before = tracer.hold(full, one, 0.0, group.period)
    if bell.latch:
        on = on.logical_or(before > 0.5)
    value = on.select(1.0, 0.0)
    group.memory.append((tracer.slot_of(full), value.number))
    tracer.bells.append(Bell(tracer.slot_of(full), name, key, bell.priority, bell.meaning))
