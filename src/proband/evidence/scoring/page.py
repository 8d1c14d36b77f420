"""The board as a page that stands alone: no script, no address, by day and by night."""

from __future__ import annotations

from proband.evidence.pages import page as drawn
from proband.evidence.record import NOTICE
from proband.evidence.scoring.board import Board, counted, rows_of, shown
from proband.evidence.scoring.misses import REASONS
from proband.evidence.scoring.published import ROLES
from proband.evidence.scoring.rules import VERDICTS


def page(result: Board) -> str:
    """HTML."""
    tally = result.tally()
    context = {
        "total": sum(tally.values()), "counted": counted(result), "share": {v: result.share(v) for v in VERDICTS}, "verdicts": VERDICTS, "cohorts": result.cohorts,
        "signs": sum(s.row.is_direction for s in result.scored if s.row.counts), "studies": rows_of(result.scored), "shown": shown, "notice": NOTICE,
        "agreement": result.agreement, "reasons": result.reasons, "named": REASONS,
        "wings": {wing: (sum(part.tally().values()), counted(part)) for wing, part in result.wings.items()},
        "others": [(sum(result.tally(r).values()), r) for r in ROLES if r != "validation"],
    }  # fmt: skip
    return drawn("scoreboard.html.j2", context)
