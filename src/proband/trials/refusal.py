"""What stops a trial before it starts: one sentence with the place and the remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from proband.model import ModelError
from proband.units import UnitError

Path = tuple[Any, ...]  # of keys, as in ("protocol", 0, "set")


class Refused(ValueError):
    """A trial that cannot be run as it is written. The message is one sentence for the person who wrote it."""


@dataclass(frozen=True)
class Place:
    """Where a trial was written: its file and the line of every key, so that a sentence can point at it."""

    file: str = ""
    lines: Mapping[tuple[Any, ...], int] = field(default_factory=dict)

    def say(self, path: Sequence[Any]) -> str:
        """`lvad_ramp.yaml:14, protocol[2].set.lvad.speed: ` or as much of it as is known."""
        steps = tuple(path)
        key = keypath(steps)
        if not self.file:
            return f"{key}: " if key else ""
        while steps and steps not in self.lines:
            steps = steps[:-1]
        line = self.lines.get(steps)
        where = f"{self.file}:{line}" if line else self.file
        return f"{where}, {key}: " if key else f"{where}: "


def keypath(path: Sequence[Any]) -> str:
    """`("protocol", 1, "set")` as `protocol[2].set`: lists are counted from 1, as steps are."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


@contextmanager
def at(place: Place, path: Path) -> Iterator[None]:
    """Whatever is refused inside is said with this place in front."""
    try:
        yield
    except (ModelError, UnitError) as problem:
        raise Refused(f"{place.say(path)}{problem}") from None
    except Refused as problem:
        if getattr(problem, "placed", False):
            raise
        placed = Refused(f"{place.say(path)}{problem}")
        placed.placed = True  # type: ignore[attr-defined]
        raise placed from None
