"""Where the published numbers and the studies lie: beside the source tree, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

from proband.model import ModelError

PACKAGE = Path(__file__).resolve().parents[2]


def folder(name: str) -> Path:
    """`validation` or `studies`. Raises ModelError where this installation has none."""
    for place in (PACKAGE.parents[1] / name, PACKAGE / name):
        if place.is_dir() and any(place.iterdir()):
            return place
    raise ModelError(f"this installation has no folder {name!r}; the scoreboard runs in a copy of the project.")
