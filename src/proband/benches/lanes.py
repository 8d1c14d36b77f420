"""One body, many lanes side by side: the runner that a bench asks for, made from whatever engine the caller has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from proband.benches.pump_curve import Runner
from proband.model import Body
from proband.units import Quantity


def side_by_side(engine: Callable[..., Any]) -> Runner:
    """`side_by_side(Engine)` runs a bench on that engine."""

    def run(
        body: Body,
        commands: Mapping[str, Sequence[float]],
        observe: Sequence[str],
        settle: Quantity,
        measure: Quantity,
    ) -> Mapping[str, Sequence[float]]:
        running = engine(body, observe=list(observe)).start(patients=max(len(v) for v in commands.values()))
        for name, values in commands.items():
            running.command(name, list(values))
        running.advance(settle)
        running.begin_window()
        running.advance(measure)
        window = running.window()
        return {name: list(window.mean(name)) for name in observe}

    return run
