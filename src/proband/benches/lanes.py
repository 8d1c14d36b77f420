"""One body, many lanes side by side: the runner that a bench asks for, made from whatever engine the caller has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from proband.model import Body, ModelError
from proband.units import Quantity

# What the caller hands in, since a bench knows no engine: it runs one body as many lanes side by side, each with its own
# commands, lets it settle, and gives the means over the time after that, each in its own unit.
Runner = Callable[
    [Body, Mapping[str, Sequence[float]], Sequence[str], Quantity, Quantity], Mapping[str, Sequence[float]]
]


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


def check_held(wanted: float, measured: float, within: float, rig: str, speed: float | None = None) -> None:
    """Raises ModelError where a rig did not hold the flow (L/min) that was wanted of it, at this speed (rpm) of the pump."""
    if not abs(measured - wanted) <= within:  # so that no number is no agreement either
        at = "" if speed is None else f" at {speed:g} rpm"
        raise ModelError(
            f"the {rig} could not hold {wanted:g} L/min{at}: it measured {measured:.3g} L/min; "
            "choose a smaller flow, or give it longer to settle."
        )
