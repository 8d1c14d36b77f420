"""A trial is data: who, what is attached, what is done, what is measured, what would count as a pass.

The same words serve a YAML file and Python: `Trial(patient="healthy_man", protocol=[Step(hold=30 * s)], …)`.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import (
    AliasGenerator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from proband.trials.amounts import Amount, Duration, Volume, seconds, written
from proband.trials.conditions import parse_condition, parse_measure
from proband.trials.refusal import Place, Refused

Name = Annotated[str, Field(min_length=1)]


class Words(BaseModel):
    """A frozen set of keys. Unknown keys are refused with the nearest known one."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        alias_generator=AliasGenerator(alias=lambda name: name.rstrip("_")),
    )

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        known = {name.rstrip("_") for name in cls.model_fields}
        for key in data:
            if str(key).rstrip("_") not in known:
                near = difflib.get_close_matches(str(key), known, 1, 0.6)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
                raise PydanticCustomError(
                    "unknown_key", "{key} is no key here ({hint})", {"key": repr(key), "hint": hint}
                )
        return dict(data)


# Values that may differ from patient to patient -----------------------------------------------------------------


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
        return tuple(written(v) for v in given)
    return given.strip() if isinstance(given, str) and CHOICE.fullmatch(given.strip()) else written(given)


CHOICE = re.compile(
    r"[A-Za-z][\w.+/-]*( [\w.+/-]+)*"
)  # a name instead of a number: a ventilator's mode, a maker's cannula
Value = Annotated[
    str | tuple[str, ...] | Spread,
    BeforeValidator(_value),
    WithJsonSchema(
        {
            "description": "A number with its unit, or the name of a choice; or a list with one for each patient; or a distribution.",
            "anyOf": [
                {"type": ["string", "number"]},
                {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1},
                {"refers": "Spread"},
            ],
        }
    ),
]
Values = dict[Name, Value]


def _names(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


NameList = Annotated[
    list[Name],
    BeforeValidator(_names),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


# Who and what ---------------------------------------------------------------------------------------------------


class Cohort(Words):
    """Many patients made from one data sheet, or from several in turn."""

    of: Name | list[Name] = Field(
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

    name: Name
    unit: Name = Field(description="Unit of its amount, as in mmol or mg.")
    meaning: str = ""


# What is done ---------------------------------------------------------------------------------------------------


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
        _reads(lambda: parse_condition(self.when))
        return self


def _until(given: Any) -> Any:
    return {"when": given} if isinstance(given, str) else given


def _reads(read) -> None:
    try:
        read()
    except Refused as problem:
        raise PydanticCustomError("words", "{said}", {"said": str(problem).rstrip(".")}) from None


UntilField = Annotated[
    Until | None,
    BeforeValidator(_until),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"refers": "Until"}], "description": "When it ends for a patient."}),
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

    name: str = Field("", description="For the report; left out: what the step does.")
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
    def _times(self) -> Step:
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


# What is measured -----------------------------------------------------------------------------------------------


class MeasureOf(Words):
    """A measure and how a report calls it."""

    measure: Name = Field(description="part.quantity.statistic, as in lvad.flow.mean.")
    title: str = Field("", description="As the report calls it.")

    @model_validator(mode="after")
    def _read(self) -> MeasureOf:
        _reads(lambda: parse_measure(self.measure))
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
    why: str = Field(description="Why this bound, with its source.")

    @model_validator(mode="after")
    def _bounded(self) -> Criterion:
        _reads(lambda: parse_measure(self.measure))
        if self.at_least is None and self.at_most is None:
            raise PydanticCustomError("criterion", "a criterion needs at_least or at_most")
        return self


class Record(Words):
    """Signals kept over time."""

    signals: list[Name] = Field(default_factory=list, description="part.quantity, as in aorta.pressure.")
    every: Duration = Field("5 ms", description="How often.")
    last: Duration | Literal["all"] = Field("5 s", description="The last part of each step that is kept; or all.")
    patients: int = Field(
        16, ge=1, description="Kept for a cohort of up to this many; a larger one keeps measures only."
    )


# Matching -------------------------------------------------------------------------------------------------------


class Published(Words):
    """A published number to match or to compare with."""

    measure: Name = Field(description="What in the simulation it is compared with: part.quantity.statistic.")
    value: Amount = Field(description="The published number.")
    spread: Amount = Field(description="Its published spread (standard deviation); the match weighs by it.")
    title: str = Field("", description="As the report calls it.")
    source: str = Field(description="Where it was published.")
    confidence: Literal["read", "memory", "unsure"] = Field("read", description="How sure the number is.")
    role: Literal["match", "compare"] = Field(
        "match", description="Enters the fit, or is only shown beside the result."
    )

    @model_validator(mode="after")
    def _read(self) -> Published:
        _reads(lambda: parse_measure(self.measure))
        return self


class Adjusted(Words):
    """A row that the match may move, within bounds that have a reason."""

    row: Name = Field(description="part.row; a state is set at the start.")
    low: Amount
    high: Amount
    why: str = Field(description="Why this row, and why these bounds.")


class Match(Words):
    """The patient is matched to a group: few named rows are moved, within bounds, by least squares."""

    group: str = Field(description="Whom the numbers describe.")
    published: list[Published] = Field(min_length=1, description="The group's numbers.")
    adjust: list[Adjusted] = Field(min_length=1, description="The rows that may move.")
    set: Values = Field(default_factory=dict, description="Commands while matching, as in lvad.speed: 5400 rpm.")
    settle: Duration = Field("90 s", description="Time before the numbers are measured.")
    window: Duration = Field("20 s", description="Time over which they are measured.")
    rounds: int = Field(12, ge=1, le=100, description="Most rounds of the least squares.")


# What a report says besides -------------------------------------------------------------------------------------


class Direction(Words):
    """A published direction of change over the steps."""

    measure: Name
    direction: Literal["up", "down", "flat"] = Field(description="flat: no significant change was published.")
    flat_within: Amount | None = Field(
        None, description="For flat: the change from first to last step that still counts as none."
    )
    over: str = Field(
        "", description="Name of the ramp or the common beginning of the steps' names; left out: all steps."
    )
    source: str

    @model_validator(mode="after")
    def _read(self) -> Direction:
        _reads(lambda: parse_measure(self.measure))
        return self


class Chart(Words):
    """Operating points of a pump on its curves of head against flow."""

    device: Name = Field(description="The name under which it is attached.")
    flow: Name = Field(description="Signal of its flow.")
    head: Name = Field(description="Signal of its head.")
    speed: Name = Field(description="Command or signal of its speed.")


class Report(Words):
    """Hints for the report."""

    title: str = Field("", description="Its heading.")
    summary: str = Field("", description="A paragraph in plain words: what was asked, of whom.")
    against: str = Field(
        "", description="A measure to draw the others against, as in lvad.speed.mean; left out: the step's number."
    )
    pressures: list[Name] = Field(
        default_factory=list, description="Signals drawn together over the last beats of each step."
    )
    flows: list[Name] = Field(default_factory=list, description="Signals drawn together below them.")
    shown: Duration = Field("3 s", description="How much of those traces is drawn.")
    loops: list[Name] = Field(default_factory=list, description="Parts whose pressure is drawn against their volume.")
    charts: list[Chart] = Field(default_factory=list, description="Pumps drawn on their curves.")
    directions: list[Direction] = Field(default_factory=list, description="Published directions to compare with.")
    compare: list[Published] = Field(
        default_factory=list, description="Published numbers to compare with, at `compare_step`."
    )
    compare_step: int | str = Field("last", description="The step that is compared.")


# The trial ------------------------------------------------------------------------------------------------------


class Trial(Words):
    """A trial of Proband: who, what is attached, what is done, what is measured, what would count as a pass."""

    name: str = Field("trial", pattern=r"^[A-Za-z0-9_\-]+$", description="A short name; left out: the file's.")
    patient: Name | list[Name] | Cohort = Field(
        description="A patient's name (`proband list patients`), a list of names, or a cohort."
    )
    values: Values = Field(default_factory=dict, description="Rows (part.row) that differ from the data sheet.")
    carry: list[Substance] = Field(default_factory=list, description="Substances that ride on every flow.")
    attach: dict[Name, Attach] = Field(default_factory=dict, description="Devices, by the name they get in the body.")
    match: Match | None = Field(None, description="A published group that the patient is matched to first.")
    settle: Duration = Field("60 s", description="Time that runs before the first step and is not measured.")
    protocol: list[Step] = Field(min_length=1, description="The numbered steps.")
    measures: list[MeasureField] = Field(min_length=1, description="What is measured in every step.")
    criteria: list[Criterion] = Field(default_factory=list, description="What would count as a pass.")
    record: Record = Field(default_factory=lambda: Record.model_validate({}), description="Signals kept over time.")
    seed: int = Field(0, ge=0, lt=2**63, description="All that is random follows from it.")
    report: Report = Field(default_factory=lambda: Report.model_validate({}), description="Hints for the report.")

    _place: Place = PrivateAttr(default_factory=Place)

    def as_data(self) -> dict[str, Any]:
        """The trial as plain data, without what is left at its default. `Trial.from_data` takes it back."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], place: Place | None = None) -> Trial:
        """A trial from plain data. Raises Refused with one sentence."""
        from proband.trials.files import validated

        # Data with the key `scans` are of a scanner's trial: ScanTrial.from_data takes those.
        return cast("Trial", validated(data, place or Place()))

    def hash(self) -> str:
        """Of everything that the trial says, however it was written."""
        text = json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def place(self) -> Place:
        """Where it was written."""
        return self._place

    def run(self, **options: Any) -> Any:
        """Run it and return the `Result`; `sink=Store("folder")` keeps files. See `proband.trials.runner.run`."""
        from proband.trials.runner import run

        return run(self, **options)


def schema() -> dict[str, Any]:
    """The JSON Schema of a trial, for editors."""
    result = Trial.model_json_schema(by_alias=True)
    definitions = result.setdefault("$defs", {})
    for model in (Spread, Until, MeasureOf):
        definitions.setdefault(model.__name__, model.model_json_schema(by_alias=True))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_referring(result),
        "title": "A trial of Proband",
    }


def _referring(thing: Any) -> Any:
    """`refers` as the schema's own references."""
    if isinstance(thing, dict):
        return (
            {"$ref": f"#/$defs/{thing['refers']}"}
            if "refers" in thing
            else {k: _referring(v) for k, v in thing.items()}
        )
    return [_referring(v) for v in thing] if isinstance(thing, list) else thing
