"""Why a row is red, as far as it is known."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from proband.evidence.scoring.places import folder
from proband.evidence.scoring.published import Published, published
from proband.model import ModelError, did_you_mean

TABLE = "misses.csv"
REASONS = {
    "contradicted": "another study, or another number of the same one, found otherwise",
    "untold": "what decides it was not told in what was read",
    "missing": "something is missing here",
    "unexplained": "no reason is known",
}


@dataclass(frozen=True)
class Miss:
    """One of `REASONS`, and a sentence."""

    reason: str
    why: str


UNKNOWN = Miss("unexplained", "")


def read(rows: Iterable[Published], where: Path) -> dict[str, Miss]:
    """By the rows' ids. Raises ModelError for a row that does not count, a reason that is none, or no sentence."""
    counting = {row.id for row in rows if row.counts}
    found = {}
    with (where / TABLE).open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["id"] not in counting:
                raise ModelError(
                    f"{TABLE} tells of {line['id']!r}, which is no validation row{did_you_mean(line['id'], counting)}."
                )
            if line["reason"] not in REASONS:
                raise ModelError(
                    f"{TABLE}, {line['id']}: the reason is {line['reason']!r}; it must be one of {', '.join(REASONS)}."
                )
            if not line["why"].endswith("."):
                raise ModelError(f"{TABLE}, {line['id']}: why is to be a sentence.")
            found[line["id"]] = Miss(line["reason"], line["why"])
    return found


@cache
def misses() -> dict[str, Miss]:
    """Of this installation's tables."""
    return read(published(), folder("validation"))
