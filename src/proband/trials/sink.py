"""Where a trial's results go while it runs. The trial knows only this; the evidence room keeps files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from proband.trials.plan import Plan
    from proband.trials.result import Failed, Happening, Result


@dataclass(frozen=True)
class Batch:
    """The patients of a large cohort that ran together, once they are finished."""

    members: np.ndarray  # from 0
    values: np.ndarray
    met: np.ndarray
    times: np.ndarray
    events: list[Happening]
    failures: list[Failed]


class Sink(Protocol):
    """Called in this order: `open` once, `keep` after every finished step, at the end `close`, also after an interruption; where
    that came while `close` was writing, once more. `leave` instead of it where the run broke off."""

    def open(self, plan: Plan) -> None:
        """The trial is checked and about to run. What cannot be kept is refused here."""

    def keep(self, result: Result, step: int) -> None:
        """Step number `step` is finished for some group of patients; `result` holds all so far."""

    def remember(self, key: str, batch: Batch) -> None:
        """A batch of a cohort is finished; `key` names it, and everything that decides its numbers."""

    def recall(self, key: str) -> Batch | None:
        """A batch that an earlier run finished before it was killed."""

    def close(self, result: Result) -> None:
        """Nothing more will come: `result.status` says why."""

    def leave(self) -> None:
        """The run broke off. What is finished may stay for another run, nothing else."""


class Nowhere:
    """Results stay in memory."""

    def open(self, plan: Plan) -> None:
        pass

    def keep(self, result: Result, step: int) -> None:
        pass

    def remember(self, key: str, batch: Batch) -> None:
        pass

    def recall(self, key: str) -> Batch | None:
        return None

    def close(self, result: Result) -> None:
        pass

    def leave(self) -> None:
        pass
