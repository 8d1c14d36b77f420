"""What a trial says about its report: words, drawings, and what is shown beside the result."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from proband.trials.amounts import Duration
from proband.trials.published import Direction, Published
from proband.trials.words import Line, Name, Words


class Chart(Words):
    """Operating points of a pump on its curves of head against flow."""

    device: Name = Field(description="The name under which it is attached.")
    flow: Name = Field(description="Signal of its flow.")
    head: Name = Field(description="Signal of its head.")
    speed: Name = Field(description="Command or signal of its speed.")


class Loop(Words):
    """One signal against another over the last beats or breaths, as airway pressure against lung volume."""

    x: Name = Field(description="Signal along the horizontal axis, as in chest_wall.lung_volume.")
    y: Name = Field(description="Signal along the vertical axis, as in ventilator.pressure.")
    title: Line = Field("", description="As the report calls it.")


def _loop(given: Any) -> Any:
    """A part's name stands for its pressure against its volume."""
    if isinstance(given, str):
        return {"x": f"{given}.volume", "y": f"{given}.pressure", "title": given.replace("_", " ").capitalize()}
    return given


LoopField = Annotated[
    Loop,
    BeforeValidator(_loop),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"refers": "Loop"}]}),
]


class Report(Words):
    """Hints for the report."""

    title: Line = Field("", description="Its heading.")
    summary: str = Field("", description="A paragraph in plain words: what was asked, of whom.")
    against: str = Field(
        "", description="A measure to draw the others against, as in lvad.speed.mean; left out: the step's number."
    )
    pressures: list[Name] = Field(
        default_factory=list, description="Signals drawn together over the last beats of each step."
    )
    flows: list[Name] = Field(default_factory=list, description="Signals drawn together below them.")
    traces: list[list[Name]] = Field(
        default_factory=list, description="More such rows below these, each of signals that share one unit."
    )
    shown: Duration = Field("3 s", description="How much of those traces is drawn.")
    loops: list[LoopField] = Field(
        default_factory=list,
        description="Loops: a part whose pressure is drawn against its volume, or any two signals.",
    )
    charts: list[Chart] = Field(default_factory=list, description="Pumps drawn on their curves.")
    directions: list[Direction] = Field(default_factory=list, description="Published directions to compare with.")
    compare: list[Published] = Field(
        default_factory=list, description="Published numbers to compare with, at `compare_step`."
    )
    compare_step: int | str = Field("last", description="The step that is compared.")

    def rows(self) -> list[list[str]]:
        """The signals drawn over time, row by row."""
        return [list(row) for row in (self.pressures, self.flows, *self.traces) if row]
