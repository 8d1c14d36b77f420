"""What two bodies must have in common for one compiled program to be right for both."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proband.model.body import Body


def structure(body: Body) -> Hashable:
    """Equal for bodies that differ in numbers alone: the same kinds of parts under the same names, joined alike, and the
    same substances."""
    parts = tuple(
        (name, id(p.component), p.ends, tuple(sorted(p.wires.items())), p.period, p.substance, p.portions)
        for name, p in body.parts.items()
    )  # a component is made once, where its module is read
    return parts, body.substances
