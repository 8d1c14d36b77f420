"""A patient's heart where it is otherwise than on the data sheet: its rhythm, and its valves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from proband.trials.refusal import Place, at
from proband.trials.values import one_each
from proband.trials.words import Words

Rhythm = Literal["sinus", "atrial_fibrillation", "premature_beats", "paced", "atrially_paced"]
Valve = Literal["normal", "stenotic", "regurgitant"]
Rhythms = Rhythm | Annotated[list[Rhythm], Field(min_length=1)] | None
Valves = Valve | Annotated[list[Valve], Field(min_length=1)] | None

# The components of the heart that words of a trial stand for, where they have another name.
COMPONENTS: Mapping[str, str] = {"normal": "valve", "stenotic": "stenotic_valve", "regurgitant": "regurgitant_valve"}

Exchanged = tuple[tuple[str, str], ...]  # places of a body, each with the component that stands there instead


class Heart(Words):
    """The patient's rhythm and valves, where they are otherwise than on the data sheet.

    How fast a pacemaker is, how narrow or leaky a valve, are rows of the trial's `values`, as in
    `{heart.set_rate: 90 /min, aortic_valve.area: 0.7 cm^2, mitral_valve.hole: 0.4 cm^2}`;
    `proband show regurgitant_valve` or `proband show paced` lists them all.
    """

    rhythm: Rhythms = Field(None, description="How it is driven; a list: one for each patient.")
    aortic_valve: Valves = Field(None, description="Between left ventricle and aorta; a list: one for each patient.")
    mitral_valve: Valves = Field(
        None, description="Between left atrium and left ventricle; a list: one for each patient."
    )
    pulmonary_valve: Valves = Field(
        None, description="Between right ventricle and pulmonary artery; a list: one for each patient."
    )
    tricuspid_valve: Valves = Field(
        None, description="Between right atrium and right ventricle; a list: one for each patient."
    )

    def given(self) -> dict[str, str | list[str]]:
        """What the trial says, by its keys."""
        return self.model_dump(exclude_none=True)

    def of_each(self, n: int, written: Place) -> list[Exchanged]:
        """For each of n patients, what stands in the places of the heart. Raises Refused."""
        columns = []
        for key, said in self.given().items():
            with at(written, ("heart", key)):
                words = one_each([said] if isinstance(said, str) else said, n)
            place = "heart" if key == "rhythm" else key
            columns.append([(place, COMPONENTS.get(word, word)) for word in words])
        return list(zip(*columns)) if columns else [()] * n
