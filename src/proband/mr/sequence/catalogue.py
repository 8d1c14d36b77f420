"""The library by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from proband.model import ModelError, did_you_mean
from proband.mr.sequence.limits import Limits
from proband.mr.sequence.mr_sequence import MRSequence
from proband.mr.sequence.options import Option, SequenceRecipe


@dataclass(frozen=True)
class Entry:
    """One sequence of the library: its name, one line of meaning, and the table of its options."""

    name: str
    meaning: str
    options: dict[str, Option]


@cache
def _recipes() -> dict[str, SequenceRecipe]:
    from proband.mr.sequence import library

    found = {}
    for module in iter_modules(library.__path__):
        for thing in vars(import_module(f"{library.__name__}.{module.name}")).values():
            if isinstance(thing, SequenceRecipe):
                found[thing.name] = thing
    return dict(sorted(found.items()))


def sequences() -> dict[str, Entry]:
    """Every sequence of the library, by name."""
    return {name: Entry(name, recipe.meaning, dict(recipe.options)) for name, recipe in _recipes().items()}


def build(name: str, limits: Limits | None = None, **options: Any) -> MRSequence:
    """A sequence of the library within a scanner's limits. Raises ModelError where it cannot be."""
    recipes = _recipes()
    if name not in recipes:
        raise ModelError(f"There is no sequence {name!r}{did_you_mean(name, recipes)}")
    return recipes[name](limits, **options)
