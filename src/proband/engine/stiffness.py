"""Which method a body needs: from the eigenvalues of its linearised equations over a beat."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from proband.engine.engine import Engine

DIGITS = 9  # that are told of a rate; beyond, eigenvalues depend on the library of linear algebra
LIMIT = 2.0  # RK4 is stable to 2.78 on the negative real axis, RK4L to 3.2; beyond 2 their error is felt
SETTLE_S, BEAT_S, POINTS = 2.0, 1.0, 12


def fastest_rate(engine: Engine, lanes: int = 1) -> float:
    """The largest |eigenvalue| (1/s) met in a beat, or infinity where the explicit step does not even survive. The body is
    run by the code for so many lanes; all widths find the same."""
    from proband.engine import cache

    known = cache.folder() / "rates" / f"{_key(engine)}.json"
    if known.exists():
        try:
            return float(json.loads(known.read_text())["fastest_rate_per_s"])
        except (OSError, ValueError, KeyError):
            pass
    rate = _measure(engine, lanes)
    cache.keep(known, json.dumps({"fastest_rate_per_s": rate}).encode())
    return rate


def _key(engine: Engine) -> str:
    import hashlib

    values = repr([(s.name, s.initial) for table in (engine.program.states, engine.program.params) for s in table])
    return hashlib.sha256(f"{engine.program.fingerprint}{engine.plan.stages}{values}{DIGITS}".encode()).hexdigest()[:40]


def _measure(engine: Engine, lanes: int) -> float:
    from proband.units import s

    run = engine.start(lanes)
    run.advance(SETTLE_S * s)
    fastest, reads = 0.0, read_states(engine)
    together = _apart(reads)
    for _ in range(POINTS):
        run.advance(BEAT_S / POINTS * s)
        column = run.data[0, :, 0].astype(float)
        if not np.isfinite(column[: len(engine.program.states)]).all():
            return float("inf")
        fastest = max(
            fastest,
            float(np.abs(np.linalg.eigvals(numeric_jacobian(engine, column, reads, together))).max(initial=0.0)),
        )
    return float(f"{fastest:.{DIGITS}g}")


def numeric_jacobian(
    engine: Engine, column: np.ndarray, reads: np.ndarray | None = None, apart: list[list[int]] | None = None
) -> np.ndarray:
    """The Jacobian at a column of slots, by central differences scaled to each state. States that no rate reads together
    (`reads`, see `read_states`; `apart`, see `_apart`) are moved together (Curtis, Powell & Reid 1974 IMA J Appl Math
    13:117), which changes no bit of it."""
    interpreter, count = engine.interpreter, len(engine.program.states)
    b = column.tolist()
    interpreter.keep(b, 1, 2, 3)
    x = column[:count]
    size = 1e-6 * np.maximum(np.abs(x), 1e-3 * max(float(np.abs(x).max(initial=0.0)), 1e-12))
    reads = read_states(engine) if reads is None else reads
    result = np.zeros((count, count))
    for together in _apart(reads) if apart is None else apart:
        ahead, behind = x.copy(), x.copy()
        ahead[together] += size[together]
        behind[together] -= size[together]
        up = np.array(interpreter.derivative(b, ahead.tolist(), 0.0))
        down = np.array(interpreter.derivative(b, behind.tolist(), 0.0))
        for j in together:
            rows = reads[:, j]
            result[rows, j] = (up[rows] - down[rows]) / (2 * size[j])
    return result


def read_states(engine: Engine) -> np.ndarray:
    """Whether a state's rate (row) reads a state (column) within a step."""
    program, kept = engine.program, engine.plan.kept
    ops, args, count = program.graph.ops, program.graph.args, len(program.states)
    reads: dict[int, int] = {}  # node → one bit for each state

    def of(node: int) -> int:
        if node not in reads:
            reads[node] = 1 << args[node][0] if ops[node] == "state" and node not in kept else 0
        return reads[node]

    for node in engine.plan.rates.nodes:
        bits = 0
        for needed in args[node]:
            bits |= of(needed)
        reads[node] = bits
    rows = [[of(node) >> j & 1 for j in range(count)] for node in program.derivatives]
    return np.array(rows, bool).reshape(count, count)  # also where a body has no states


def _apart(reads: np.ndarray) -> list[list[int]]:
    """Columns in as few groups as a greedy choice finds, so that no row reads two of a group; busiest columns first."""
    groups: list[tuple[np.ndarray, list[int]]] = []
    for j in np.argsort(-reads.sum(0), kind="stable").tolist():
        for rows, members in groups:
            if not np.any(rows & reads[:, j]):
                rows |= reads[:, j]
                members.append(j)
                break
        else:
            groups.append((reads[:, j].copy(), [j]))
    return [members for _, members in groups]
