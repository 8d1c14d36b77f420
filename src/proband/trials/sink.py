"""Where a trial's results go while it runs. The trial knows only this; the evidence room keeps files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from proband.trials.plan import Plan
    from proband.trials.result import Result


class Sink(Protocol):
    """Called in this order: `open` once, `keep` after every finished step, `close` once, also after an interruption."""

    def open(self, plan: Plan) -> None:
        """The trial is checked and about to run. What cannot be kept is refused here."""

    def keep(self, result: Result, step: int) -> None:
        """Step number `step` is finished for some group of patients; `result` holds all so far."""

    def close(self, result: Result) -> None:
        """Nothing more will come: `result.status` says why."""


class Nowhere:
    """Results stay in memory."""

    def open(self, plan: Plan) -> None:
        pass

    def keep(self, result: Result, step: int) -> None:
        pass

    def close(self, result: Result) -> None:
        pass
