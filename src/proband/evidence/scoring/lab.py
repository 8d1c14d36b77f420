"""The laboratory in which studies run: each says what happens to its persons, then all persons with one body run side by side."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proband.engine import Engine, Run
from proband.engine.settling import HASTE, scale_stores
from proband.laws.gas import inspired
from proband.model import Body
from proband.units import Quantity, mL, mmHg, mmol, ms, s

SETTLE = 120 * s  # in which a body finds its balance before the experiment begins
GRID = 1e-3  # seconds; events fall on whole milliseconds
MONITOR = (
    "heart_rate", "systolic", "diastolic", "mean_arterial", "pulse_pressure", "central_venous", "pulmonary_systolic",
    "pulmonary_diastolic", "pulmonary_mean", "wedge", "right_systolic", "left_systolic", "left_end_diastolic", "cardiac_output",
    "native_flow", "stroke_volume", "ejection_fraction", "left_end_diastolic_volume", "left_end_systolic_volume",
    "right_end_diastolic_volume", "right_end_systolic_volume", "valve_open",
)  # fmt: skip
BAG, LINE = "study_bag", "study_line"
GAS = "gas of the room: "  # what a script says in a command's place where the room's gas changes


@dataclass
class Window:
    """What one person's signals were between two moments; told once the laboratory has run."""

    begin: float
    end: float
    told: dict[str, tuple[float, float, float]] = field(default_factory=dict)  # mean, least, most

    def __call__(self, quantity: str) -> float:
        """The mean of a monitor's quantity (`heart_rate`) or of any watched signal (`lvad.flow`)."""
        return self._find(quantity)[0]

    def least(self, quantity: str) -> float:
        """The lowest value."""
        return self._find(quantity)[1]

    def most(self, quantity: str) -> float:
        """The highest value."""
        return self._find(quantity)[2]

    def _find(self, quantity: str) -> tuple[float, float, float]:
        return self.told[quantity if "." in quantity else f"monitor.{quantity}"]


@dataclass
class Person:
    """One virtual person and what is to happen. Nothing happens before the laboratory runs."""

    values: dict[str, float]
    clock: float
    settled: float = 0.0  # until when the body comes to rest
    number: int = 0  # of his random numbers
    script: list[tuple[float, str, float]] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)

    def set(self, command: str, value: float) -> Person:
        """A command from now on, in the unit of its row."""
        self.script.append((self.clock, command, float(value)))
        return self

    def wait(self, time: Quantity) -> Person:
        """Let time pass."""
        self.clock += time.to(s)
        return self

    def measure(self, time: Quantity = 20 * s) -> Window:
        """What happens in the time that now passes."""
        window = Window(self.clock, self.clock + time.to(s))
        self.windows.append(window)
        self.clock = window.end
        return window

    def tilt(self, angle: float) -> Person:
        """Head up, in degrees."""
        return self.set("posture.angle", angle)

    def suck(self, suction: Quantity) -> Person:
        """Negative pressure around the lower body."""
        return self.set("posture.suction", suction.to(mmHg))

    def strain(self, pressure: Quantity, abdomen: float | None = None, rest: float | None = None) -> Person:
        """Pressure in the chest above its rest; in the abdomen a share of it, or where none is given the chest's own.

        A diaphragm that is relaxed bears no pressure: so it is in expiratory efforts (Agostoni & Rahn 1960)."""
        level = (self.rest_of_chest if rest is None else rest) + pressure.to(mmHg)
        self.set("chest.level", level)
        return self.set("chest.abdomen", max(level, 0.0) if abdomen is None else abdomen * pressure.to(mmHg))

    def breathe(self, oxygen: float, carbon_dioxide: float = 0.0004) -> Person:
        """Another gas in the room from now on: shares of the dry gas, the rest is nitrogen."""
        for name, share in (
            ("oxygen", oxygen),
            ("carbon_dioxide", carbon_dioxide),
            ("nitrogen", 1 - oxygen - carbon_dioxide),
        ):
            self.script.append((self.clock, f"{GAS}{name}", share))
        return self

    rest_of_chest: float = -3.0

    def bleed(self, volume: Quantity, over: Quantity) -> Person:
        """Blood drawn from a great vein at a steady rate; a negative volume is infused."""
        self.set(f"{LINE}.rate", volume.to(mL) / over.to(s))
        self.wait(over)
        return self.set(f"{LINE}.rate", 0.0)


Change = Callable[[Body], Body]


class Bench:
    """Work on a bench; call it for its result once the laboratory has run."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self._result: Any = None

    def do(self) -> None:
        """The work."""
        self._result = self._work()

    def __call__(self) -> Any:
        return self._result


@dataclass
class _Bodies:
    """Persons of one structure."""

    build: Callable[[], Body]
    people: list[Person] = field(default_factory=list)
    watched: set[str] = field(default_factory=set)


class Lab:
    """Gathers persons by the structure of their bodies; `run` builds one engine for each structure.

    What a person's numbers come to depends on his own study alone, never on who else is in the laboratory."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._bodies: dict[Any, _Bodies] = {}
        self._resting: dict[str, Body] = {}
        self._benches: list[Bench] = []

    def begin(self) -> None:
        """Another study begins: its persons are counted, and draw their random numbers, from the first again."""
        self._numbers = itertools.count()

    def body(self, sheet: str) -> Body:
        """The body of a data sheet, as it is."""
        if sheet not in self._resting:
            from proband.patients import load

            self._resting[sheet] = load(sheet)
        return self._resting[sheet]

    def person(
        self,
        sheet: str,
        values: Mapping[str, float] | None = None,
        *,
        changed: Change | None = None,
        watch: Iterable[str] = (),
        settle: Quantity = SETTLE,
    ) -> Person:
        """A person with the body of a data sheet, rows of which may have other values (numbers in the rows' units).

        `changed` gives the body another structure (a pump, a pacemaker): a module's own function, since persons with the
        same one share an engine."""
        group = self._group((sheet, changed), lambda: self._bedside(sheet, changed))
        group.watched.update(watch)
        group.watched.update(f"monitor.{q}" for q in MONITOR)
        person = Person(dict(values or {}), settle.to(s), settle.to(s), next(self._numbers))
        person.rest_of_chest = float((values or {}).get("chest.level", self.body(sheet).value("chest.level").to(mmHg)))
        group.people.append(person)
        return person

    def rig(
        self, build: Callable[[], Body], values: Mapping[str, float] | None = None, *, watch: Iterable[str]
    ) -> Person:
        """A body that is no patient (a mock loop), made by a module's own function."""
        group = self._group(build, build)
        group.watched.update(watch)
        person = Person(dict(values or {}), 0.0, number=next(self._numbers))
        group.people.append(person)
        return person

    def bench(self, work: Callable[[], Any]) -> Bench:
        """Something that needs no person (a type test, a curve): done beside the persons, its result told afterwards."""
        self._benches.append(Bench(work))
        return self._benches[-1]

    def _group(self, key: Any, build: Callable[[], Body]) -> _Bodies:
        return self._bodies.setdefault(key, _Bodies(build))

    def _bedside(self, sheet: str, changed: Change | None) -> Body:
        from proband.laws.line import blood_bag, line

        body = self.body(sheet)
        if changed:
            body = changed(body)
        return body.attach(**{BAG: blood_bag(volume=10000 * mL), LINE: line("vena_cava_inferior", BAG)})

    def run(self, threads: int | None = None) -> None:
        """Everything that was asked for: one engine for each structure, its persons in blocks that end at about the same
        time, the blocks side by side on all cores."""
        jobs = [job for group in self._bodies.values() for job in _jobs(group)]
        with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
            doing = [pool.submit(_simulate, *job) for job in sorted(jobs, key=lambda job: -_end(job[2][-1]))]
            doing += [pool.submit(bench.do) for bench in self._benches]
            for done in doing:
                done.result()


def _end(person: Person) -> float:
    return max((w.end for w in person.windows), default=0.0)


def _jobs(group: _Bodies) -> list[tuple[Engine, _Bodies, list[Person]]]:
    """Blocks of persons, as many as there are lanes, by the length of their scripts."""
    engine = Engine(group.build(), observe=sorted(group.watched), threads=1)
    width = engine.width(len(group.people))
    engine.compile(width)
    order = sorted(group.people, key=_end)
    return [(engine, group, order[i : i + width]) for i in range(0, len(order), width)]


def _simulate(engine: Engine, group: _Bodies, people: list[Person]) -> None:
    """From moment to moment; what lies between two of them is added to every window that is open."""
    body = engine.body
    # A last block that is not full takes its first person several times, so that it uses the same compiled code.
    crew = people + people[:1] * (engine.width(len(group.people)) - len(people))
    run = engine.start(len(crew), values=_columns(body, [p.values for p in crew]), numbers=[p.number for p in crew])
    events: dict[int, list[tuple[int, str, float]]] = {}
    for lane, person in enumerate(crew):
        for when, command, value in person.script:
            events.setdefault(round(when / GRID), []).append((lane, command, value))
    edges = {round(t / GRID) for p in people for w in p.windows for t in (w.begin, w.end)}
    now: dict[str, np.ndarray] = {}
    sums: dict[int, list] = {}
    at, last = 0, max(edges, default=0)
    rest = np.array([round(p.settled / GRID) for p in crew])
    scale_stores(run, 1 / HASTE)  # until each comes to rest
    for moment in sorted(edges | set(events) | set(rest.tolist())):
        if moment > last:
            break
        if moment > at:
            run.begin_window()
            run.advance((moment - at) * ms)
            _add(run, people, group.watched, at, moment, sums)
            at = moment
        if moment in rest:
            scale_stores(run, np.where(rest == moment, HASTE, 1.0))
        for lane, command, value in events.get(moment, ()):
            if command.startswith(GAS):
                _blow(run, lane, command.removeprefix(GAS), value)
                continue
            if command not in now:  # whom nobody has told anything keeps what he began with
                now[command] = np.array([_begun(body, p, command) for p in crew])
            now[command][lane] = value
        for command in dict.fromkeys(c for _, c, _ in events.get(moment, ()) if not c.startswith(GAS)):
            run.command(command, now[command])
    failed = {f.patient: f.time_s for f in run.failures}
    for lane, person in enumerate(people):
        for window in person.windows:
            lost = lane in failed and failed[lane] <= window.end
            _tell(window, [] if lost else sums.get(id(window), []), group.watched)


def _blow(run: Run, lane: int, gas: str, share: float) -> None:
    """The room of one patient holds so much of a gas."""
    held = run.value(f"room.{gas}") / run.value("room.volume")
    held[lane] = inspired(share).to(mmol / mL)
    run.fill("room", gas, held)


def _tell(window: Window, parts: list, watched: set[str]) -> None:
    weight = sum(duration for duration, _ in parts)
    for signal in watched:
        window.told[signal] = (
            (
                sum(duration * seen[signal][0] for duration, seen in parts) / weight,
                min(seen[signal][1] for _, seen in parts),
                max(seen[signal][2] for _, seen in parts),
            )
            if parts
            else (math.nan, math.nan, math.nan)
        )


def _add(run: Run, people: list[Person], watched: set[str], begin: int, end: int, sums: dict[int, list]) -> None:
    open_now = [
        (lane, w) for lane, p in enumerate(people) for w in p.windows
        if round(w.begin / GRID) <= begin and round(w.end / GRID) >= end
    ]  # fmt: skip
    if not open_now:
        return
    stretch = run.window()
    table = {sig: (stretch.mean(sig), stretch.min(sig), stretch.max(sig)) for sig in watched}
    for lane, window in open_now:
        sums.setdefault(id(window), []).append(
            (
                end - begin,
                {sig: (float(m[lane]), float(lo[lane]), float(hi[lane])) for sig, (m, lo, hi) in table.items()},
            )
        )


def _resting(body: Body, name: str) -> float:
    part, row = body.row(name)
    del part
    return body.value(name).to(row.unit)


def _begun(body: Body, person: Person, name: str) -> float:
    """What a command held when the person's time began: his own value, or the body's."""

    def full(row: str) -> str:
        part, found = body.row(row)
        return f"{part}.{found.name}"

    own = {full(row): value for row, value in person.values.items()}
    return own.get(full(name), _resting(body, name))


def _columns(body: Body, people: list[dict[str, float]]) -> dict[str, np.ndarray]:
    """Rows in which persons differ: each one's value, or what the body has."""
    names = dict.fromkeys(n for values in people for n in values)
    return {n: np.array([values.get(n, _resting(body, n)) for values in people]) for n in names}
