"""One step of a protocol while it runs: what is done at which moment, and what is measured at its end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from proband.laws.gas import MOLAR_VOLUME
from proband.trials.amounts import seconds
from proband.trials.checks import tilt_command
from proband.trials.gas import ROOM
from proband.trials.protocol import STEP_S, Bleed, ticks
from proband.trials.result import Happening, Recorded
from proband.trials.steps import Numbered, fluid_name
from proband.trials.stretches import Stretch, joined
from proband.units import parse_quantity, s

if TYPE_CHECKING:
    from proband.trials.batch_run import BatchRun

TILT_S = 0.1  # between two positions while turning


class StepRun:
    """One step for one batch: a line of moments, and what is done at each."""

    def __init__(self, batch: BatchRun, step: Numbered):
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
        self.slices: deque[Stretch] = deque()

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

        if self.act.breathe:
            for gas, share in self.plan.mixture(self.step, self.batch.group).items():
                if isinstance(share, np.ndarray):
                    share = share[self.batch.where]
                self.batch.fill(ROOM, gas, share / MOLAR_VOLUME.si, self.active)

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
        self.slices.append(Stretch.of(self.sim.window(), self.names))
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
        whole = joined(self.slices)
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
    def keep(self, stretch: Stretch, who: np.ndarray) -> None:
        for i, measure in enumerate(self.plan.measures):
            if measure.signal in stretch.mean:
                self.kept[who, i] = stretch.get(measure)[who]

    def finish(self, begin: float) -> None:
        number = self.step.number
        stretch = joined(self.slices) if self.slices else Stretch.of(self.sim.window(), self.names)
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
