"""How far a run is from the exact solution: the same beats and the same sampled inputs, solved with much finer steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from proband.engine.engine import Engine
from proband.engine.program import Group
from proband.engine.run import Run
from proband.engine.snapshots import Snapshot
from proband.model import Body
from proband.units import Quantity, ns, s


class Follower:
    """A run with finer steps that takes everything sampled from a leader, so that no threshold can flip apart."""

    def __init__(self, leader: Engine, body: Body, finer: int, **options):
        step_ns = leader.step_ns // finer
        self.engine = Engine(
            body, list(leader.outputs), step=step_ns * ns, method="RK4", target=leader.target, **options
        )
        silent = [Group(period=g.period) for g in self.engine.program.groups]
        program = replace(self.engine.program, groups=silent, bells=[], rings=[])
        self.engine.program = program
        self.engine._use("RK4")
        self.run: Run | None = None

    def begin(self, snapshot: Snapshot) -> None:
        self.run = self.engine.start(len(snapshot.keys), snapshot=snapshot)

    def follow(self, leader: Run, duration: Quantity) -> None:
        """Go on for one leader's step, with what the leader has sampled at its beginning."""
        assert self.run is not None
        ours, theirs = self.engine.slots(), leader.engine.slots()
        for slot in self.engine.program.held:
            self.run.data[:, ours[slot.name][0]] = leader.data[:, theirs[slot.name][0]]
        self.run.advance(duration)


def states(run: Run) -> np.ndarray:
    """Every continuous state of the first patient, in SI."""
    return run.data[0, : len(run.engine.program.states), 0].astype(float)


def relative_error(engine: Engine, settled: Snapshot, seconds: float = 10.0, finer: int = 16) -> dict[str, float]:
    """Largest error of each state over `seconds`, relative to that state's peak, by name."""
    leader = engine.start(len(settled.keys), snapshot=settled)
    follower = Follower(engine, engine.body, finer)
    follower.begin(settled)
    assert follower.run is not None
    names = [slot.name for slot in engine.program.states]
    order = [[slot.name for slot in follower.engine.program.states].index(n) for n in names]
    worst, peak = np.zeros(len(names)), np.zeros(len(names))
    step = engine.step_ns * 1e-9 * s
    for _ in range(round(seconds * 1e9 / engine.step_ns)):
        leader.advance(step)
        follower.follow(leader, step)
        exact = states(follower.run)[order]
        worst = np.maximum(worst, np.abs(states(leader) - exact))
        peak = np.maximum(peak, np.abs(exact))
    return dict(zip(names, (worst / np.where(peak > 0, peak, 1.0)).tolist(), strict=True))
