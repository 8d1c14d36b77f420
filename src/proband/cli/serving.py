"""Runs one command: reads its words, answers for help, and makes one sentence and an exit code of every foreseen problem."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import re
import sys
from collections.abc import Sequence

from cyclopts import CycloptsError

from proband import __version__
from proband.cli.commands import app
from proband.cli.interruption import listen
from proband.cli.speaking import speaking

REFUSED, DISK_FULL, INTERRUPTED = 2, 3, 130


def serve(words: Sequence[str]) -> int:
    """Run one command and return its exit code. Every foreseen problem is one sentence on standard error."""
    listen()
    as_json = "--json" in words
    words = [w for w in words if w != "--json"]  # it may stand anywhere
    try:
        if not words or words[0] == "help" or {"--help", "-h"} & set(words):
            return _help(words[words[:1] == ["help"] :], as_json)
        if words == ["--version"]:
            with speaking(as_json) as speak:
                speak.document({"version": __version__})
                if not as_json:
                    speak.text(__version__)
            return 0
        code = _served([*words, "--json"] if as_json and words != ["test"] else words, as_json)
        sys.stdout.flush()  # so that what cannot be written is known here
        return code
    except KeyboardInterrupt as stop:
        result = getattr(stop, "result", None)
        kept = ""
        if result is not None and not getattr(result, "kept", True):
            kept = "; no shot was finished yet, so nothing was kept"
        elif result is not None and hasattr(result, "scans"):
            kept = f"; {result.finished} of {result.batches} scans and the finished shots were kept, --resume goes on with them"
        elif result is not None and result.finished_batches:
            kept = f"; {result.finished_batches} of {result.batches} batches were kept, --resume goes on with them"
        elif result is not None and result.finished:
            kept = f"; {result.finished} finished step{'s were' if result.finished > 1 else ' was'} kept"
        return _sorry(as_json, f"stopped by hand{kept}.", INTERRUPTED)
    except BrokenPipeError:
        # The reader has gone, as `head` does: no fault of ours, and nobody to tell.
        _say_no_more()
        return 0
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        _say_no_more()
        return _sorry(False, "the disk is full: there is no room for what is printed.", DISK_FULL)


def _say_no_more() -> None:
    """Standard output takes no more; what Python still holds for it is let go, and no second error comes as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _help(words: Sequence[str], as_json: bool) -> int:
    """What a command is for, its options and examples."""
    from proband.cli.front import EXAMPLES, HELP, example

    command = next((w for w in words if not w.startswith("-")), "")
    if command and command not in EXAMPLES:
        return _sorry(as_json, f"there is no command {command!r}{_near(command)}; see `proband --help`.", REFUSED)
    with speaking(as_json) as speak:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            if not command:
                print(HELP)
            else:
                if command == "test":
                    from proband.cli import benches

                    print(benches.HELP)
                else:
                    app.help_print([command])
                print(example(command))
        speak.document({"command": command, "help": said.getvalue()})
        if not as_json:
            speak.text(said.getvalue().rstrip())
    return 0


def _near(command: str) -> str:
    from proband.cli.front import EXAMPLES
    from proband.model import did_you_mean

    return did_you_mean(command, EXAMPLES)


def _served(words: Sequence[str], as_json: bool) -> int:
    try:
        command, bound, _ = app.parse_args(list(words), exit_on_error=False, print_error=False)
    except CycloptsError as problem:
        return _sorry(as_json, _misread(problem, words), REFUSED)
    from proband.model import ModelError
    from proband.units import UnitError

    try:
        return int(command(*bound.args, **bound.kwargs) or 0)
    except (ModelError, UnitError) as problem:
        return _sorry(as_json, str(problem), REFUSED)
    except Exception as problem:
        from proband.evidence.store import DiskFull
        from proband.trials.extras import EXTRA, missing_extra
        from proband.trials.refusal import Refused

        if isinstance(problem, Refused):
            return _sorry(as_json, str(problem), REFUSED)
        if isinstance(problem, DiskFull):
            return _sorry(as_json, str(problem.strerror), DISK_FULL)
        if isinstance(problem, ModuleNotFoundError) and problem.name in EXTRA:
            return _sorry(as_json, str(missing_extra(problem.name)), REFUSED)
        raise


def _misread(problem: CycloptsError, words: Sequence[str]) -> str:
    """One sentence for a command that cannot be read."""
    from proband.cli.front import EXAMPLES

    command = words[0]
    if command not in EXAMPLES:
        return f"there is no command {command!r}{_near(command)}; there are {', '.join(EXAMPLES)}."
    said = " ".join(str(problem).split()).rstrip(".")
    missing = re.search(r'parameter "?--(\w+)"? requires an argument', said)
    unused = re.search(r"Unused Tokens: \[(.+)\]", said)
    known = {name for argument in app[command].assemble_argument_collection() for name in argument.names}
    unknown = [w.partition("=")[0] for w in words if w.startswith("--") and w.partition("=")[0] not in known]
    if missing and unknown and command != "test":
        from proband.model import did_you_mean

        said = f"unknown option: {unknown[0]}{did_you_mean(unknown[0], known)}"
    elif missing:
        option = f"--{missing[1]}" if missing[1] in ("out", "of") else ""
        said = f"{option} needs a value" if option in words else f"{command} needs {option or missing[1].upper()}"
    elif unused:
        said = f"{command} takes no {unused[1]}"
    else:
        said = re.sub(r"\. Did you mean ([^?]+)\?", r" (did you mean \1?)", said.replace(". Choose", "; choose"))
        said = said[0].lower() + said[1:]
    return f"{said}; write it as in `{EXAMPLES[command][0]}`."


def _sorry(as_json: bool, sentence: str, code: int) -> int:
    print(f"proband: {sentence}", file=sys.stderr)
    if as_json:
        print(json.dumps({"error": sentence, "exit": code}, ensure_ascii=False))
    return code
