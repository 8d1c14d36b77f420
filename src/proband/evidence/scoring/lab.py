"""The laboratory in which studies run: each says what happens to its persons, then all persons with like bodies run side by side."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from proband.evidence.scoring.bench import Bench, Elsewhere, by_wing
from proband.evidence.scoring.crews import Crew, Group, crews, end_of
from proband.evidence.scoring.how_far import BENCH, HowFar
from proband.evidence.scoring.person import LINE, Person, Window
from proband.evidence.scoring.working import Work
from proband.model import Body
from proband.trials.runner import Progress
from proband.units import Quantity, mL, mmHg, s

__all__ = ["Change", "Lab", "Person", "Window"]

SETTLE = 120 * s  # in which a body finds its balance before the experiment begins
MONITOR = (
    "heart_rate", "systolic", "diastolic", "mean_arterial", "pulse_pressure", "central_venous", "pulmonary_systolic",
    "pulmonary_diastolic", "pulmonary_mean", "wedge", "right_systolic", "left_systolic", "left_end_diastolic", "cardiac_output",
    "native_flow", "stroke_volume", "ejection_fraction", "left_end_diastolic_volume", "left_end_systolic_volume",
    "right_end_diastolic_volume", "right_end_systolic_volume", "valve_open",
)  # fmt: skip
BAG = "study_bag"
MANY = 8  # benches from which on processes of their own are worth their start

Change = Callable[[Body], Body]


class Lab:
    """Gathers persons, and benches beside them; `run` builds one engine for all whose bodies have one structure.

    What a person's numbers come to depends on his own study alone, to the last bit, never on who else is in the
    laboratory."""

    def __init__(self) -> None:
        self._study, self._numbers = "", itertools.count()
        self._groups: dict[Any, Group] = {}
        self._resting: dict[str, Body] = {}
        self._benches: list[Bench] = []

    def begin(self, study: str = "") -> None:
        """Another study begins: its persons are counted, and draw their random numbers, from the first again."""
        self._study, self._numbers = study, itertools.count()

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
        number = sum(bench.study == self._study for bench in self._benches)
        self._benches.append(Bench(work, self._study, number))
        return self._benches[-1]

    @property
    def benches(self) -> Sequence[Bench]:
        """Those that were asked for, in order."""
        return self._benches

    def _group(self, key: Any, build: Callable[[], Body]) -> Group:
        return self._groups.setdefault(key, Group(build))

    def _bedside(self, sheet: str, changed: Change | None) -> Body:
        from proband.laws.line import blood_bag, line

        body = self.body(sheet)
        if changed:
            body = changed(body)
        return body.attach(**{BAG: blood_bag(volume=10000 * mL), LINE: line("vena_cava_inferior", BAG)})

    def run(self, threads: int | None = None, tell: Callable[[Progress], None] = lambda _: None) -> None:
        """Everything that was asked for, telling how far it is: persons side by side in the lanes of one engine for each
        structure, the longest first, on all cores; many benches meanwhile in processes of their own, since most of them are Python."""
        threads = threads or os.cpu_count() or 1
        apart = threads > 1 and len(self._benches) > MANY and all(bench.study for bench in self._benches)
        time = sum(end_of(person) for group in self._groups.values() for person in group.people)
        far = HowFar(time + BENCH * len(self._benches), tell)
        with ExitStack() as stack:
            elsewhere = [stack.enter_context(Elsewhere(of)) for of in by_wing(self._benches if apart else ())]
            work = stack.enter_context(Work(threads))
            for process in elsewhere:
                work.beside(partial(process.collect, far.bench))
            made = []
            for crew in crews(self._groups.values()):
                work.add(crew.cost, partial(crew.simulate, work.stopped, far.count))
                made.append(crew)
                far.say()
            for bench in () if apart else self._benches:
                work.add(0.0, partial(far.at_bench, bench.do))
            if threads > 1:  # code is made one after the other, which is done while the cores step the longest crews
                work.beside(partial(_make_ready, made, work.stopped))
            work.finish(far.say)


def _make_ready(crews: Iterable[Crew], stopped: Callable[[], bool]) -> None:
    for crew in sorted(crews, key=lambda crew: -crew.cost):
        if stopped():
            return
        crew.make_ready()
