"""Explicit methods as tables: what each stage finds leads from the beginning of the step to the next stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from proband.model import Body


class Stage(NamedTuple):
    """One look at the rates, in shares of a step."""

    at: float  # when
    weight: float  # what this look counts in the step's change
    ahead: float  # how far it leads to the next stage


def _table(at: tuple[float, ...], weights: tuple[float, ...]) -> tuple[Stage, ...]:
    return tuple(Stage(c, b, a) for c, b, a in zip(at, weights, (*at[1:], 0.0), strict=True))


EXPLICIT: dict[str, tuple[Stage, ...]] = {
    # Kutta 1901: the classical method of order four.
    "RK4": _table((0.0, 1 / 2, 1 / 2, 1.0), (1 / 6, 1 / 3, 1 / 3, 1 / 6)),
    # Order four, and five where rates are linear. Nine numbers for nine conditions: the eight of order four (Butcher) and
    # b₅ a₅₄ a₄₃ a₃₂ a₂₁ = 1/120. Of the solutions found, the one whose other errors of order five are least.
    "RK4L": _table(
        (0.0, 0.33648823213128315, 0.7636381284121347, 0.5152414896824394, 1.078256083389196),
        (0.12558752194417533, 0.36144442194151494, 0.3269355017214952, 0.1276573351468351, 0.05837521924597943),
    ),
}


def asked_by(body: Body) -> str:
    """The method that a body's parts ask for. RK4L takes a fourth more work, and leaves a seventh of the error in a body whose
    gas has weight, a third in one of blood alone."""
    return "RK4L" if any(part.component.order > 4 for part in body.parts.values()) else "RK4"
