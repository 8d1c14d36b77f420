"""What a component tells: found by calling its equations with quantities, which checks its units at the same time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proband.model.nearest import did_you_mean
from proband.model.rows import USUAL_OUTPUTS, Alarm, ModelError, Ramp
from proband.model.translate import translated
from proband.units import Quantity, Unit, UnitError, parse_unit, s
from proband.units.quantity import say_dimension

if TYPE_CHECKING:
    from proband.model.component import Component

HIDDEN = ("d_", "next_")  # begin the names of what equations give for themselves: derivatives, and memory to come
RATES = ("mmol/s", "mg/s", "mL/s", "J/s")  # at which an amount of a substance may go


@dataclass(frozen=True)
class Output:
    """A quantity that a part tells: its name, its unit for people, and what it means."""

    name: str
    unit: Unit
    meaning: str
    ramps: bool = False  # whether it goes on rising between samples


def bare(value: Any) -> Any:
    """The value in what equations give: a number, or one with its unit and meaning, a ramp, an alarm."""
    if isinstance(value, Ramp):
        return value.value
    if isinstance(value, Alarm):
        return value.condition
    return value[0] if isinstance(value, tuple) else value


def check_units(component: Component) -> dict[str, Output]:
    """Call the equations with quantities. Raises ModelError where two rows cannot meet; returns the outputs."""
    if component.kind == "foreign":
        return {n: Output(n, r.unit, r.meaning) for n, r in component.rows.items() if r.kind == "memory"}
    table = {}
    for i, (name, row) in enumerate(component.rows.items()):
        value = row.value if row.value else row.unit.factor * (1.0 + 0.1 * i)
        table[name] = Quantity(value, row.unit.dimension)
    try:
        results = translated(component.equations)(**table)
    except UnitError as problem:
        raise ModelError(f"{component.kind} {component.name}{_line(problem, component)}: {problem}") from None
    except NameError as problem:
        raise ModelError(f"{component.kind} {component.name}: {_unknown(problem, component)}.") from None
    if not isinstance(results, Mapping):
        raise ModelError(f"{component.kind} {component.name} gives nothing; end it with `return gives(…)`.")
    outputs: dict[str, Output] = {}
    for name, value in results.items():
        if name.startswith(HIDDEN):
            _check_rate(component, name, value)
            continue
        same = component.rows.get(name)
        if same is not None and same.kind not in ("state", "command", "memory"):
            raise ModelError(
                f"{component.kind} {component.name}: it gives {name!r}, which is the name of a {same.kind} row of its own; call one of them otherwise."
            )
        unit, meaning = _declared(component, name, value)
        got = bare(value)
        if isinstance(got, Quantity) and got.dimension != unit.dimension and got.si != 0:
            raise ModelError(
                f"{component.kind} {component.name}: {name} comes out as {_said(got)}, which is not in {unit}; look at the units of its rows."
            )
        outputs[name] = Output(name, unit, meaning, ramps=isinstance(value, Ramp))
    _check_complete(component, results)
    for name, row in component.rows.items():
        if row.kind in ("state", "command", "memory") and name not in outputs:
            outputs[name] = Output(name, row.unit, row.meaning)
    return outputs


def _declared(component: Component, name: str, value: Any) -> tuple[Unit, str]:
    if isinstance(value, Alarm):
        return parse_unit("1"), value.meaning
    if isinstance(value, Ramp):
        return value.unit, value.meaning
    if isinstance(value, tuple):
        if len(value) != 3:
            raise ModelError(f"{component.name} gives {name} as {len(value)} things; write ({name}, unit, 'meaning').")
        return value[1], value[2]
    if name in component.rows:
        return component.rows[name].unit, component.rows[name].meaning
    if name in USUAL_OUTPUTS:
        unit = parse_unit(USUAL_OUTPUTS[name][0])
        if name == "rate" and isinstance(value, Quantity):  # of a substance that is counted in moles or weighed
            unit = next((u for u in map(parse_unit, RATES) if u.dimension == value.dimension), unit)
        return unit, USUAL_OUTPUTS[name][1]
    raise ModelError(f"{component.name} gives {name} without a unit; write {name}=({name}, unit, 'meaning').")


def _check_rate(component: Component, name: str, value: Any) -> None:
    prefix, of = re.match(r"(d_|next_)(.*)", name).groups()  # type: ignore[union-attr]
    wanted = "state" if prefix == "d_" else "memory"
    row = component.rows.get(of)
    if row is None or row.kind != wanted:
        known = [n for n, r in component.rows.items() if r.kind == wanted]
        raise ModelError(f"{component.name} gives {name}, but has no {wanted} {of!r}{did_you_mean(of, known)}.")
    unit = row.unit / s if prefix == "d_" else row.unit
    if isinstance(value, Quantity) and value.dimension != unit.dimension and value.si != 0:
        raise ModelError(
            f"{component.kind} {component.name}: {name} comes out as {_said(value)}, but it must be in {unit}."
        )


def _check_complete(component: Component, results: Mapping[str, Any]) -> None:
    for name, row in component.rows.items():
        if (
            row.kind == "state"
            and f"d_{name}" not in results
            and not (component.kind == "compartment" and name == "volume")
        ):
            raise ModelError(f"{component.name} has a state {name!r} but gives no d_{name}.")
        if row.kind == "memory" and f"next_{name}" not in results:
            raise ModelError(f"{component.name} has a memory {name!r} but gives no next_{name}.")
    needed = {"compartment": "pressure", "path": "flow", "membrane": "rate", "reaction": "rate"}.get(component.kind)
    if needed and needed not in results:
        raise ModelError(f"{component.name} is a {component.kind} and must give its {needed}.")


def _said(quantity: Quantity) -> str:
    """What kind of thing came out, since its number is of no interest."""
    return say_dimension(quantity.dimension)


def _unknown(problem: NameError, component: Component) -> str:
    """A name that is assigned in one branch alone, or one that nobody knows."""
    name = problem.name or ""
    if name in component.equations.__code__.co_varnames:
        return f"{name!r} is assigned in one branch only; assign it before the `if`, or in both"
    known = [*component.equations.__code__.co_varnames, *component.equations.__globals__]
    return f"there is no name {name!r} here{did_you_mean(name, known)}"


def _line(problem: BaseException, component: Component) -> str:
    step, found = problem.__traceback__, ""
    while step is not None:
        if step.tb_frame.f_code.co_filename == component.equations.__code__.co_filename:
            found = f", line {step.tb_lineno}"
        step = step.tb_next
    return found
