"""Who takes part, what is attached to them, and what their blood carries besides."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from proband.trials.amounts import Duration, whole_steps
from proband.trials.values import Value, Values
from proband.trials.words import Name, NameList, Words


class Cohort(Words):
    """Many patients made from one data sheet, or from several in turn."""

    of: Name | Annotated[list[Name], Field(min_length=1)] = Field(
        description="The patient they are made from; of several, one after the other in turn."
    )
    n: int = Field(ge=1, le=10_000_000, description="How many.")
    spread: Values = Field(
        default_factory=dict, description="Rows (part.row) in which they differ, each with its distribution."
    )


class Attach(Words):
    """A device and the places where it joins the body."""

    device: Name = Field(description="Name of the device (`proband list devices`).")
    from_: NameList = Field(description="The place that its inlet joins; some devices take several.")
    to: NameList = Field(description="The place that its outlet joins; some devices take several.")
    settings: dict[Name, Value | bool] = Field(
        default_factory=dict, description="Its settings at the start, as in speed: 5400 rpm."
    )


class Substance(Words):
    """Something dissolved that rides on every flow."""

    name: Name = Field(description="As in dye; its signals are part.dye and part.dye_concentration.")
    unit: Name = Field(description="Unit of its amount, as in mmol or mg.")
    meaning: str = Field("", description="What it is, in words.")
    period: Duration | None = Field(
        None,
        description="How often flows carry it on, as in 10 ms; left out: in every step of the solver (dearer, and sharper fronts).",
    )

    @model_validator(mode="after")
    def _times(self) -> Substance:
        if self.period is not None:
            whole_steps("period", self.period)
        return self
