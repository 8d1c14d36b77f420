"""How well published studies foretell one another, judged as the board judges simulations."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from proband.evidence.scoring.places import folder
from proband.evidence.scoring.published import Published, published
from proband.evidence.scoring.rules import VERDICTS, verdict
from proband.model import ModelError, did_you_mean

TABLE = "alike.csv"


@dataclass(frozen=True)
class Agreement:
    """Of `pairs` of studies in `groups`: how often one study's number, taken as the simulation, has which colour beside the
    other's, in percent; and the colours of the simulations of the groups' validation rows. Each group weighs the same,
    however many studies it has."""

    groups: int
    pairs: int
    shares: Mapping[str, float]
    simulated: Mapping[str, float]


def alike(rows: Iterable[Published] | None = None, where: Path | None = None) -> dict[str, list[Published]]:
    """The rows of different studies that tell the same of like people, by group. Raises ModelError for a faulty table."""
    known = {row.id: row for row in (published() if rows is None else rows)}
    groups: dict[str, list[Published]] = {}
    with ((where or folder("validation")) / TABLE).open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["id"] not in known:
                raise ModelError(
                    f"{TABLE} names the row {line['id']!r}, which no table has{did_you_mean(line['id'], known)}."
                )
            groups.setdefault(line["group"], []).append(known[line["id"]])
    for group, members in groups.items():
        if (
            len({row.source for row in members}) < len(members)
            or len(members) < 2
            or len({r.unit for r in members}) > 1
        ):
            raise ModelError(
                f"{TABLE}, group {group!r}: it needs at least two rows, each of its own source, in one unit."
            )
    return groups


def agreement(groups: Mapping[str, Sequence[Published]], verdicts: Mapping[str, str]) -> Agreement:
    """Each row of a group judged by the numbers of the group's others; `verdicts` of the board, by id."""
    colours = [Counter(verdict(row, other.value) for row, other in permutations(rows, 2)) for rows in groups.values()]
    scored = [
        Counter(verdicts[row.id] for row in rows if row.counts and row.id in verdicts) for rows in groups.values()
    ]
    return Agreement(len(groups), sum(c.total() for c in colours) // 2, _shares(colours), _shares(scored))


def _shares(groups: Iterable[Counter[str]]) -> dict[str, float]:
    """In percent, of groups that weigh the same."""
    told = [group for group in groups if group]
    return {v: round(100 * sum(g[v] / g.total() for g in told) / max(len(told), 1), 1) for v in VERDICTS}
