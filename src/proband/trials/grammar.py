"""A trial is data: who, what is attached, what is done, what is measured, what would count as a pass.

The same words serve a YAML file and Python: `Trial(patient="healthy_man", protocol=[Step(hold=30 * s)], …)`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from proband.trials.amounts import Duration
from proband.trials.hearts import Heart
from proband.trials.judging import Criterion, MeasureField, MeasureOf, Record
from proband.trials.participants import Attach, Cohort, Substance
from proband.trials.protocol import Step, Until
from proband.trials.published import Match
from proband.trials.reporting import Loop, Report
from proband.trials.values import Spread, Values
from proband.trials.words import Name, Written, json_schema


class Trial(Written):
    """A trial of Proband: who, what is attached, what is done, what is measured, what would count as a pass."""

    name: str = Field("trial", pattern=r"^[A-Za-z0-9_\-]+$", description="A short name; left out: the file's.")
    patient: Name | Annotated[list[Name], Field(min_length=1)] | Cohort = Field(
        description="A patient's name (`proband list patients`), a list of names, or a cohort."
    )
    heart: Heart = Field(
        default_factory=lambda: Heart.model_validate({}),
        description="Rhythm and valves, where they are not the sheet's.",
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

    def run(self, **options: Any) -> Any:
        """Run it and return the `Result`; `sink=Store("folder")` keeps files. See `proband.trials.runner.run`."""
        from proband.trials.runner import run

        return run(self, **options)


def schema() -> dict[str, Any]:
    """The JSON Schema of a trial of a body."""
    return json_schema(Trial, Spread, Until, MeasureOf, Loop)
