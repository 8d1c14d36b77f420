"""The plain-Python target: the same program on ordinary floats. The reference for every other target, and the one
that works everywhere."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence

from proband.engine import randomness
from proband.engine.blocks import Block, Plan
from proband.engine.layout import Layout
from proband.engine.llvm_code import CHECK_EVERY, ROUNDS
from proband.engine.tally import SIZE, count
from proband.model import maths

SPELLING = {
    "add": "{0} + {1}", "sub": "{0} - {1}", "mul": "{0} * {1}", "div": "_div({0}, {1})", "neg": "-{0}",
    "fma": "{0} * {1} + {2}", "lt": "{0} < {1}", "le": "{0} <= {1}", "eq": "{0} == {1}", "and": "{0} and {1}",
    "or": "{0} or {1}", "not": "not {0}", "select": "({1} if {0} else {2})", "abs": "abs({0})",
}  # fmt: skip


def divided(a: float, b: float) -> float:
    """a / b as compiled code has it: infinity or no number instead of an error."""
    try:
        return a / b
    except ZeroDivisionError:
        return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1, b)


NAMES = {"_div": divided, "inf": math.inf, "nan": math.nan, **{f"_{n}": f for n, f in maths.PLAIN.items()}}


def spelled(op: str, operands: Sequence[str]) -> str:
    """An operation as a Python expression in which `NAMES` stand."""
    return (SPELLING.get(op) or f"_{op}({{0}})").format(*operands)


def computed(op: str, values: Sequence[float]) -> float:
    """What one operation gives, on plain numbers."""
    letters = {f"v{k}": value for k, value in enumerate(values)}
    return eval(spelled(op, list(letters)), {**NAMES}, letters)


class Interpreter:
    """Runs one block of patients (a column of slots each) exactly as compiled code does, lane by lane."""

    def __init__(self, plan: Plan, layout: Layout):
        self.plan, self.layout, self.program = plan, layout, plan.program
        self.h = self.program.step_ns * 1e-9

    # blocks as Python functions ----------------------------------------------------------------------------------
    @functools.cached_property
    def keepers(self) -> list[tuple[int, Callable]]:
        return [(k.level, self.function(k)) for k in self.plan.keepers]

    @functools.cached_property
    def rates(self) -> Callable:
        return self.function(self.plan.rates)

    @functools.cached_property
    def full(self) -> Callable:
        return self.function(self.plan.full)

    @functools.cached_property
    def outputs(self) -> Callable:
        return self.function(self.plan.observe)

    @functools.cached_property
    def halves(self) -> tuple[Callable, Callable]:
        assert self.plan.half and self.plan.rest
        return self.function(self.plan.half), self.function(self.plan.rest)

    @functools.cached_property
    def samples(self) -> list[Callable]:
        return [self.function(s) for s in self.plan.samples]

    def function(self, block: Block) -> Callable:
        """A block as a Python function `f(slots, states, elapsed, ring, random) -> values of its roots`."""
        names = {**NAMES}
        exec(compile(self.source(block), f"<{block.name}>", "exec"), names)
        return names["block"]

    def source(self, block: Block) -> str:
        graph, layout = self.program.graph, self.layout
        lines, made = ["def block(b, x, elapsed, ring, random):"], {}

        def value(i: int) -> str:
            if i in made:
                return made[i]
            op, args = graph.ops[i], graph.args[i]
            if i in self.plan.kept:
                text = f"b[{layout.kept + self.plan.kept[i]}]"
            elif op == "const":
                text = repr(float.fromhex(args[0]))
                if text.startswith("-"):
                    text = f"({text})"
            elif op in ("elapsed", "ring", "random"):
                text = f"{op}({args[0]})"
            elif op in ("factor", "slope"):
                text = f"b[{(layout.factor if op == 'factor' else layout.total_rate) + args[0]}]"
            else:
                region = {"state": 0, "param": layout.param, "held": layout.held}[op]
                text = f"{'x' if op == 'state' else 'b'}[{region + args[0]}]"
            made[i] = text
            return text

        for i in block.nodes:
            lines.append(f"    n{i} = {spelled(graph.ops[i], [value(a) for a in graph.args[i]])}")
            made[i] = f"n{i}"
        lines.append(f"    return ({''.join(value(i) + ', ' for i in block.roots)})")
        return "\n".join(lines)

    # one patient --------------------------------------------------------------------------------------------------
    def keep(self, b: list, *levels: int) -> None:
        for (level, function), keeper in zip(self.keepers, self.plan.keepers, strict=True):
            if level in levels:
                for i, v in zip(keeper.roots, function(b, b, None, None, None), strict=True):
                    b[self.layout.kept + self.plan.kept[i]] = v

    def elapsed(self, b: list, more: float) -> Callable[[int], float]:
        layout = self.layout
        return lambda period: b[layout.age + layout.ages.index(period)] + more

    def sample(self, b: list, number: int, k: int, key: int, priming: bool) -> None:
        group, layout, program = self.program.groups[number], self.layout, self.program

        def ring(r: int) -> float:
            return b[layout.ring + layout.ring_starts[r] + k % program.rings[r].length]

        def random(stream: int) -> float:
            return randomness.uniform(key, stream, k)

        values = self.samples[number](b, b, self.elapsed(b, self.h), ring, random)
        targets = [s for s, _ in (*group.outputs, *group.memory)]
        for slot, v in list(zip(targets, values, strict=False))[: len(group.outputs) if priming else None]:
            b[layout.pending + slot] = float(v)
        for r, v in zip(group.rings, values[len(targets) :], strict=True):
            first, length = layout.ring + layout.ring_starts[r], program.rings[r].length
            for slot in range(first, first + length) if priming else (first + k % length,):
                b[slot] = float(v)

    def commit(self, b: list, number: int, priming: bool) -> None:
        group = self.program.groups[number]
        for slot, _ in (*group.outputs, *(() if priming else group.memory)):
            b[self.layout.held + slot] = b[self.layout.pending + slot]

    def prime(self, b: list, key: int) -> None:
        for i in range(len(self.program.groups)):
            b[self.layout.age + i] = -self.h
        self.keep(b, 1)
        for _ in range(ROUNDS):
            self.keep(b, 2, 3)
            for g in range(len(self.program.groups)):
                self.sample(b, g, 0, key, priming=True)
            for g in range(len(self.program.groups)):
                self.commit(b, g, priming=True)
        self.keep(b, 2, 3)
        self.observe(b)

    def observe(self, b: list) -> None:
        out = self.layout.out
        b[out : out + len(self.program.outputs)] = map(float, self.outputs(b, b, self.elapsed(b, self.h), None, None))

    def tick(self, b: list, step: int, key: int, log: Callable[[int, int, int], None] | None) -> None:
        """Everything sampled that is due at the beginning of a step."""
        due = [g for g, group in enumerate(self.program.groups) if step % group.period == 0]
        for g in due:
            self.sample(b, g, step // self.program.groups[g].period, key, priming=False)
        for g in due:
            slots = {s for s, _ in self.program.groups[g].memory}
            for i, bell in enumerate(self.program.bells):
                if bell.held in slots:
                    old, new = b[self.layout.held + bell.held], b[self.layout.pending + bell.held]
                    if old != new and log:
                        log(step, i, int(new > 0.5))
            self.commit(b, g, priming=False)
        for g, group in enumerate(self.program.groups):
            b[self.layout.age + g] = (step % group.period) * self.h
        self.keep(b, 2, 3)

    def step(self, b: list, step: int, key: int, log: Callable[[int, int, int], None] | None = None) -> None:
        """One step, after everything sampled that is due."""
        self.tick(b, step, key, log)
        if self.plan.implicit:
            self.rosenbrock(b)
        else:
            self.runge_kutta(b)

    def rosenbrock(self, b: list) -> None:
        """One step of ROS2, in the equations that were written out for it."""
        assert self.plan.implicit
        count, layout, h = len(self.program.states), self.layout, self.h
        factors = len(self.plan.implicit.factors)
        half, rest = self.halves
        values = half(b, b, self.elapsed(b, 0.0), None, None)
        b[layout.factor : layout.factor + factors] = values[:factors]
        slopes = values[factors : factors + count]
        b[layout.total_rate : layout.total_rate + count] = slopes
        self.account(b, values[factors + count :])
        ahead = [x + h * k for x, k in zip(b[:count], slopes, strict=True)]
        second = rest(b, ahead, self.elapsed(b, h), None, None)
        self.settle(b, [1.5 * h * k + 0.5 * h * q for k, q in zip(slopes, second, strict=True)])

    def settle(self, b: list, change: list) -> None:
        """Add a step's change to the states; what rounding leaves over is carried to the next step."""
        carry = self.layout.carry
        for j, d in enumerate(change):
            before, wanted = b[j], d + b[carry + j]
            b[j] = before + wanted
            b[carry + j] = wanted - (b[j] - before)

    def runge_kutta(self, b: list) -> None:
        """One explicit step: what each stage finds leads from the step's beginning to the next stage."""
        count, h = len(self.program.states), self.h
        x = b[:count]
        total, at = [0.0] * count, x
        for stage, (c, weight, ahead) in enumerate(self.plan.stages):
            values = (self.full if stage == 0 else self.rates)(b, at, self.elapsed(b, h * c), None, None)
            if stage == 0:
                self.account(b, values[count:])
            rates = values[:count]
            total = [t + h * weight * r for t, r in zip(total, rates, strict=True)]
            at = [v + h * ahead * r for v, r in zip(x, rates, strict=True)]
        self.settle(b, total)

    def account(self, b: list, outputs: tuple) -> None:
        layout = self.layout
        for j, value in enumerate(map(float, outputs)):
            b[layout.out + j] = value
            b[layout.sum + j] += value
            b[layout.square + j] += value * value
            b[layout.low + j] = min(b[layout.low + j], value)
            b[layout.high + j] = max(b[layout.high + j], value)
        for place, j in enumerate(self.plan.tallied):
            count(b, layout.tally + SIZE * place, float(outputs[j]))

    def derivative(self, b: list, x, seconds: float) -> list[float]:
        """Rates of all states at `x`, `seconds` after the last tick: for solvers that are not ours."""
        return list(self.rates(b, x, self.elapsed(b, seconds), None, None))

    # the entry points of a target ---------------------------------------------------------------------------------
    def run(self, entry, block, keys, start, steps, record, every, frames, events, counts, room) -> None:
        """What compiled code's entries do, for a block of shape (slots, lanes). Record: (frames, outputs, lanes)."""
        first_frame = int(frames[0]) if frames is not None else 0
        for lane in range(block.shape[1]):
            b = block[:, lane].tolist()
            key = int(keys[lane])

            def log(step: int, bell: int, on: int, lane: int = lane) -> None:
                at = int(counts[lane])
                counts[lane] = at + 1  # counted also where there is no room to write it down
                if at < room:
                    events[lane, at] = step, 2 * bell + on

            if entry == "prime":
                self.prime(b, key)
            elif entry == "observe":
                self.keep(b, 1, 2, 3)
                self.observe(b)
            else:
                self.keep(b, 1, 2, 3)
                frame = first_frame
                for step in range(start, start + steps):
                    self.step(b, step, key, log)
                    if every and step % every == 0:
                        out = self.layout.out
                        record[frame, :, lane] = b[out : out + record.shape[1]]
                        frame += 1
                    if step % CHECK_EVERY == CHECK_EVERY - 1 or step == start + steps - 1:
                        self.check(b, step)
                if frames is not None and lane == block.shape[1] - 1:
                    frames[0] = frame
            block[:, lane] = b

    def check(self, b: list, step: int) -> None:
        if b[self.layout.failed] < 0:
            bad = not all(map(math.isfinite, b[: len(self.program.states)]))
            if bad or any(b[v] < 0 for v in self.program.volumes):
                b[self.layout.failed] = float(step)
