"""The command line. What is asked most, `--help` and `--version`, is answered before anything heavy is imported."""

from __future__ import annotations

import sys

from proband import __version__
from proband.cli.front import HELP


def main() -> None:
    """The `proband` command."""
    words = sys.argv[1:]
    if not words or words in (["--help"], ["-h"], ["help"]):
        print(HELP)
        return
    if words == ["--version"]:
        print(__version__)
        return
    from proband.cli.commands import serve

    sys.exit(serve(words))
