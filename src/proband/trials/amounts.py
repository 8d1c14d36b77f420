"""Quantities as a trial writes them: `'5400 rpm'`. A trial keeps the text, so that it prints and hashes as written."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from proband.units import Quantity, Unit, UnitError, mL, parse_quantity, s
from proband.units.quantity import say_dimension


def written(value: Any) -> str:
    """A quantity, number or text as the text that a trial keeps."""
    if isinstance(value, Quantity):
        return _of_quantity(value)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise PydanticCustomError(
            "amount", "{said} is no quantity; write a number and its unit, as in '80 mmHg'", {"said": repr(value)}
        )
    text = value.strip() if isinstance(value, str) else f"{value!r}"
    try:
        quantity = parse_quantity(text)
    except UnitError as problem:
        raise PydanticCustomError("amount", "{said}", {"said": str(problem).rstrip(".")}) from None
    if not math.isfinite(quantity.si):
        raise PydanticCustomError("amount", "{said} is beyond what a number can hold", {"said": text})
    return text


def _of_quantity(quantity: Quantity) -> str:
    unit = quantity.unit
    if unit is None:
        unit = Unit(say_dimension(quantity.dimension) if any(quantity.dimension) else "", 1.0, quantity.dimension)
    number = unit.of(quantity.si)
    short = f"{number:.15g}"
    text = short if unit.si(float(short)) == quantity.si else repr(number)
    return f"{text} {unit.symbol}".strip()


def _in(unit: Unit, what: str, example: str, positive: bool = True):
    def check(value: Any) -> str:
        text = written(value)
        quantity = parse_quantity(text)
        said = {"said": text, "what": what, "example": example}
        if quantity.dimension != unit.dimension:
            raise PydanticCustomError("amount", "{said} is no {what}; write it as in '{example}'", said)
        if positive and not quantity.si > 0:
            raise PydanticCustomError("amount", "the {what} must be above zero, but is {said}", said)
        if unit is s and quantity.si > LONGEST_S:
            raise PydanticCustomError("amount", "{said} is longer than the ten years that a trial may last", said)
        return text

    return check


def _schema(description: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": ["string", "number"], "description": description, "examples": [example]})


STEP_S = 1e-3  # of the solver; every moment of a protocol falls on one
LONGEST_S = 10 * 365.25 * 86400  # a clock of whole nanoseconds holds 292 years; nobody means as much


def at_least_a_step(what: str, time: float) -> None:
    """Refuse a time, s, that the solver cannot tell from nothing."""
    if time < STEP_S:
        raise PydanticCustomError(
            "times",
            "the {what} is shorter than the {step} ms of a solver's step",
            {"what": what, "step": f"{STEP_S * 1e3:g}"},
        )


def whole_steps(what: str, duration: str) -> None:
    """Refuse a duration that is not made of whole steps of the solver."""
    time = seconds(duration)
    at_least_a_step(what, time)
    if abs(time / STEP_S - round(time / STEP_S)) > 1e-6:
        raise PydanticCustomError(
            "times",
            "the {what} of {said} is no multiple of the {step} ms of a solver's step",
            {"what": what, "said": duration, "step": f"{STEP_S * 1e3:g}"},
        )


Amount = Annotated[str, BeforeValidator(written), _schema("A number with its unit.", "0.8 mmHg/mL")]
Duration = Annotated[str, BeforeValidator(_in(s, "duration", "30 s")), _schema("A duration with its unit.", "30 s")]
Volume = Annotated[str, BeforeValidator(_in(mL, "volume", "500 mL")), _schema("A volume with its unit.", "500 mL")]


def seconds(text: str) -> float:
    """The seconds in a duration."""
    return parse_quantity(text).to(s)
