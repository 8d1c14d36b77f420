"""The Bloch equations on many spins.

`simulate` plays a timeline to isochromats; `play` plays a stretch of it and carries their `State`; `reference.reference` is the same in
plain NumPy, to be read and to judge by; `epg` computes extended phase graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proband.mr.spins.solver import TOLERANCE as TOLERANCE
    from proband.mr.spins.solver import play as play
    from proband.mr.spins.solver import simulate as simulate
    from proband.mr.spins.tiles import State as State

HOMES = {"simulate": "solver", "play": "solver", "TOLERANCE": "solver", "State": "tiles"}


def __getattr__(name: str):
    from importlib import import_module

    if name in HOMES:
        return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
