"""Runs a trial on the engine: settles, steps, measures, and hands every finished step to a sink."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from proband.model import Body
from proband.trials.amounts import seconds
from proband.trials.batch_run import BatchRun
from proband.trials.bodies import Group, blood
from proband.trials.ending import ending
from proband.trials.grammar import Trial
from proband.trials.library import Library
from proband.trials.plan import Plan, prepare
from proband.trials.protocol import STEP_S, ticks
from proband.trials.result import Result
from proband.trials.sink import Batch, Nowhere, Sink
from proband.units import s

SLICE_S = 5.0  # simulated between two looks at the keyboard
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
    tell = progress or (lambda _: None)
    result = Result.empty(plan)
    with ending(result, sink, begun):
        sink.open(plan)
        if trial.match is not None:
            from proband.trials.matching import match

            result.fitted = match(plan, tell, engine_options)
            result.plan = plan = prepare(trial, library, result.fitted.values)
        Runner(plan, result, sink, tell, engine_options).run()
        result.status = "failed" if len(result.failures) == plan.patients else "complete"
    return result


class Runner:
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
            batch = BatchRun(self, group, members, last=i == len(self.batches) - 1)
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

            told = self.observed(group, phase)
            tally = [n for n in self.plan.tallied() if n in told]
            engine = Engine(group.bodies[phase], observe=told, tally=tally, step=STEP_S * s, **self.options)
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


def _told(body: Body, name: str) -> bool:
    from proband.trials.refusal import Refused
    from proband.trials.signals import find_signal

    try:
        find_signal(body, name)
    except Refused:
        return False
    return True
