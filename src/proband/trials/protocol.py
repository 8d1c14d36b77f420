"""What is done: numbered steps, each with what it sets, takes, gives, turns, attaches and breaks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from proband.laws.gas import AIR
from proband.trials.amounts import STEP_S, Amount, Duration, Volume, at_least_a_step, seconds
from proband.trials.conditions import parse_condition
from proband.trials.participants import Attach
from proband.trials.values import VALUE_SCHEMA, Values
from proband.trials.words import Line, Name, NameList, Words, readable


def ticks(duration_s: float) -> int:
    """The solver steps in a duration."""
    return round(duration_s / STEP_S)


class Bleed(Words):
    """Blood is taken from a place at a constant rate."""

    from_: Name = Field(description="The place it is taken from.")
    volume: Volume | None = Field(None, description="How much.")
    percent: float | None = Field(
        None, gt=0, lt=100, description="How much, in % of the blood in the body at that moment."
    )
    over: Duration = Field(description="In what time.")

    @model_validator(mode="after")
    def _one(self) -> Bleed:
        if (self.volume is None) == (self.percent is None):
            raise PydanticCustomError("bleed", "a bleed needs either volume (as in 500 mL) or percent (as in 20)")
        return self


class Infuse(Words):
    """Fluid is given into a place at a constant rate."""

    into: Name = Field(description="The place it is given into.")
    volume: Volume = Field(description="How much.")
    over: Duration = Field(description="In what time.")


class Tilt(Words):
    """The body is turned to an angle above lying flat."""

    angle: Amount = Field(description="Head up is positive, as in 60 deg.")
    over: Duration = Field("1 s", description="In what time.")


class Until(Words):
    """A condition that ends for a patient what the step does."""

    when: Name = Field(description="As in 'lvad.flow.mean < 2.5 L/min'; its statistics are those of the last `every`.")
    every: Duration = Field("2 s", description="How often it is looked at.")

    @model_validator(mode="after")
    def _read(self) -> Until:
        readable(lambda: parse_condition(self.when))
        at_least_a_step("time between two looks", seconds(self.every))
        return self


def _until(given: Any) -> Any:
    return {"when": given} if isinstance(given, str) else given


UntilField = Annotated[
    Until | None,
    BeforeValidator(_until),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"refers": "Until"}], "description": "When it ends for a patient."}),
]


def _mixture(given: Any) -> Any:
    return {gas: f"{100 * share:g} %" for gas, share in AIR.items()} if given == "air" else given


Mixture = Annotated[
    Values,
    BeforeValidator(_mixture),
    WithJsonSchema(
        {
            "description": "Gases and their shares of the dry gas, or `air`.",
            "anyOf": [{"const": "air"}, {"type": "object", "additionalProperties": VALUE_SCHEMA}],
        }
    ),
]


class Range(Words):
    """Equal steps from one value to another, both included."""

    from_: Amount
    to: Amount
    by: Amount


class Step(Words):
    """One numbered step. What it does begins at its start; it lasts for `hold`; its measures are of the last `window`.

    With `until`, what the step does ends for a patient once the condition holds for that patient: bleeding and
    infusing stop, a ramp goes no further. Its measures are those of the window in which the condition was met.
    It then waits at the settings that it has until the step's time is over, so that a patient's result never
    depends on who else is in the cohort.
    """

    name: Line = Field("", description="For the report; left out: what the step does.")
    set: Values = Field(default_factory=dict, description="Commands (part.command) and their values.")
    ramp: dict[Name, Range] = Field(
        default_factory=dict,
        description="Commands that rise or fall in equal steps: as many numbered steps as there are values, each held for `hold`.",
    )
    break_: Values = Field(
        default_factory=dict, description="Faults: commands of a device that break it, as in lvad.thrombus: 30 %."
    )
    clamp: NameList = Field(default_factory=list, description="Parts whose clamp is closed.")
    unclamp: NameList = Field(default_factory=list, description="Parts whose clamp is opened.")
    bleed: Bleed | None = Field(None, description="Blood taken.")
    infuse: Infuse | None = Field(None, description="Fluid given.")
    tilt: Tilt | None = Field(None, description="The body turned.")
    breathe: Mixture = Field(
        default_factory=dict,
        description="The gas around the patient from here on: shares of the dry gas, as in oxygen: 12 %; what is left over is nitrogen. `air` is air again. A ventilator brings its own gas.",
    )
    attach: dict[Name, Attach] = Field(default_factory=dict, description="Devices attached from here on.")
    detach: NameList = Field(default_factory=list, description="Devices taken off.")
    hold: Duration = Field("30 s", description="How long the step lasts.")
    window: Duration | None = Field(
        None, description="Measures are of this last part of `hold`; left out: its last third."
    )
    until: UntilField = Field(None, description="A condition that ends, patient by patient, what the step does.")

    @property
    def hold_s(self) -> float:
        return seconds(self.hold)

    @property
    def window_s(self) -> float:
        return seconds(self.window) if self.window else self.hold_s / 3

    @model_validator(mode="after")
    def _own_name(self) -> Step:
        if self.name in ("every", "last"):
            raise PydanticCustomError(
                "words", "a step cannot be called {name}, which names steps already", {"name": repr(self.name)}
            )
        return self

    @model_validator(mode="after")
    def _times(self) -> Step:
        for what, time in (("hold", self.hold_s), ("window", self.window_s)):
            at_least_a_step(what, time)
        if self.window_s > self.hold_s:
            raise PydanticCustomError(
                "times", "the window of {w} is longer than the hold of {h}", {"w": str(self.window), "h": self.hold}
            )
        for what, act in (("bleed", self.bleed), ("infuse", self.infuse), ("tilt", self.tilt)):
            if act is not None and seconds(act.over) > self.hold_s * (1 + 1e-12):
                raise PydanticCustomError(
                    "times",
                    "the {what} takes {over}, but the step lasts {hold}; lengthen hold",
                    {"what": what, "over": act.over, "hold": self.hold},
                )
        if self.until is not None and seconds(self.until.every) > self.hold_s:
            raise PydanticCustomError(
                "times",
                "until is looked at every {every}, but the step lasts {hold}",
                {"every": self.until.every, "hold": self.hold},
            )
        return self
