"""What a command says: text for people, one JSON document for machines, a progress bar where a person watches."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from typing import Any

from proband.cli.interruption import heed


class Speak:
    """What a command says: text for people, or one document for machines."""

    def __init__(self, as_json: bool):
        self.as_json = as_json
        self.out = sys.stdout

    def text(self, words: str) -> None:
        print(words, file=sys.stderr if self.as_json else sys.stdout)

    def document(self, thing: Any) -> None:
        if self.as_json:
            print(json.dumps(thing, ensure_ascii=False, indent=1, allow_nan=False), file=self.out, flush=True)


@contextlib.contextmanager
def speaking(as_json: bool) -> Iterator[Speak]:
    """With --json whatever prints to standard output, wherever it is, goes to standard error instead."""
    speak = Speak(as_json)
    if as_json:
        with contextlib.redirect_stdout(sys.stderr):
            yield speak
    else:
        yield speak


@contextlib.contextmanager
def bar() -> Iterator[Any]:
    """A progress bar on standard error, where a person watches."""
    from proband.trials.runner import Progress

    if not sys.stderr.isatty():
        yield lambda _: heed()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("preparing", total=None)

        def tell(now: Progress) -> None:
            heed()
            progress.update(task, completed=now.done, total=now.total, description=now.doing)

        yield tell
