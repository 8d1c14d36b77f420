"""A component is one plain Python function: its signature is the parameter table, its body the equations."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from proband.model.nearest import did_you_mean
from proband.model.outputs import HIDDEN, Output, bare, check_units
from proband.model.rows import ModelError, Row
from proband.units import Quantity, Unit, s

KINDS = {
    "compartment": "holds a fluid and has a pressure",
    "path": "moves fluid from its first end to its second",
    "membrane": "exchanges a dissolved substance between two compartments",
    "reaction": "makes or consumes a substance in a compartment",
    "signal": "tells",
    "controller": "decides, sampled at its own rate, with memory",
    "foreign": "decides, in code that is not ours",
}
ENDS = {"path": 2, "membrane": 2, "reaction": 1}


@dataclass(frozen=True)
class Component:
    """A kind of part. Call it with the places where it joins and its settings to make a `Part`."""

    kind: str
    name: str
    equations: Callable[..., Mapping[str, Any]]
    rows: Mapping[str, Row]
    period: float | None = None  # of a sampled component, in s
    module: str = ""
    doc: str = ""
    order: int = 4  # asked of an explicit step where rates are linear; 5 for what is fast and nearly linear

    def __call__(
        self, *ends: Any, period: Quantity | None = None, substance: str = "", portions: int = 1, **settings: Any
    ) -> Part:
        places = tuple(_place(e, self.name) for e in ends)
        wanted = ENDS.get(self.kind, 0)
        if len(places) != wanted:
            raise ModelError(
                f"{self.name} is a {self.kind} and joins {wanted} compartment(s), but {len(places)} were given."
            )
        if any(r.kind == "content" for r in self.rows.values()) and not substance:
            raise ModelError(f"{self.name} concerns a dissolved substance; name it with substance='…'.")
        if portions != 1 and (self.kind != "compartment" or not isinstance(portions, int) or portions < 1):
            raise ModelError(
                f"{self.name} is a {self.kind}, told to be passed in {portions!r} portions; a compartment takes a whole number from 1 on."
            )
        values: dict[str, float] = {}
        wires: dict[str, str] = {}
        for name, setting in settings.items():
            row = self.rows.get(name)
            if row is None or row.kind in ("end", "content"):
                free = [n for n, r in self.rows.items() if r.kind not in ("end", "content")]
                raise ModelError(
                    f"{self.name} has no row {name!r}{did_you_mean(name, free)}; it has {', '.join(free)}."
                )
            if row.kind == "reads" and not isinstance(setting, (Quantity, int, float)):
                wires[name] = _place(setting, self.name)
            else:
                values[name] = row.accept(setting, f"{self.name}.{name}")
        every = self.period if period is None else period.to(s)
        return Part(
            self, places, MappingProxyType(values), MappingProxyType(wires), every, substance, portions=portions
        )

    @functools.cached_property
    def outputs(self) -> Mapping[str, Output]:
        """What the component tells, found by calling it with quantities (and so checking its units)."""
        return check_units(self)

    def evaluate(self, **values: Any) -> dict[str, Any]:
        """The equations on numbers (each in its row's unit) or on quantities; other rows keep the table's values.

        Numbers in, numbers out (each in its output's unit); with any quantity given, quantities come out."""
        unknown = [n for n in values if n not in self.rows]
        if unknown:
            raise ModelError(f"{self.name} has no row {unknown[0]!r}{did_you_mean(unknown[0], self.rows)}.")
        table: dict[str, Any] = {}
        for name, row in self.rows.items():
            given = values.get(name)
            if isinstance(given, Quantity):
                table[name] = given
            elif given is not None:
                table[name] = Quantity(row.unit.si(float(given)), row.unit.dimension, row.unit)
            elif row.value is None:
                raise ModelError(f"{self.name} needs {name} ({row.meaning}, {row.unit}).")
            else:
                table[name] = Quantity(row.value, row.unit.dimension, row.unit)
        results = {n: bare(v) for n, v in self.equations(**table).items()}
        if any(isinstance(v, Quantity) for v in values.values()):
            return results
        return {n: self._number(n, v) for n, v in results.items()}

    def _number(self, name: str, value: Any) -> Any:
        if not isinstance(value, Quantity):
            return value
        if name.startswith(HIDDEN):
            prefix, of = name.split("_", 1)
            unit = self.rows[of].unit / s if prefix == "d" else self.rows[of].unit
        else:
            unit = self.outputs[name].unit
        return unit.of(value.si)

    def table(self) -> list[Row]:
        """The rows in the order of the signature."""
        return list(self.rows.values())

    def citations(self) -> list[tuple[str, str]]:
        """Each parameter's name with its source."""
        return [(r.name, r.source) for r in self.rows.values() if r.source]

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>"

    def __reduce__(self):
        return (_find_component, (self.module, self.name))


def _find_component(module: str, name: str) -> Component:
    import importlib

    return getattr(importlib.import_module(module), name)


@dataclass(frozen=True)
class Part:
    """A component at its place in a body: where it joins, its own settings (in SI) and what it reads."""

    component: Component
    ends: tuple[str, ...] = ()
    values: Mapping[str, float] = field(default_factory=dict)
    wires: Mapping[str, str] = field(default_factory=dict)
    period: float | None = None
    substance: str = ""
    foreign: Any = None  # the object of a foreign part
    sources: Mapping[str, str] = field(default_factory=dict)  # of the values that are its own
    portions: int = 1  # of a compartment: how many a dissolved substance passes one after another

    def value(self, row: str) -> float | None:
        """The SI value of a row, as set here or as in the component's table."""
        return self.values[row] if row in self.values else self.component.rows[row].value

    def own(self, row: str) -> bool:
        """Whether the row has another value here than in the component's table."""
        return row in self.values and self.values[row] != self.component.rows[row].value

    def source(self, row: str) -> str:
        """Where the row's value comes from. The table's source does not speak for a value that is the part's own."""
        return self.sources.get(row) or ("" if self.own(row) else self.component.rows[row].source)

    def __hash__(self) -> int:
        return id(self)


@dataclass(frozen=True)
class Assembly:
    """Several parts that are attached under one name (a device). Names inside begin with a dot: `.rotor.flow`.

    `tells` gives a part's quantity a short name (`flow` for `.rotor.flow`), for commands and outputs alike. `contents`
    says what its compartments hold at the start: `{".circuit.oxygen": 8.0 * mmol / L}`. `check` refuses settings that go
    ill together: it is called with the values of its commands by short name, whenever a trial is to set some. `sets` are
    rows of the body that attaching changes, where the body has them: a tube's cuff shuts the mouth, and a gas analyser
    listens elsewhere (a row that reads gets the name of a signal). `needs` names parts that are left out, with what is
    read from them, where the body does not carry these substances: gas exchange in a body without gases."""

    parts: Mapping[str, Part]
    tells: Mapping[str, str] = field(default_factory=dict)
    contents: Mapping[str, Quantity] = field(default_factory=dict)
    check: Callable[[Mapping[str, Quantity]], None] | None = None
    sets: Mapping[str, Quantity | float | str] = field(default_factory=dict)
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """A place in a body, by name; `site.pressure` is the name of its signal."""

    path: str

    def __getattr__(self, name: str) -> Site:
        if name.startswith("__"):
            raise AttributeError(name)
        return Site(f"{self.path}.{name}")

    def __str__(self) -> str:
        return self.path


def _place(thing: Any, who: str) -> str:
    if isinstance(thing, (str, Site)):
        return str(thing)
    raise ModelError(f"{who} was to join {thing!r}; name a part, as in body.aorta or 'aorta'.")


def _component(kind: str, function: Callable[..., Any], period: Quantity | None, order: int = 4) -> Component:
    rows: dict[str, Row] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        row = parameter.default
        if not isinstance(row, Row):
            raise ModelError(
                f"{function.__name__}.{name} is no row; write {name} = param(value, unit, meaning, source) or the like."
            )
        rows[name] = row.named(name)
    if kind == "compartment" and "volume" in rows:
        rows["volume"] = replace(rows["volume"], low=0.0)  # of nothing less can be held
    _check_rows(kind, function.__name__, rows, period)
    function.__defaults__ = None
    doc = inspect.getdoc(function) or ""
    every = None if period is None else period.to(s)
    return Component(kind, function.__name__, function, MappingProxyType(rows), every, function.__module__, doc, order)


def _check_rows(kind: str, name: str, rows: Mapping[str, Row], period: Quantity | None) -> None:
    kinds = [r.kind for r in rows.values()]
    if kinds.count("end") > ENDS.get(kind, 0) or (kind == "path" and kinds.count("end") != 2):
        raise ModelError(
            f"{name} is a {kind} and needs {ENDS.get(kind, 0)} end rows, but {kinds.count('end')} stand in its table."
        )
    if kind == "compartment" and rows.get("volume", Row("", s, "")).kind != "state":
        raise ModelError(f"{name} is a compartment and needs volume = state(…, mL, …) in its table.")
    if kind == "controller" and period is None:
        raise ModelError(f"{name} is a controller and needs a sampling period: @controller(period=10 * ms).")
    if kind == "controller" and "state" in kinds:
        raise ModelError(f"{name} is a controller; what it keeps is memory(…), not state(…).")
    if "memory" in kinds and period is None:
        raise ModelError(f"{name} has memory rows but no sampling period; give one or use state rows.")
    if "memory" in kinds and "state" in kinds:
        raise ModelError(
            f"{name} has state and memory rows; what flows and what is sampled are two parts: move the memory rows to a controller."
        )
    for row in rows.values():
        if row.delay and period is None:
            raise ModelError(f"{name}.{row.name} is read late, which needs a sampled part: give {name} a period.")


def _decorator(kind: str, sampled: bool = False):
    def decorate(function: Callable | None = None, *, period: Quantity | None = None, order: int = 4) -> Any:
        if function is not None:
            return _component(kind, function, period, order)
        return lambda f: _component(kind, f, period, order)

    decorate.__name__ = kind
    decorate.__doc__ = f"A component that {KINDS[kind]}."
    return decorate


compartment = _decorator("compartment")
path = _decorator("path")
membrane = _decorator("membrane")
reaction = _decorator("reaction")
signal = _decorator("signal")
controller = _decorator("controller")


def foreign(
    thing: Any, period: Quantity, gives: Mapping[str, tuple[float, Unit, str]], **reading: tuple[Any, Unit]
) -> Part:
    """A part whose decisions come from any Python object with `step(time_s, readings) -> dict`.

    `reading` names what it is told, each as (signal, unit); `gives` what it answers, each as (first value, unit,
    meaning). Numbers cross in those units. With `get_state` and `set_state` it can be rewound."""
    if not callable(getattr(thing, "step", None)):
        raise ModelError(f"{thing!r} has no step(time_s, readings); a foreign part needs one.")
    rows = {n: Row("reads", u, f"{n}, as told to the foreign part", name=n) for n, (_, u) in reading.items()}
    rows |= {n: Row("memory", u, meaning, u.si(v), name=n) for n, (v, u, meaning) in gives.items()}
    name = type(thing).__name__
    component = Component("foreign", name, lambda **_: {}, MappingProxyType(rows), period.to(s), "", "")
    wires = {n: _place(signal, name) for n, (signal, _) in reading.items()}
    return Part(component, (), MappingProxyType({}), MappingProxyType(wires), period.to(s), "", thing)
