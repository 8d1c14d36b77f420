"""The command line. What is asked most, `--help` and `--version`, is answered before anything heavy is imported."""

from __future__ import annotations

import contextlib
import sys

from proband import __version__
from proband.cli.front import HELP


def main() -> None:
    """The `proband` command."""
    words = sys.argv[1:]
    if not words or words in (["--help"], ["-h"], ["help"], ["--version"]):
        with contextlib.suppress(OSError):  # the reader has gone, or the disk is full: what follows says so
            print(__version__ if words == ["--version"] else HELP, flush=True)
            return
    try:
        from proband.cli.interruption import listen

        listen()
        from proband.cli.serving import serve

        code = serve(words)
    except KeyboardInterrupt:  # before a command had begun, or after it had ended
        print("proband: stopped by hand.", file=sys.stderr)
        code = 130
    sys.exit(code)
