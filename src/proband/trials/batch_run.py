"""Some patients of one group while they run, from settling to the last step."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from proband.model import Body
from proband.trials.amounts import seconds
from proband.trials.bodies import Group, blood
from proband.trials.protocol import ticks
from proband.trials.result import Failed, Happening
from proband.trials.step_run import StepRun
from proband.units import Quantity, mL

if TYPE_CHECKING:
    from proband.trials.runner import Runner


class BatchRun:
    """Some patients of one group, from settling to the last step."""

    def __init__(self, runner: Runner, group: Group, members: np.ndarray, last: bool):
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
            StepRun(self, step).run()
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

    def fill(self, place: str, substance: str, si: float | np.ndarray, only: np.ndarray) -> None:
        """A compartment of some patients holds a substance at this concentration."""
        amount = next(c.unit for c in self.body.substances if c.name == substance)
        unit = amount / self.body.row(f"{place}.volume")[1].unit
        before = self.sim.value(f"{place}.{substance}") / self.sim.value(f"{place}.volume")
        self.sim.fill(place, substance, np.where(only, unit.of(si), before))

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


def start_values(group: Group, members: np.ndarray) -> dict[str, np.ndarray]:
    """Each patient's own values, for the patients of one batch."""
    chosen = np.searchsorted(group.members, members)  # both are in order
    return {name: values[chosen] for name, values in group.start.items()}
