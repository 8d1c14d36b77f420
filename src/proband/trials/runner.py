"""Runs a trial on the engine: settles, steps, measures, and hands every finished step to a sink."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from proband.model import Body
from proband.trials.amounts import seconds
from proband.trials.bodies import Group, blood
from proband.trials.checks import tilt_command
from proband.trials.conditions import Measure
from proband.trials.grammar import Trial
from proband.trials.library import Library
from proband.trials.plan import Plan, prepare
from proband.trials.protocol import STEP_S, Bleed
from proband.trials.result import Failed, Happening, Recorded, Result
from proband.trials.sink import Batch, Nowhere, Sink
from proband.trials.steps import Numbered, fluid_name
from proband.units import Quantity, mL, parse_quantity, s

SLICE_S = 5.0  # simulated between two looks at the keyboard
TILT_S = 0.1  # between two positions while turning
FEW = 64  # patients whose whole log is kept; of more, alarms alone
BATCH = 2_048  # patients that run together; more would only take memory
BATCH_VARIABLE = "PROBAND_BATCH"  # another number of them, for tests


@dataclass(frozen=True)
class Progress:
    """How far a trial is, for a bar: simulated seconds done and in all, and what is going on."""

    done: float
    total: float
    doing: str


def run(
    trial: Trial,
    *,
    library: Library | None = None,
    sink: Sink | None = None,
    progress: Callable[[Progress], None] | None = None,
    **engine_options: Any,
) -> Result:
    """Run a trial. Raises Refused before any work where it cannot be run.

    A patient that fails is in `result.failures`; the others go on. After Ctrl-C the finished steps are kept
    (`result.status` is "interrupted") and KeyboardInterrupt goes on to the caller, with `result` on it."""
    begun = time.perf_counter()
    plan = prepare(trial, library)
    sink = sink or Nowhere()
    sink.open(plan)
    tell = progress or (lambda _: None)
    result = Result.empty(plan)
    try:
        if trial.match is not None:
            from proband.trials.matching import match

            fitted = match(plan, tell, engine_options)
            plan = prepare(trial, library, fitted.values)
            result = Result.empty(plan)
            result.fitted = fitted
        _Runner(plan, result, sink, tell, engine_options).run()
        result.status = "failed" if len(result.failures) == plan.patients else "complete"
    except KeyboardInterrupt as stop:
        result.status = "interrupted"
        result.wall_s = time.perf_counter() - begun
        sink.close(result)
        stop.result = result  # type: ignore[attr-defined]
        raise
    result.wall_s = time.perf_counter() - begun
    sink.close(result)
    return result


def ticks(duration_s: float) -> int:
    """The solver steps in a duration."""
    return round(duration_s / STEP_S)


def start_values(group: Group, members: np.ndarray) -> dict[str, np.ndarray]:
    """Each patient's own values, for the patients of one batch."""
    chosen = np.searchsorted(group.members, members)  # both are in order
    return {name: values[chosen] for name, values in group.start.items()}


class _Runner:
    def __init__(
        self, plan: Plan, result: Result, sink: Sink, tell: Callable[[Progress], None], options: Mapping[str, Any]
    ):
        self.plan, self.result, self.sink, self.tell, self.options = plan, result, sink, tell, options
        self.done = 0.0
        size = int(os.environ.get(BATCH_VARIABLE) or BATCH)
        self.batches = [(g, g.members[i : i + size]) for g in plan.groups for i in range(0, len(g.members), size)]
        self.total_of_one = seconds(plan.trial.settle) + sum(s.step.hold_s for s in plan.steps)
        self.total = len(self.batches) * self.total_of_one
        self.crowd = plan.patients > FEW
        self.engines: dict[tuple[int, int], Any] = {}
        self.group_keys: dict[int, bytes] = {}
        self.failed: set[int] = set()

    def run(self) -> None:
        result = self.result
        result.batches = len(self.batches)
        for i, (group, members) in enumerate(self.batches):
            batch = _Batch(self, group, members, last=i == len(self.batches) - 1)
            # A small trial starts anew; of a large cohort what was finished before a stop is taken over.
            key = batch.key() if len(self.batches) > 1 and not self.plan.recorded else ""
            done = self.sink.recall(key) if key else None
            if done is not None:
                self.take(done, batch.last)
                result.taken_over += 1
            else:
                before = len(result.events), len(result.failures)
                batch.run()
                if key:
                    self.sink.remember(key, self.portion(members, *before))
            result.finished_batches += 1

    def engine(self, group: Group, phase: int) -> Any:
        """Made once for all batches of a group."""
        which = next(i for i, g in enumerate(self.plan.groups) if g is group), phase
        if which not in self.engines:
            from proband.engine import Engine

            engine = Engine(group.bodies[phase], observe=self.observed(group, phase), step=STEP_S * s, **self.options)
            self.engines[which] = engine
            self.result.engines.append({"phase": phase, "patients": len(group.members), **engine.describe()})
        return self.engines[which]

    def observed(self, group: Group, phase: int) -> list[str]:
        body = group.bodies[phase]
        names = [*self.plan.signals]
        for step in self.plan.steps:
            if step.step.bleed and step.step.bleed.percent:
                names += [f"{n}.volume" for n in blood(body, self.plan.fluids, step.step.bleed.from_)]
        return [n for n in dict.fromkeys(names) if _told(body, n)]

    def group_key(self, group: Group) -> bytes:
        """Of what decides the numbers of every batch of a group: trial, programs, processor."""
        if id(group) not in self.group_keys:
            said = hashlib.sha256(self.plan.trial.hash().encode())
            for phase in range(len(group.bodies)):
                about = self.engine(group, phase).describe()
                words = ("program_hash", "target", "cpu", "llvmlite", "precision", "step_ms", "method")
                said.update(repr([about.get(k) for k in words]).encode())
            self.group_keys[id(group)] = said.digest()
        return self.group_keys[id(group)]

    def take(self, batch: Batch, last: bool) -> None:
        """What an earlier run had finished."""
        self.result.values[batch.members], self.result.met[batch.members] = batch.values, batch.met
        self.result.times[:] = batch.times
        self.result.events.extend(batch.events)
        self.result.failures.extend(batch.failures)
        self.failed.update(f.patient for f in batch.failures)
        self.done += self.total_of_one
        if last:
            self.result.finished = len(self.plan.steps)

    def portion(self, members: np.ndarray, events: int, failures: int) -> Batch:
        """What is known of the patients of one batch; the log and the failures from these places on are theirs."""
        return Batch(
            members,
            self.result.values[members],
            self.result.met[members],
            self.result.times.copy(),
            self.result.events[events:],
            self.result.failures[failures:],
        )

    def advance(self, run: Any, count: int, doing: str) -> None:
        """On by so many solver steps, in slices that Ctrl-C can come between."""
        while count > 0:
            some = min(count, ticks(SLICE_S))
            run.advance(some * STEP_S * s)
            count -= some
            self.done += some * STEP_S
            self.tell(Progress(self.done, self.total, doing))


@dataclass
class _Slice:
    """Statistics of all signals over one stretch of time; neighbours join into longer ones."""

    count: float
    mean: dict[str, np.ndarray]
    min: dict[str, np.ndarray]
    max: dict[str, np.ndarray]
    last: dict[str, np.ndarray]
    std: dict[str, np.ndarray]

    @classmethod
    def of(cls, window: Any, names: Iterable[str]) -> _Slice:
        names = list(names)
        kinds = {
            k: {n: np.array(getattr(window, k)(n), dtype=float) for n in names}
            for k in ("mean", "min", "max", "last", "std")
        }
        return cls(float(np.max(window.count)), **kinds)

    def joined(self, after: _Slice) -> _Slice:
        total = self.count + after.count
        a, b = self.count / total, after.count / total
        mean = {n: a * self.mean[n] + b * after.mean[n] for n in self.mean}
        square = {
            n: a * (self.std[n] ** 2 + self.mean[n] ** 2) + b * (after.std[n] ** 2 + after.mean[n] ** 2)
            for n in self.mean
        }
        return _Slice(
            total,
            mean,
            {n: np.minimum(v, after.min[n]) for n, v in self.min.items()},
            {n: np.maximum(v, after.max[n]) for n, v in self.max.items()},
            after.last,
            {n: np.sqrt(np.maximum(square[n] - mean[n] ** 2, 0.0)) for n in mean},
        )

    def get(self, measure: Measure) -> np.ndarray:
        if measure.statistic == "range":
            return self.max[measure.signal] - self.min[measure.signal]
        return getattr(self, measure.statistic)[measure.signal]


def _joined(slices: Iterable[_Slice]) -> _Slice:
    first, *others = slices
    for other in others:
        first = first.joined(other)
    return first


class _Batch:
    """Some patients of one group, from settling to the last step."""

    def __init__(self, runner: _Runner, group: Group, members: np.ndarray, last: bool):
        self.runner, self.group, self.members, self.last = runner, group, members, last
        self.plan, self.result = runner.plan, runner.result
        self.where = np.searchsorted(group.members, members)  # both are in order
        self.phase = 0
        self.seen = 0
        self.current: dict[str, np.ndarray] = {}  # commands, SI
        self.out_of_ramp: dict[int, np.ndarray] = {}
        self.contents: dict[str, np.ndarray] | None = None  # volumes at the end of the last step, mL

    @property
    def body(self) -> Body:
        return self.group.bodies[self.phase]

    @property
    def n(self) -> int:
        return len(self.members)

    @property
    def time(self) -> float:
        """Since the beginning, in s, to the nanosecond."""
        return round(float(self.sim.time), 9)

    def engine(self, phase: int) -> Any:
        return self.runner.engine(self.group, phase)

    def key(self) -> str:
        """Of everything that decides the numbers of this batch: trial, values, programs, processor, patients."""
        said = hashlib.sha256(self.runner.group_key(self.group))
        for name, values in sorted(start_values(self.group, self.members).items()):
            said.update(name.encode() + values.tobytes())
        said.update(self.members.tobytes())
        return said.hexdigest()[:32]

    def run(self) -> None:
        trial = self.plan.trial
        self.values = start_values(self.group, self.members)
        self.sim = self.engine(0).start(patients=self.n, values=self.values, seed=trial.seed, numbers=self.members)
        from proband.engine.settling import hastened

        with hastened(self.sim):
            self.runner.advance(self.sim, ticks(seconds(trial.settle)), "settling")
        self.note_failures(0)
        for step in self.plan.steps:
            if step.phase != self.phase:
                self.change_body(step.phase)
            _Stepping(self, step).run()
            self.note_failures(step.number)
            # Of many patients the log is read once, at the end.
            if not self.runner.crowd or step is self.plan.steps[-1]:
                self.note_events()
            if self.last:
                self.result.finished = step.number
            if self.runner.result.batches == 1:  # of several, each is kept as it ends
                self.runner.sink.keep(self.result, step.number)
            if self.failed().all():
                self.note_events()
                return

    def change_body(self, phase: int) -> None:
        """Attaching and detaching: another body goes on from a snapshot, by names."""
        self.note_events()
        snapshot, before = self.sim.snapshot(), self.body
        self.phase = phase
        here = {k: v for k, v in self.values.items() if k.rpartition(".")[0] in self.body.parts}
        self.sim = self.engine(phase).start(
            patients=self.n, values=here, seed=self.plan.trial.seed, snapshot=snapshot, numbers=self.members
        )
        self.seen = len(self.sim.events(alarms=self.runner.crowd))
        for name in set(before.commands()) & set(self.body.commands()):
            if before.value(name).si != self.body.value(name).si:  # what attaching itself changes
                self.command(name, self.body.value(name).si)
        for name, si in self.current.items():
            if name in self.body.commands():
                self.sim.command(name, self.body.row(name)[1].unit.of(si))

    # settings --------------------------------------------------------------------------------------------------
    def command(self, name: str, si: float | np.ndarray, only: np.ndarray | None = None) -> None:
        """Set a command, for all or only for some patients."""
        row = self.body.row(name)[1]
        before = self.now(name)
        wanted = np.broadcast_to(np.asarray(si, dtype=float), (self.n,))
        after = wanted.copy() if only is None else np.where(only, wanted, before)
        self.current[name] = after
        if (after == after[0]).all():
            self.sim.command(name, Quantity(float(after[0]), row.unit.dimension, row.unit))
        else:
            self.sim.command(name, row.unit.of(after))

    def now(self, name: str) -> np.ndarray:
        """What a command holds, as last set."""
        if name not in self.current:
            part, row = self.body.row(name)
            full = f"{part}.{row.name}"
            own = row.unit.si(1.0) * self.values[full] if full in self.values else self.body.parts[part].value(row.name)
            self.current[name] = np.broadcast_to(np.asarray(own, dtype=float), (self.n,)).copy()
        return self.current[name]

    def blood_volume(self, place: str) -> np.ndarray:
        """Of everything that is joined to a place, for each patient, in m³."""
        names = blood(self.body, self.plan.fluids, place)
        if self.contents is not None and all(n in self.contents for n in names):
            return np.asarray(mL.factor * sum(self.contents[n] for n in names))
        total = np.zeros(self.n)
        for name in names:
            full = f"{name}.volume"
            total += (
                mL.factor * self.values[full] if full in self.values else (self.body.parts[name].value("volume") or 0.0)
            )
        return total

    # what happened ---------------------------------------------------------------------------------------------
    def failed(self) -> np.ndarray:
        mask = np.zeros(self.n, dtype=bool)
        mask[[f.patient for f in self.sim.failures]] = True
        return mask

    def note_failures(self, step: int) -> None:
        known = self.runner.failed
        for f in self.sim.failures:
            patient = int(self.members[f.patient]) + 1
            if patient not in known:
                known.add(patient)
                message = re.sub(r"^patient \d+, [\d.]+ s: ", "", f.message)  # the engine counts its own run's patients
                self.result.failures.append(
                    Failed(patient, round(float(f.time_s), 9), f.part, int(f.line), message, step)
                )

    def note_events(self) -> None:
        events = self.sim.events(alarms=self.runner.crowd)
        for e in events[self.seen :]:
            if e.active or e.priority != "event":
                name = e.event if e.active else f"{e.event} ended"
                self.result.events.append(
                    Happening(int(self.members[e.patient]) + 1, round(float(e.time_s), 9), e.part, name, e.priority)
                )
        self.seen = len(events)


class _Stepping:
    """One step for one batch: a line of moments, and what is done at each."""

    def __init__(self, batch: _Batch, step: Numbered):
        self.batch, self.step, self.act = batch, step, step.step
        self.plan, self.result = batch.plan, batch.result
        self.sim = batch.sim
        self.names = list(batch.engine(step.phase).outputs)
        self.end = ticks(self.act.hold_s)
        self.window = max(1, ticks(self.act.window_s))
        self.met = np.zeros(batch.n, dtype=bool)
        self.active = ~batch.failed()
        if step.ramp is not None:
            self.active &= ~batch.out_of_ramp.get(step.ramp, np.zeros(batch.n, dtype=bool))
        self.kept = np.full((batch.n, len(self.plan.measures)), np.nan)
        self.slices: deque[_Slice] = deque()

    def run(self) -> None:
        begin = self.batch.time
        self.settings()
        moments = self.moments()
        previous = 0
        for moment in sorted(moments):
            self.batch.runner.advance(
                self.sim, moment - previous, f"step {self.step.number} of {len(self.plan.steps)}: {self.step.name}"
            )
            previous = moment
            for what in moments[moment]:
                what()
        self.finish(begin)

    def moments(self) -> dict[int, list[Callable[[], None]]]:
        """What is done when, in solver steps from the step's beginning. Within a moment the order is that of the list."""
        moments: dict[int, list[Callable[[], None]]] = {}

        def then(when: int, what: Callable[[], None]) -> None:
            moments.setdefault(min(when, self.end), []).append(what)

        record = self.plan.trial.record
        if self.plan.recorded:
            last = self.end if record.last == "all" else min(self.end, ticks(seconds(record.last)))
            then(self.end - last, self.start_recording)
        for moment, what in self.fluids():
            then(moment, what)
        for moment, what in self.tilting():
            then(moment, what)
        if self.act.until is None:
            then(self.end - self.window, self.sim.begin_window)
        else:
            every = ticks(seconds(self.act.until.every))
            then(0, self.sim.begin_window)
            for moment in range(every, self.end + 1, every):
                then(moment, self.look)
            if self.end % every:
                then(self.end, self.look)
        then(self.end, lambda: None)
        return moments

    # acts ------------------------------------------------------------------------------------------------------
    def settings(self) -> None:
        for setting in self.plan.settings(self.step, self.batch.group):
            si = setting.si
            if isinstance(si, np.ndarray):
                si = si[self.batch.where]
            self.batch.command(setting.name, si, self.active)
        for names, high in ((self.act.clamp, True), (self.act.unclamp, False)):
            for name in names:
                row = self.batch.body.row(f"{name}.clamp")[1]
                bound = row.high if high else row.low
                self.batch.command(f"{name}.clamp", bound if bound is not None else float(high), self.active)

    def fluids(self) -> Iterator[tuple[int, Callable[[], None]]]:
        for act in (self.act.bleed, self.act.infuse):
            if act is None:
                continue
            fluid = self.plan.fluids[fluid_name(act)]
            if isinstance(act, Bleed) and act.percent is not None:
                volume: Any = act.percent / 100 * self.batch.blood_volume(fluid.place)
            else:
                volume = parse_quantity(act.volume or "0 mL").si
            over = ticks(seconds(act.over))
            row = self.batch.body.row(fluid.line)[1]
            rate = np.minimum(volume / (over * STEP_S), np.inf if row.high is None else row.high)
            yield 0, lambda line=fluid.line, rate=rate: self.batch.command(line, rate, self.active)
            yield over, lambda line=fluid.line: self.batch.command(line, 0.0)

    def tilting(self) -> Iterator[tuple[int, Callable[[], None]]]:
        if self.act.tilt is None:
            return
        name = tilt_command(self.batch.body)
        goal, over = parse_quantity(self.act.tilt.angle).si, ticks(seconds(self.act.tilt.over))
        origin = self.batch.now(name).copy()
        positions = max(1, round(over * STEP_S / TILT_S))
        for k in range(1, positions + 1):
            share = k / positions
            yield (
                round((k - 1) * over / positions),
                lambda share=share: self.batch.command(name, origin + share * (goal - origin), self.active & ~self.met),
            )

    def start_recording(self) -> None:
        names = [n for n in self.plan.recorded if n in self.names]
        self.sim.record(every=seconds(self.plan.trial.record.every) * s, names=names)

    # until -----------------------------------------------------------------------------------------------------
    def look(self) -> None:
        """The end of a slice: who meets the condition now?"""
        self.slices.append(_Slice.of(self.sim.window(), self.names))
        self.sim.begin_window()
        assert self.act.until is not None and self.step.until is not None
        every = ticks(seconds(self.act.until.every))
        while len(self.slices) > max(1, -(-self.window // every)):
            self.slices.popleft()
        now = self.slices[-1]
        with np.errstate(invalid="ignore"):
            holds = self.step.until.decide(lambda m: self.plan.signals[m.signal].unit.si(now.get(m)))
        fresh = holds & self.active & ~self.met
        if not fresh.any():
            return
        self.met |= fresh
        whole = _joined(self.slices)
        self.keep(whole, fresh)
        members = self.batch.members[fresh]
        self.result.met[members, self.step.number - 1] = self.batch.time
        for member in () if self.batch.runner.crowd else members:
            self.result.events.append(
                Happening(
                    int(member) + 1,
                    self.batch.time,
                    "protocol",
                    f"step {self.step.number}: {self.step.until.text}",
                    "event",
                )
            )
        for act in (self.act.bleed, self.act.infuse):
            if act is not None:
                self.batch.command(self.plan.fluids[fluid_name(act)].line, 0.0, self.met)
        if self.step.ramp is not None:
            out = self.batch.out_of_ramp.setdefault(self.step.ramp, np.zeros(self.batch.n, dtype=bool))
            out |= self.met

    # measures --------------------------------------------------------------------------------------------------
    def keep(self, stretch: _Slice, who: np.ndarray) -> None:
        for i, measure in enumerate(self.plan.measures):
            if measure.signal in stretch.mean:
                self.kept[who, i] = stretch.get(measure)[who]

    def finish(self, begin: float) -> None:
        number = self.step.number
        stretch = _joined(self.slices) if self.slices else _Slice.of(self.sim.window(), self.names)
        well = ~self.batch.failed()
        self.keep(stretch, self.active & well & ~self.met)
        self.result.values[self.batch.members, number - 1] = self.kept
        self.result.times[number - 1] = begin, self.batch.time
        volumes = {n.removesuffix(".volume"): v for n, v in stretch.last.items() if n.endswith(".volume")}
        self.batch.contents = volumes
        if self.plan.recorded:
            traces = dict(self.sim.traces())
            self.sim.stop_recording()
            frames = np.array(traces.pop("time"), dtype=float)
            self.result.traces.append(
                Recorded(number, self.batch.members.copy(), frames, {k: np.array(v) for k, v in traces.items()})
            )


def _told(body: Body, name: str) -> bool:
    from proband.trials.refusal import Refused
    from proband.trials.signals import find_signal

    try:
        find_signal(body, name)
    except Refused:
        return False
    return True
