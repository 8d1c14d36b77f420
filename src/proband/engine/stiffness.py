"""Which method a body needs: from the eigenvalues of its linearised equations over a beat."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from proband.engine.engine import Engine

LIMIT = 2.0  # RK4 is stable to 2.78 on the negative real axis; beyond 2 its error is felt
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
    return hashlib.sha256((engine.program.fingerprint + values).encode()).hexdigest()[:40]


def _measure(engine: Engine, lanes: int) -> float:
    from proband.units import s

    run = engine.start(lanes)
    run.advance(SETTLE_S * s)
    fastest = 0.0
    for _ in range(POINTS):
        run.advance(BEAT_S / POINTS * s)
        column = run.data[0, :, 0].astype(float)
        if not np.isfinite(column[: len(engine.program.states)]).all():
            return float("inf")
        fastest = max(fastest, float(np.abs(np.linalg.eigvals(numeric_jacobian(engine, column))).max(initial=0.0)))
    return fastest


def numeric_jacobian(engine: Engine, column: np.ndarray) -> np.ndarray:
    """The Jacobian at a column of slots, by central differences scaled to each state."""
    interpreter, count = engine.interpreter, len(engine.program.states)
    b = column.tolist()
    interpreter.keep(b, 1, 2, 3)
    x = column[:count]
    size = 1e-6 * np.maximum(np.abs(x), 1e-3 * max(float(np.abs(x).max(initial=0.0)), 1e-12))
    result = np.empty((count, count))
    for j in range(count):
        ahead, behind = x.copy(), x.copy()
        ahead[j] += size[j]
        behind[j] -= size[j]
        up = np.array(interpreter.derivative(b, ahead.tolist(), 0.0))
        down = np.array(interpreter.derivative(b, behind.tolist(), 0.0))
        result[:, j] = (up - down) / (2 * size[j])
    return result
