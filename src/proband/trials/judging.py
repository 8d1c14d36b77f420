"""What is measured, what is kept over time, and what would count as a pass."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from proband.trials.amounts import Amount, Duration, at_least_a_step, seconds
from proband.trials.conditions import parse_measure
from proband.trials.words import Line, Name, Reason, Words, readable
from proband.units import parse_quantity


class MeasureOf(Words):
    """A measure and how a report calls it."""

    measure: Name = Field(description="part.quantity.statistic, as in lvad.flow.mean.")
    title: Line = Field("", description="As the report calls it.")

    @model_validator(mode="after")
    def _read(self) -> MeasureOf:
        readable(lambda: parse_measure(self.measure))
        return self


def _measure(given: Any) -> Any:
    return {"measure": given} if isinstance(given, str) else given


MeasureField = Annotated[
    MeasureOf,
    BeforeValidator(_measure),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"refers": "MeasureOf"}]}),
]


class Criterion(Words):
    """What would count as a pass: a measure within bounds, in one step or in every step."""

    measure: Name = Field(description="part.quantity.statistic.")
    step: int | str = Field("every", description="Number or name of the step; 'every'; or 'last'.")
    at_least: Amount | None = Field(None, description="Lower bound.")
    at_most: Amount | None = Field(None, description="Upper bound.")
    patients: float = Field(
        100.0, gt=0, le=100, description="Percentage of the patients that must be within the bounds."
    )
    why: Reason = Field(description="Why this bound, with its source.")

    @model_validator(mode="after")
    def _bounded(self) -> Criterion:
        readable(lambda: parse_measure(self.measure))
        if self.at_least is None and self.at_most is None:
            raise PydanticCustomError("criterion", "a criterion needs at_least or at_most")
        if self.at_least is not None and self.at_most is not None:
            low, high = parse_quantity(self.at_least), parse_quantity(self.at_most)
            if low.dimension == high.dimension and low.si > high.si:
                raise PydanticCustomError(
                    "criterion",
                    "nothing is at least {low} and at most {high}",
                    {"low": self.at_least, "high": self.at_most},
                )
        return self


class Record(Words):
    """Signals kept over time."""

    signals: list[Name] = Field(default_factory=list, description="part.quantity, as in aorta.pressure.")
    every: Duration = Field("5 ms", description="How often.")
    last: Duration | Literal["all"] = Field("5 s", description="The last part of each step that is kept; or all.")
    patients: int = Field(
        16, ge=1, description="Kept for a cohort of up to this many; a larger one keeps measures only."
    )

    @model_validator(mode="after")
    def _times(self) -> Record:
        at_least_a_step("time between two records", seconds(self.every))
        return self
