"""When a patient's numbers leave the possible: who, when, in which part, on which line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from proband.engine.cells import aligned
from proband.engine.culprit import culprit, widest_way_out
from proband.engine.llvm_code import CHECK_EVERY

if TYPE_CHECKING:
    from proband.engine.engine import Engine


@dataclass(frozen=True)
class Failure:
    """A patient whose numbers left the possible: when, in which part, on which line."""

    patient: int
    time_s: float
    part: str
    line: int
    message: str


def explain(engine: Engine, patient: int, key: int, begun: np.ndarray, start: int, step: int) -> Failure:
    """Run a patient again from the column `begun` at step `start`, in plain Python, to the first number that is none.

    `step` is where compiled code noticed it."""
    column, start = _close_up(engine, begun, key, start, step)
    program, interpreter = engine.program, engine.interpreter
    names = [slot.name for slot in program.states]
    b = column.astype(float).tolist()
    interpreter.keep(b, 1, 2, 3)
    for n in range(start, step + 1):
        last = list(b)
        interpreter.step(b, n, key)
        when = n * engine.step_ns * 1e-9
        low = next((v for v in program.volumes if -np.inf < b[v] < 0), None)
        if low is not None:
            part = names[low].removesuffix(".volume")
            way = widest_way_out(interpreter, engine.body, part, last)
            by = f"; most of it left by {way[0]}{f' (line {way[1]})' if way[1] else ''}" if way else ""
            says = f"patient {patient}, {when:.3f} s: the volume of {part} became negative{by}."
            return Failure(patient, when, part, 0, says)
        lost = next((name for name, v in zip(names, b, strict=False) if not np.isfinite(v)), None)
        if lost is not None:
            part, node = culprit(interpreter, last, n, key) or (lost.rpartition(".")[0], None)
            line = 0 if node is None else engine.line(node)
            where = f" (line {line})" if line else ""
            says = f"patient {patient}, {when:.3f} s: {part}{where} gave a number that is none; {lost} was lost."
            return Failure(patient, when, part, line, says)
    when = step * engine.step_ns * 1e-9
    return Failure(patient, when, "", 0, f"patient {patient} left the physical range by {when:.3f} s.")


def _close_up(engine: Engine, column: np.ndarray, key: int, start: int, step: int) -> tuple[np.ndarray, int]:
    """The patient once more, by compiled code, to a few steps before the failure was seen."""
    first = max(start, step - CHECK_EVERY + 1)
    if engine.target != "cpu" or first == start:
        return column, start
    data = aligned((1, len(column), 1), column.dtype.type)
    data[0, :, 0] = column
    keys, none = np.array([key], np.uint64), np.zeros(1, np.int64)
    engine.compile(1).calls["advance"](
        data.ctypes.data, keys.ctypes.data, start, first - start, 0, 0, none.ctypes.data, 0, none.ctypes.data, 0
    )
    return data[0, :, 0], first
