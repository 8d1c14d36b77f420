"""A sequence is one plain function; its signature is its protocol's table (value, unit, meaning, source)."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import update_wrapper
from math import isfinite
from typing import Any

from proband.model import ModelError, did_you_mean
from proband.mr.sequence.draft import ORIENTATIONS, Draft
from proband.mr.sequence.limits import GAMMA, Limits
from proband.mr.sequence.mr_sequence import MRSequence


@dataclass(frozen=True)
class Option:
    """One line of a sequence's table. `unit` is a tuple where the value is one of some words."""

    value: Any
    unit: str | tuple[str, ...]
    meaning: str
    source: str
    least: float


def option(
    value: Any,
    unit: str | tuple[str, ...],
    meaning: str,
    source: str = "assumed: a usual setting, to be chosen by whoever scans",
    least: float = 0.0,
) -> Any:
    """A row of a sequence's table; a number must be at least `least`."""
    return Option(value, unit, meaning, source, least)


#: What every sequence can be asked for.
COMMON = {
    "orientation": option("transverse", tuple(ORIENTATIONS), "plane of the slices"),
    "noise_scan": option(0, "samples", "samples of a readout before the first pulse, labelled NOISE; 0: none"),
}

LARGEST = 1.0  # m, of a field of view and of what lies in it


class SequenceRecipe:
    """What `@sequence` makes of a function: called with limits and options it gives an MRSequence."""

    def __init__(self, function: Callable[..., Mapping[str, Any]]):
        update_wrapper(self, function)
        self.function = function
        self.name = function.__name__
        self.meaning = (inspect.getdoc(function) or "").split("\n")[0]
        parameters = list(inspect.signature(function).parameters.values())[1:]
        self.options: dict[str, Option] = {p.name: p.default for p in parameters} | COMMON

    def __call__(self, limits: Limits | None = None, **asked: Any) -> MRSequence:
        limits = limits or Limits()
        for name in asked:
            if name not in self.options:
                raise ModelError(f"{self.name} has no option {name!r}{did_you_mean(name, self.options)}")
        values = {name: self._value(name, row, asked.get(name, row.value)) for name, row in self.options.items()}
        for name, value in values.items():
            self._fits(name, self.options[name], value)
        common = {name: values.pop(name) for name in COMMON}
        try:
            draft = Draft(limits, common["orientation"])
            if common["noise_scan"]:
                draft.noise(common["noise_scan"])
            info = self.function(draft, **values)
            return draft.finish(self.name, info)
        except ModelError as trouble:
            raise ModelError(f"{self.name}: {trouble}") from trouble
        except (ValueError, RuntimeError, AssertionError) as trouble:
            # pypulseq refuses in its own words and units what the limits do not allow.
            said = str(trouble).splitlines()[0].strip("'\"") if str(trouble) else repr(trouble)
            said = re.sub(r"([\d.]+) Hz/m\b", lambda n: f"{float(n[1]) / GAMMA * 1e3:.3g} mT/m", said)
            raise ModelError(f"{self.name}: {said}") from trouble

    def _value(self, name: str, row: Option, value: Any) -> Any:
        wrong = ModelError(f"{self.name}: {name} = {value!r}, but {_right(row)} would be right.")
        if value is None and row.value is None:
            return None
        if isinstance(row.unit, tuple):
            if value not in row.unit:
                raise wrong
            return value
        if isinstance(row.value, bool):
            if not isinstance(value, bool):
                raise wrong
            return value
        if isinstance(row.value, (int, float)) and isinstance(value, (tuple, list)) and "each" not in row.unit:
            raise wrong
        if isinstance(row.value, tuple) or isinstance(value, (tuple, list)):
            if not isinstance(value, (tuple, list)) or not value:
                raise wrong
            whole = isinstance(row.value, tuple) and all(isinstance(each, int) for each in row.value)
            if any(not _number(each, whole, row.least) for each in value):
                raise wrong
            if isinstance(row.value, tuple) and "each" not in row.unit and len(value) != len(row.value):
                raise wrong
            return tuple(value)
        if not _number(value, isinstance(row.value, int), row.least):
            raise wrong
        return value

    def _fits(self, name: str, row: Option, value: Any) -> None:
        """Raises ModelError for a length that no scanner has."""
        for each in value if isinstance(value, tuple) else (value,):
            if row.unit == "m" and isinstance(each, (int, float)) and abs(each) > LARGEST:
                raise ModelError(
                    f"{self.name}: {name} = {each:g} m, but a scanner's bore leaves {LARGEST:g} m at most; is the unit right?"
                )
            if name in ("fov", "thickness") and not each > 0:
                raise ModelError(f"{self.name}: {name} = {value!r}, but {_right(row)} above zero would be right.")


def _number(value: Any, whole: bool, least: float) -> bool:
    kinds = (int,) if whole else (int, float)
    return isinstance(value, kinds) and not isinstance(value, bool) and isfinite(value) and value >= least


def _right(row: Option) -> str:
    if isinstance(row.unit, tuple):
        return " or ".join(row.unit)
    usual = "a number above zero" if row.value is None else f"such as {row.value!r}"
    return f"{usual} ({'; '.join(filter(None, (row.unit, row.meaning)))})"


def sequence(function: Callable[..., Mapping[str, Any]]) -> SequenceRecipe:
    """Make a sequence of a function that plays on a Draft and returns its protocol."""
    return SequenceRecipe(function)
