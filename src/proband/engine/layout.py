"""Where each number of a patient lies: regions of slots, one column of lanes per slot."""

from __future__ import annotations

from dataclasses import dataclass

from proband.engine.blocks import Plan
from proband.engine.tally import SIZE

# Of every observed signal: sums, what rounding has left over of them (single precision alone keeps it), extremes.
ACCUMULATORS = ("sum", "square", "sum_left", "square_left", "low", "high")


@dataclass(frozen=True)
class Layout:
    """First slot of every region, and how many slots there are in all."""

    state: int
    param: int
    kept: int
    held: int
    pending: int
    ring: int
    age: int
    out: int
    sum: int
    square: int
    sum_left: int
    square_left: int
    low: int
    high: int
    tally: int  # of every tallied signal: see `engine.tally`
    failed: int
    next: int  # states of the coming stage, and of the one after
    other: int
    total_rate: int  # the change over a step, as its stages add up
    carry: int  # what rounding left over when the change was added
    factor: int
    slots: int
    ring_starts: tuple[int, ...]
    ages: tuple[int, ...]  # periods that have an age slot


def layout(plan: Plan) -> Layout:
    """Lay out the slots of a plan."""
    program = plan.program
    sizes = {
        "state": len(program.states),
        "param": len(program.params),
        "kept": len(plan.kept),
        "held": len(program.held),
    }
    sizes["pending"] = len(program.held)
    starts, total = [], 0
    for ring in program.rings:
        starts.append(total)
        total += ring.length
    sizes["ring"] = total
    ages = tuple(group.period for group in program.groups)
    sizes["age"] = len(ages)
    sizes["out"] = len(program.outputs)
    for name in ACCUMULATORS:
        sizes[name] = len(program.outputs)
    sizes["tally"] = SIZE * len(plan.tallied)
    sizes["failed"] = 1
    sizes["next"] = sizes["other"] = sizes["total_rate"] = sizes["carry"] = len(program.states)
    sizes["factor"] = len(plan.implicit.factors) if plan.implicit else 0
    first, at = {}, 0
    for name, size in sizes.items():
        first[name] = at
        at += size
    return Layout(**first, slots=at, ring_starts=tuple(starts), ages=ages)
