"""`proband validate`: published numbers beside simulations of the experiments that gave them."""

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from proband.model import ModelError
from proband.trials.runner import Progress

PAGE = Path("out") / "scoreboard.html"


def main(
    json: bool = False,
    page: Path | None = PAGE,
    only: Sequence[str] = (),
    bar: Callable[[], AbstractContextManager[Callable[[Progress], None]]] = lambda: nullcontext(lambda _: None),
) -> int:
    """Run every study, or `only` those (or those rows) that are named. With `json` one document alone on stdout; else a
    table, and the whole board as a page in `out/` too. `bar` shows how far it is.

    Gives 0 once every row has its verdict, whatever the verdicts are; 1 where the board cannot be made. Raises
    ModelError for a name that the board does not have."""
    from proband.evidence.scoring.board import judge, show
    from proband.evidence.scoring.choosing import choose
    from proband.evidence.scoring.page import page as drawn

    choice = choose(only) if only else None
    try:
        with bar() as tell:
            result = judge(tell=tell) if choice is None else choice.judge(tell=tell)
    except ModelError as problem:
        print(problem, file=sys.stderr)
        return 1
    if json:
        print(json_text.dumps(result.data(), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        show(result)
    if page is not None and not json and choice is None:
        try:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(drawn(result), encoding="utf-8")
            print(f"The same as a page: {page}")
        except OSError as problem:
            print(f"The page {page} could not be written: {problem}.", file=sys.stderr)
    return 0
