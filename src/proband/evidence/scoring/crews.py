"""Persons whose bodies have one structure, side by side in the lanes of one engine."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from proband.engine import Engine, Run
from proband.engine.settling import HASTE, scale_stores
from proband.evidence.scoring.person import GAS, Person
from proband.laws.gas import inspired
from proband.model import Body, structure
from proband.units import mL, mmol, ms

GRID = 1e-3  # seconds; events fall on whole milliseconds
HALF = 0.6  # of the time that eight lanes take, four take on processors that have eight (measured: 0.5 to 0.7)
NOTHING = (math.nan, math.nan, math.nan)
LOOK = 20_000  # ms of a person's time until a crew looks whether anybody still waits


@dataclass
class Group:
    """Persons of one body."""

    build: Callable[[], Body]
    people: list[Person] = field(default_factory=list)
    watched: set[str] = field(default_factory=set)


@dataclass
class Place:
    """A lane: a body, and the persons to whom all the same happens in it."""

    body: Body
    people: list[Person]
    watched: set[str]

    @property
    def person(self) -> Person:
        return self.people[0]


@dataclass
class Crew:
    """As many as run at once."""

    engine: Engine
    places: list[Place]

    @property
    def cost(self) -> float:
        """About how long it takes, in operations."""
        return end_of(self.places[0].person) * self.engine.program.operations()["right-hand side"]

    def make_ready(self) -> None:
        """Have the code for this crew, which `simulate` would else compile."""
        self.engine.decide(len(self.places))
        self.engine.compile(self.engine.width(len(self.places)))

    def simulate(
        self, stopped: Callable[[], bool] = lambda: False, passed: Callable[[float], None] = lambda _: None
    ) -> None:
        """From moment to moment, until nobody waits any more. A window counts from its own begin to its own end, whatever
        happens to others. `passed` hears of each stretch, in seconds of persons' time."""
        people = [place.person for place in self.places]
        count = len(people)
        values = _by_name((name, lane, value) for lane, p in enumerate(people) for name, value in p.values.items())
        run = self.engine.start(
            count,
            values={name: _masked(count, given) for name, given in values.items()},
            numbers=[p.number for p in people],
            bodies=[place.body for place in self.places],
        )
        events: dict[int, list[tuple[str, int, float]]] = defaultdict(list)
        opening: dict[int, list[int]] = defaultdict(list)
        closing: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for lane, person in enumerate(people):
            for when, command, value in person.script:
                events[_moment(when)].append((command, lane, value))
            for number, window in enumerate(person.windows):
                opening[_moment(window.begin)].append(lane)
                closing[_moment(window.end)].append((lane, number))
        rest = np.array([_moment(p.settled) for p in people])
        ends, many = np.array([_moment(end_of(p)) for p in people]), np.array([len(p.people) for p in self.places])
        at, last = 0, max(closing, default=0)
        scale_stores(run, 1 / HASTE)  # until each comes to rest
        for moment in sorted({*opening, *closing, *events, *rest.tolist()}):
            if moment > last:
                break
            while at < moment:
                if stopped():
                    return
                stretch = min(moment - at, LOOK)
                run.advance(stretch * ms)
                passed(GRID * float(many @ (np.minimum(at + stretch, ends) - np.minimum(at, ends))))
                at += stretch
            for lane, number in closing[moment]:
                self._tell(run, lane, number)
            if moment in rest:
                scale_stores(run, np.where(rest == moment, HASTE, 1.0))
            for command, told in _by_name(events[moment]).items():
                if command.startswith(GAS):
                    held = {lane: inspired(share).to(mmol / mL) for lane, share in told.items()}
                    run.fill("room", command.removeprefix(GAS), _masked(count, held))
                else:
                    run.command(command, _masked(count, told))
            for lane in opening[moment]:
                run.begin_window(lane)

    def _tell(self, run: Run, lane: int, number: int) -> None:
        """What a window of theirs showed, to all in this place; nothing where they were lost in it or before."""
        place, lost = self.places[lane], any(f.patient == lane for f in run.failures)
        seen = run.window().of(lane)
        for person in place.people:
            window = person.windows[number]
            nothing = lost or window.end <= window.begin
            window.told = {signal: NOTHING if nothing else seen[signal] for signal in place.watched}


def crews(groups: Iterable[Group]) -> Iterator[Crew]:
    """Those with the longest scripts first, and together, so that few lanes run on for others alone."""
    kinds: dict[object, list[tuple[Body, Group]]] = defaultdict(list)
    for group in groups:
        body = group.build()
        kinds[structure(body), tuple(sorted(body.aliases.items()))].append((body, group))
    for kind in sorted(kinds.values(), key=lambda kind: -max(end_of(p) for _, g in kind for p in g.people)):
        engine = Engine(kind[0][0], observe=sorted(set().union(*(g.watched for _, g in kind))), threads=1)
        places = sorted(
            (place for body, group in kind for place in _places(body, group)), key=lambda p: -end_of(p.person)
        )
        at = 0
        for width in _dealt([end_of(place.person) for place in places], engine.width(len(places))):
            yield Crew(engine, places[at : at + width])
            at += width


def _dealt(ends: Sequence[float], width: int) -> list[int]:
    """How many of those that end then, the longest first, lie together so that all take the least time: as many as there
    are lanes, or of eight lanes half, which is faster."""
    sizes = {width: 1.0, width // 2: HALF} if width >= 8 else {width: 1.0}
    least, size = [0.0] * (len(ends) + 1), [width] * len(ends)
    for i in reversed(range(len(ends))):
        least[i], size[i] = min((cost * ends[i] + least[min(i + n, len(ends))], n) for n, cost in sizes.items())
    found = []
    while sum(found) < len(ends):
        found.append(size[sum(found)])
    return found


def _places(body: Body, group: Group) -> Iterable[Place]:
    """One for each person, but for those to whom all the same happens."""
    found: dict[str, Place] = {}
    for person in group.people:
        found.setdefault(repr(person), Place(body, [], group.watched)).people.append(person)
    return found.values()


def end_of(person: Person) -> float:
    """When nobody looks at a person any more, in seconds."""
    return max((w.end for w in person.windows), default=0.0)


def _moment(time: float) -> int:
    return round(time / GRID)


def _by_name(told: Iterable[tuple[str, int, float]]) -> Mapping[str, dict[int, float]]:
    """What is told to whom, by name."""
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for name, lane, value in told:
        found[name][lane] = value
    return found


def _masked(count: int, told: Mapping[int, float]) -> np.ma.MaskedArray:
    """Values for some of so many; the others keep what they have."""
    column = np.ma.masked_array(np.zeros(count), mask=True)
    for lane, value in told.items():
        column[lane] = value
    return column
