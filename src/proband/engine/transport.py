"""Substances with a period of their own: what each path has moved meanwhile carries them, once a period.

The tick of a substance has three acts, so that every reader sees one state of affairs:
1. *mixed*: what the paths have moved since the last tick is taken from upstream and mixed in;
2. *chemistry*: sampled parts with the same period that read a concentration see the mixed blood or gas;
3. *exchanged*: membranes and reactions read that chemistry, and their rates act for one period.

Because the same moved volume is taken from one place and given to the other, nothing is lost however long the period.
What a path has moved follows from how much its compartments have grown; only where paths form a circle must one of them
be counted by the solver. (Every circle has one path that is counted: the others are a tree, solved from its leaves.)
A compartment that gives `molar_volume` (gas) grows by what its membranes bring: the rates act on its volume, too."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from proband.engine.graph import Node
from proband.engine.sampled import sample
from proband.model.component import Part
from proband.units import Unit, mL

if TYPE_CHECKING:
    from proband.engine.tracing import Tracer

EXCHANGES = ("membrane", "reaction")
BY_TICK = "_by_tick_of_"  # names what a state was at the last tick


class Transport:
    """The slow substances of a body, as its tracer writes them down."""

    def __init__(self, tracer: Tracer):
        self.tracer, self.body = tracer, tracer.body
        self.periods = {c.name: tracer.steps(c.every, c.name) for c in self.body.substances if c.every is not None}
        self.units = {c.name: c.unit for c in self.body.substances}
        self.parts = tracer.parts
        self.compartments = [n for n, p in self.parts.items() if p.component.kind == "compartment"]
        self.paths = [n for n, p in self.parts.items() if p.component.kind == "path"]
        self._mixed: dict[tuple[str, str], Node] = {}
        self._moved: dict[tuple[str, int], Node] = {}

    def slow(self, part: Part) -> int | None:
        """The period in which a membrane or reaction acts; None for one that acts continuously."""
        return self.periods.get(part.substance) if part.component.kind in EXCHANGES else None

    # leaves ----------------------------------------------------------------------------------------------------
    def volume(self, place: str) -> Node:
        part = self.parts[place]
        return self.tracer.state(f"{place}.volume", part.component.rows["volume"].unit, part.value("volume") or 0.0)

    def amount(self, place: str, substance: str) -> Node:
        """What the compartment held after the last tick."""
        start = self.body.contents.get(f"{place}.{substance}", 0.0) * (self.parts[place].value("volume") or 0.0)
        return self.tracer.hold(f"{place}.{substance}", self.units[substance], start, self.periods[substance])

    def concentration(self, place: str, substance: str) -> Node:
        """Its concentration after the last tick."""
        start = self.body.contents.get(f"{place}.{substance}", 0.0)
        name, unit = f"{place}.{substance}_concentration", self.units[substance] / mL
        return self.tracer.hold(name, unit, start, self.periods[substance])

    # the tick --------------------------------------------------------------------------------------------------
    def moved(self, path: str, period: int) -> Node:
        """The volume that a path has moved since the last tick."""
        if (path, period) not in self._moved:
            for counted in self.circles:
                self._moved[counted, period] = self.since(f"{counted}.moved", mL, 0.0, period)
            for place, branch in self.branches:
                self._moved[branch, period] = self.through(branch, place, period)
        return self._moved[path, period]

    def through(self, branch: str, place: str, period: int) -> Node:
        """What came through the one path of a compartment that is not known yet: how much it grew, less all else."""
        part = self.parts[place]
        row = part.component.rows["volume"]
        came = self.since(f"{place}.volume", row.unit, part.value("volume") or 0.0, period)
        for at, inflow in self.swelling:
            if at == place:
                came = came - inflow * (period * self.tracer.step_ns * 1e-9)
        for path in self.at[place]:
            if path != branch:
                share = self._moved[path, period]
                came = came - share if self.parts[path].ends[1] == place else came + share
        return came if self.parts[branch].ends[1] == place else -came

    def since(self, state: str, unit: Unit, start: float, period: int) -> Node:
        """How much a state has grown since the last tick."""
        now = self.tracer.state(state, unit, start)
        name = f"{state}{BY_TICK}{period * self.tracer.step_ns / 1e6:g}_ms"
        before = self.tracer.hold(name, unit, start, period)
        self.tracer.group(period).memory.append((self.tracer.slot_of(name), now.number))
        return now - before

    @functools.cached_property
    def at(self) -> dict[str, list[str]]:
        """The paths that end in each compartment."""
        found: dict[str, list[str]] = {place: [] for place in self.compartments}
        for path in self.paths:
            for place in set(self.parts[path].ends):
                found[place].append(path)
        return found

    @functools.cached_property
    def tree(self) -> tuple[list[str], list[tuple[str, str]]]:
        """Paths that close circles, and (compartment, its path towards the root) from the leaves on. The largest
        compartment is the root: its growth is the one that rounding blurs most."""
        by_size = sorted(self.compartments, key=lambda n: (-(self.parts[n].value("volume") or 0.0), n))
        seen: set[str] = set()
        branches: list[tuple[str, str]] = []
        for root in by_size:
            queue = [] if root in seen else [root]
            seen.add(root)
            for place in queue:
                for path in self.at[place]:
                    for far in self.parts[path].ends:
                        if far not in seen:
                            seen.add(far)
                            branches.append((far, path))
                            queue.append(far)
        climbed = {path for _, path in branches}
        return [p for p in self.paths if p not in climbed], branches[::-1]

    @property
    def circles(self) -> list[str]:
        return self.tree[0]

    @property
    def branches(self) -> list[tuple[str, str]]:
        return self.tree[1]

    def mixed(self, place: str, substance: str) -> Node:
        """The amount in a compartment once the paths' share has arrived, before anything is exchanged."""
        key = (place, substance)
        if key not in self._mixed:
            self.mix(substance)
        return self._mixed[key]

    def mix(self, substance: str) -> None:
        now = {place: self.amount(place, substance) for place in self.compartments}
        for path in self.paths:
            a, b = self.parts[path].ends
            volume = self.moved(path, self.periods[substance])
            upstream = (volume > 0).select(self.concentration(a, substance), self.concentration(b, substance))
            now[a] = now[a] - volume * upstream
            now[b] = now[b] + volume * upstream
        for place, amount in now.items():
            self._mixed[place, substance] = amount

    def mixed_concentration(self, place: str, substance: str) -> Node:
        return self.mixed(place, substance) * (1 / self.volume(place))  # one division for all substances

    def fresh(self, reader: str, wire: str) -> Node | None:
        """What a reader sees within the tick: the mixed concentration, or chemistry of this very tick.

        None where the reader is to see the world as every sampled part does."""
        name, _, quantity = self.body.aliases.get(wire, wire).rpartition(".")
        part, period = self.parts.get(name), self.tracer.period(reader)
        if part is None or period is None:
            return None
        if part.component.kind == "compartment" and quantity.endswith("_concentration"):
            substance = quantity.removesuffix("_concentration")
            if self.periods.get(substance) == period:
                return self.mixed_concentration(name, substance)
        if self.slow(self.parts[reader]) and part.component.kind == "signal" and self.tracer.period(name) == period:
            told = sample(self.tracer, name, period)
            for key in (quantity, f"next_{quantity}"):
                if key in told:
                    return self.tracer.value_of(told[key])
        return None

    def write(self) -> None:
        """Every slow substance's tick, and the flow of volume that gas exchange is."""
        for substance, period in self.periods.items():
            self.tracer.graph.part = "transport"
            now = {place: self.mixed(place, substance) for place in self.compartments}
            every = period * self.tracer.step_ns * 1e-9
            for name, part in self.parts.items():
                if self.slow(part) and part.substance == substance:
                    gained = self.tracer.value_of(sample(self.tracer, name, period)["rate"]) * every
                    if part.component.kind == "membrane":
                        now[part.ends[0]] = now[part.ends[0]] - gained
                    now[part.ends[-1]] = now[part.ends[-1]] + gained
            self.tracer.graph.part = "transport"
            memory = self.tracer.group(period).memory
            for place, amount in now.items():
                self.concentration(place, substance)  # its slot, which others read
                memory.append((self.tracer.slot_of(f"{place}.{substance}"), self.tracer.graph.stored(amount).number))
                dissolved = self.tracer.graph.stored(amount * (1 / self.volume(place)))
                memory.append((self.tracer.slot_of(f"{place}.{substance}_concentration"), dissolved.number))

    @functools.cached_property
    def swelling(self) -> list[tuple[str, Node]]:
        """The flow of volume into every compartment whose membranes bring gas."""
        found = []
        for name, part in self.parts.items():
            if self.slow(part):
                rate = self.tracer.number(f"{name}.rate")
                for place, sign in zip(reversed(part.ends), (1.0, -1.0), strict=False):
                    if "molar_volume" in self.parts[place].component.outputs:
                        found.append((place, rate * self.tracer.number(f"{place}.molar_volume") * sign))
        return found
