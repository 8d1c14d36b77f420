"""Values that may differ from patient to patient: one for all, one for each, or a distribution."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from proband.trials.amounts import Amount, written
from proband.trials.refusal import Refused
from proband.trials.words import Name, Words


class Spread(Words):
    """A distribution: each patient of a cohort draws its own value, the same for the same seed and place."""

    distribution: Literal["normal", "lognormal", "uniform"] = Field("normal", description="The shape.")
    centre: Amount | None = Field(
        None, description="Mean (normal) or median (lognormal); left out: the patient's own value."
    )
    sd: Amount | None = Field(None, description="Standard deviation, in the value's unit or in % of the centre.")
    low: Amount | None = Field(None, description="Nothing below this is drawn (needed for uniform).")
    high: Amount | None = Field(None, description="Nothing above this is drawn (needed for uniform).")
    source: str = Field("", description="Where the distribution comes from, or 'assumed: why'.")

    @model_validator(mode="after")
    def _complete(self) -> Spread:
        if self.distribution == "uniform":
            if self.low is None or self.high is None:
                raise PydanticCustomError("spread", "a uniform spread needs low and high")
        elif self.sd is None:
            raise PydanticCustomError(
                "spread", "a {shape} spread needs sd, as in sd: 20 %", {"shape": self.distribution}
            )
        return self


def _value(given: Any) -> Any:
    if isinstance(given, (Mapping, Spread)):
        return given if isinstance(given, Spread) else Spread.model_validate(given)
    if isinstance(given, (list, tuple)):
        if not given:
            raise PydanticCustomError("amount", "the list of values is empty; give one value for each patient")
        return tuple(_entry(i, v) for i, v in enumerate(given, start=1))
    return given.strip() if isinstance(given, str) and CHOICE.fullmatch(given.strip()) else written(given)


def _entry(number: int, given: Any) -> str:
    try:
        return written(given)
    except PydanticCustomError as problem:
        said = {"number": number, "said": problem.message()}
        raise PydanticCustomError("amount", "value {number} of the list: {said}", said) from None


# A name instead of a number: a ventilator's mode, a maker's cannula.
CHOICE = re.compile(r"[A-Za-z][\w.+/-]*( [\w.+/-]+)*")
VALUE_SCHEMA = {
    "description": "A number with its unit, or the name of a choice; or a list with one for each patient; or a distribution.",
    "anyOf": [
        {"type": ["string", "number"]},
        {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1},
        {"refers": "Spread"},
    ],
}
Value = Annotated[str | tuple[str, ...] | Spread, BeforeValidator(_value), WithJsonSchema(VALUE_SCHEMA)]
Values = dict[Name, Value]


def one_each(given: Sequence[str], n: int) -> Sequence[str]:
    """What each of n patients gets of a list: his own, or the only one. Raises Refused."""
    if len(given) not in (1, n):
        patients = "1 patient" if n == 1 else f"{n} patients"
        raise Refused(f"{len(given)} values are given for {patients}; give one for each, or a single one for all.")
    return given if len(given) == n else [given[0]] * n
