"""A part of the board by name: what somebody who changes one organ wants to see at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from proband.evidence.scoring.board import Board, judge
from proband.evidence.scoring.published import published
from proband.evidence.scoring.study import Study, studies
from proband.model import ModelError, did_you_mean
from proband.trials.runner import Progress


@dataclass(frozen=True)
class Choice:
    """The studies that must be simulated, and the rows that were asked for."""

    studies: tuple[Study, ...]
    rows: frozenset[str]

    def judge(self, threads: int | None = None, tell: Callable[[Progress], None] = lambda _: None) -> Board:
        """Simulate these studies, each as it would be on the whole board; other rows of theirs are left out."""
        whole = judge(self.studies, threads, tell)
        scored = tuple(s for s in whole.scored if s.row.id in self.rows)
        return Board(scored, whole.cohorts, of=sum(row.counts for row in published()))


def choose(names: Iterable[str]) -> Choice:
    """Studies and single rows by name. Raises ModelError for a name that is neither."""
    rows = published()
    known = {study.name: study for study in studies()}
    by_id = {row.id: row for row in rows}
    wanted: set[str] = set()
    for name in names:
        if name in known:
            wanted |= {row.id for row in rows if row.study == name}
        elif name in by_id:
            wanted.add(name)
        else:
            raise ModelError(f"{name!r} is no study and no row of the board{did_you_mean(name, [*known, *by_id])}.")
    needed = {by_id[row].study for row in wanted}
    return Choice(tuple(study for name, study in known.items() if name in needed), frozenset(wanted))
