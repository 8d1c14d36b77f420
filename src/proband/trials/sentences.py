"""What a grammar refuses, as one sentence with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from proband.model import did_you_mean
from proband.trials.refusal import Place

MAPPING = "should be names and what belongs to them, as in {name: value}"
SHOULD = {
    "dict_type": MAPPING,
    "model_type": MAPPING,
    "list_type": "should be a list, as in [a, b]",
    "string_pattern_mismatch": "should be made of letters, digits, _ and - alone",
}


def sentence(problem: ValidationError, data: Any, place: Place) -> str:
    """The deepest of the errors as one sentence with its place."""
    errors = [(_path(e["loc"], data), e) for e in problem.errors(include_url=False)]
    path, error = max(
        errors, key=lambda pair: (pair[1]["type"] == "unknown_key", len(pair[0]), pair[1]["type"] == "too_short")
    )
    if error["type"] == "missing":
        missing = str(error["loc"][-1])
        return f"{place.say(path)}the key {missing!r} is missing."
    if error["type"] == "unknown_key":
        path = (*path, error.get("ctx", {})["key"].strip("'")) if isinstance(data, Mapping) else path
    if error["type"] == "too_short":
        return f"{place.say(path)}nothing stands here; give at least one."
    given = error.get("input")
    if given is None:
        return f"{place.say(path)}nothing stands here; give a value, or leave the key out."
    message = SHOULD.get(error["type"], error["msg"].removeprefix("Value error, ").removeprefix("Input ").rstrip("."))
    if error["type"] == "literal_error":
        message += did_you_mean(str(given), re.findall(r"'([^']+)'", error.get("ctx", {})["expected"]))
    if error["type"] not in ("unknown_key", "amount", "spread", "bleed", "times", "words", "criterion"):
        message = f"{_short(given)} is not right: it {message}" if message.startswith("should") else message
    return f"{place.say(path)}{message}."


def _short(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _path(loc: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    """The steps of a location that lead through the data; names of alternatives are left out."""
    path: list[Any] = []
    for step in loc:
        if (isinstance(data, Mapping) and step in data) or (
            isinstance(data, (list, tuple)) and isinstance(step, int) and step < len(data)
        ):
            data = data[step]
            path.append(step)
    return tuple(path)
