"""What the targets compile: slots that hold numbers, and the graph that says how they change."""

from __future__ import annotations

import functools
import hashlib
import marshal
from dataclasses import dataclass, field
from typing import NamedTuple

from proband.engine.graph import FAST, LEAVES, Graph
from proband.units import Unit


class Slot(NamedTuple):
    """A number that a patient holds: a state, a parameter, or what a sampled part wrote."""

    name: str
    unit: Unit
    initial: float  # SI


@dataclass(frozen=True)
class Ring:
    """A signal that is read late: its last `length` samples, taken by one group."""

    name: str
    length: int
    source: int  # node that is stored


@dataclass
class Group:
    """Sampled parts that share one period."""

    period: int  # in steps
    outputs: list[tuple[int, int]] = field(default_factory=list)  # (held slot, node), refreshed while priming too
    memory: list[tuple[int, int]] = field(default_factory=list)  # (held slot, node), only at samples
    rings: list[int] = field(default_factory=list)  # ring numbers that this group feeds


@dataclass(frozen=True)
class Bell:
    """A held slot whose beginning and end are logged: an alarm or an event."""

    held: int
    part: str
    name: str
    priority: str
    meaning: str


@dataclass
class ForeignPart:
    """Code that is not ours, called at its sample times with readings and answering into held slots."""

    name: str
    thing: object
    period: int
    readings: list[tuple[str, int, Unit]]  # (name, index into outputs, unit)
    answers: dict[str, tuple[int, Unit]]  # name → (held slot, unit)


@dataclass
class Program:
    """A body as straight-line equations over slots."""

    graph: Graph
    step_ns: int
    states: list[Slot]
    params: list[Slot]
    held: list[Slot]
    rings: list[Ring]
    groups: list[Group]
    derivatives: list[int]  # node per state
    outputs: list[tuple[str, int]]  # observed signals: name and node
    units: dict[str, tuple[Unit, str]]  # of observed signals
    bells: list[Bell]
    volumes: list[int]  # states that must not become negative
    foreign: list[ForeignPart]
    unread: frozenset[int]  # held slots that nobody hears, and that are therefore never written
    size: int  # nodes that tracing wrote; a stepper may write more behind them

    @functools.cached_property
    def fingerprint(self) -> str:
        """A hash of everything that the compiled code depends on."""
        graph, size = self.graph, self.size
        digest = hashlib.sha256()
        for table in (graph.ops, graph.args, graph.levels):
            digest.update(marshal.dumps(table[:size], 2))  # without references, so that equal tables are equal bytes
        digest.update(repr(self.roots()).encode())
        digest.update(
            repr(
                (
                    self.step_ns,
                    len(self.states),
                    len(self.params),
                    len(self.held),
                    [(r.length,) for r in self.rings],
                    [(g.period, [o[0] for o in g.outputs], [m[0] for m in g.memory], g.rings) for g in self.groups],
                    len(self.outputs),
                    [b.held for b in self.bells],
                    self.volumes,
                )
            ).encode()
        )
        return digest.hexdigest()

    def roots(self) -> list[int]:
        """Every node that must be computed somewhere."""
        roots = [*self.derivatives, *(n for _, n in self.outputs), *(r.source for r in self.rings)]
        for group in self.groups:
            roots += [n for _, n in (*group.outputs, *group.memory)]
        return roots

    def operations(self) -> dict[str, int]:
        """Operations of one right-hand side (continuous) and of each sampled group, leaves not counted."""
        graph = self.graph

        def count(roots: list[int]) -> int:
            return sum(graph.ops[i] not in LEAVES and graph.levels[i] == FAST for i in graph.needed(roots))

        result = {"right-hand side": count(self.derivatives)}
        for group in self.groups:
            every = group.period * self.step_ns / 1e6
            result[f"every {every:g} ms"] = sum(
                graph.ops[i] not in LEAVES for i in graph.needed([n for _, n in (*group.outputs, *group.memory)])
            )
        return result
