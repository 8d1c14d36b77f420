"""Published numbers: those a patient is matched to, those a result is compared with, and directions of change."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from proband.trials.amounts import Amount, Duration
from proband.trials.conditions import parse_measure
from proband.trials.values import Values
from proband.trials.words import Line, Name, Reason, Words, readable


class Published(Words):
    """A published number to match or to compare with."""

    measure: Name = Field(description="What in the simulation it is compared with: part.quantity.statistic.")
    value: Amount = Field(description="The published number.")
    spread: Amount = Field(description="Its published spread (standard deviation); the match weighs by it.")
    title: Line = Field("", description="As the report calls it.")
    source: Reason = Field(description="Where it was published.")
    confidence: Literal["read", "memory", "unsure"] = Field("read", description="How sure the number is.")
    role: Literal["match", "compare"] = Field(
        "match", description="Enters the fit, or is only shown beside the result."
    )

    @model_validator(mode="after")
    def _read(self) -> Published:
        readable(lambda: parse_measure(self.measure))
        return self


class Adjusted(Words):
    """A row that the match may move, within bounds that have a reason."""

    row: Name = Field(description="part.row; a state is set at the start.")
    low: Amount
    high: Amount
    why: Reason = Field(description="Why this row, and why these bounds.")


def _or_from_a_file(schema: dict[str, Any]) -> None:
    """A file beside the trial may hold group and published; `data` names it, and is gone once the trial is read."""
    schema["properties"]["data"] = {
        "type": "string",
        "description": "A file beside the trial that holds `group` and `published` instead.",
    }
    own = [name for name in schema["required"] if name != "adjust"]
    schema["required"] = ["adjust"]
    schema["anyOf"] = [{"required": ["data"]}, {"required": own}]


class Match(Words):
    """The patient is matched to a group: few named rows are moved, within bounds, by least squares."""

    model_config = ConfigDict(json_schema_extra=_or_from_a_file)

    group: str = Field(description="Whom the numbers describe.")
    published: list[Published] = Field(min_length=1, description="The group's numbers.")
    adjust: list[Adjusted] = Field(min_length=1, description="The rows that may move.")
    set: Values = Field(default_factory=dict, description="Commands while matching, as in lvad.speed: 5400 rpm.")
    settle: Duration = Field("90 s", description="Time before the numbers are measured.")
    window: Duration = Field("20 s", description="Time over which they are measured.")
    rounds: int = Field(12, ge=1, le=100, description="Most rounds of the least squares.")


class Direction(Words):
    """A published direction of change over the steps."""

    measure: Name
    direction: Literal["up", "down", "flat"] = Field(description="flat: no significant change was published.")
    flat_within: Amount | None = Field(
        None, description="For flat: the change from first to last step that still counts as none."
    )
    over: str = Field(
        "",
        description="Name of a ramp, or the common beginning of the steps' names; `first … last`: from one step to another; of a single step: since the step before; left out: all steps.",
    )
    source: Reason

    @model_validator(mode="after")
    def _read(self) -> Direction:
        readable(lambda: parse_measure(self.measure))
        return self
