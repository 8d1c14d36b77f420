"""The commands. Each imports what it needs when it is called."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, CycloptsError, Parameter

from proband import __version__

REFUSED, DISK_FULL, ALL_FAILED, INTERRUPTED, NOT_AS_IT_SHOULD = 2, 3, 4, 130, 1

app = App(name="proband", version=__version__, help="An open virtual test laboratory for medical devices.")
Json = Annotated[
    bool,
    Parameter(name="--json", negative="", help="One JSON document on standard output, all else on standard error."),
]


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


def serve(words: Sequence[str]) -> int:
    """Run one command and return its exit code. Every foreseen problem is one sentence on standard error."""
    _stops.clear()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    as_json = "--json" in words
    words = [w for w in words if w != "--json"]  # it may stand anywhere
    try:
        if not words or {"--help", "-h"} & set(words):
            return _help(words, as_json)
        if words == ["--version"]:
            with speaking(as_json) as speak:
                speak.document({"version": __version__})
                if not as_json:
                    speak.text(__version__)
            return 0
        return _served([*words, "--json"] if as_json and words != ["test"] else words, as_json)
    except KeyboardInterrupt as stop:
        result = getattr(stop, "result", None)
        kept = ""
        if result is not None and hasattr(result, "scans"):
            kept = f"; {result.finished} of {result.batches} scans and the finished shots were kept, --resume goes on with them"
        elif result is not None and result.finished_batches:
            kept = f"; {result.finished_batches} of {result.batches} batches were kept, --resume goes on with them"
        elif result is not None and result.finished:
            kept = f"; {result.finished} finished step{'s were' if result.finished > 1 else ' was'} kept"
        return _sorry(as_json, f"stopped by hand{kept}.", INTERRUPTED)
    except BrokenPipeError:
        # The reader has gone, as `head` does: no fault of ours, and nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


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
        from proband.trials.refusal import Refused

        if isinstance(problem, Refused):
            return _sorry(as_json, str(problem), REFUSED)
        if isinstance(problem, DiskFull):
            return _sorry(as_json, str(problem.strerror), DISK_FULL)
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
        option = missing[1] if missing[1] in ("out", "of") else ""
        said = f"{command} needs {f'--{option}' if option else missing[1].upper()}"
    elif unused:
        said = f"{command} takes no {unused[1]}"
    else:
        said = re.sub(r"\. Did you mean ([^?]+)\?", r" (did you mean \1?)", said.replace(". Choose", "; choose"))
        said = said[0].lower() + said[1:]
    return f"{said}; write it as in `{EXAMPLES[command][0]}`."


_stops: list[int] = []  # signals that asked to stop


def _stop(number: int, _: object) -> None:
    _stops.append(number)
    raise KeyboardInterrupt


def _heeded() -> None:
    """Stop where an interruption was swallowed on its way, as in a callback from compiled code."""
    if _stops:
        _stops.clear()
        raise KeyboardInterrupt


def _sorry(as_json: bool, sentence: str, code: int) -> int:
    print(f"proband: {sentence}", file=sys.stderr)
    if as_json:
        print(json.dumps({"error": sentence, "exit": code}, ensure_ascii=False))
    return code


# run and replay -------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def bar() -> Iterator[Any]:
    """A progress bar on standard error, where a person watches."""
    from proband.trials.runner import Progress

    if not sys.stderr.isatty():
        yield lambda _: _heeded()
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
            _heeded()
            progress.update(task, completed=now.done, total=now.total, description=now.doing)

        yield tell


@app.command
def run(
    trial: str,
    *,
    out: Path,
    overwrite: Annotated[bool, Parameter(negative="")] = False,
    resume: Annotated[bool, Parameter(negative="")] = False,
    as_json: Json = False,
) -> int:
    """Run a trial and keep what came out.

    Parameters
    ----------
    trial
        A YAML file, or the name of a shipped trial (`proband list trials`).
    out
        The folder for the results; it must not exist, or be empty.
    overwrite
        Replace the folder, if it holds an earlier run (a record.json).
    resume
        Go on with what a run of the same trial to this folder had finished when it was stopped or killed. A large
        cohort runs in batches; finished ones are not run again, and the result is the same to the bit.
    """
    with speaking(as_json) as speak:
        from proband.evidence.store import Store
        from proband.trials import load
        from proband.trials import run as run_trial
        from proband.trials.scanning import ScanTrial

        loaded = load(trial)
        if isinstance(loaded, ScanTrial):
            return _scan(loaded, out, overwrite, resume, speak)
        store = Store(out, overwrite, resume=resume)
        with bar() as tell:
            result = run_trial(loaded, sink=store, progress=tell)
        summary = summary_of(result, out)
        speak.document(summary)
        if not as_json:
            _say_summary(summary, result)
        for failure in result.failures[:5]:
            print(f"proband: {failure}", file=sys.stderr)
        if result.status == "failed":
            print("proband: every patient failed; what was recorded until then is kept.", file=sys.stderr)
            return ALL_FAILED
    return 0


def _scan(trial: Any, out: Path, overwrite: bool, resume: bool, speak: Speak) -> int:
    """A trial in the scanner."""
    from proband.cli import scanning

    with bar() as tell:
        result = scanning.run(trial, out, overwrite, resume, tell)
    summary = scanning.summary_of(result, out)
    speak.document(summary)
    if not speak.as_json:
        scanning.say(summary)
    return 0


@app.command
def scan(
    trial: str,
    *,
    out: Path,
    overwrite: Annotated[bool, Parameter(negative="")] = False,
    resume: Annotated[bool, Parameter(negative="")] = False,
    as_json: Json = False,
) -> int:
    """Run a trial in the MR scanner and keep k-space, images, numbers and report: the same as `proband run`.

    Parameters
    ----------
    trial
        A YAML file with `scans`, or the name of a shipped trial (mr_brain_3t_vs_5t, …).
    out
        The folder for the results; it must not exist, or be empty.
    overwrite
        Replace the folder, if it holds an earlier run (a record.json).
    resume
        Go on with the scans and shots that a run to this folder had finished when it was stopped.
    """
    from proband.trials import load
    from proband.trials.refusal import Refused
    from proband.trials.scanning import ScanTrial

    if not isinstance(load(trial), ScanTrial):
        raise Refused(f"the trial {trial!r} has no scans; run it with `proband run {trial} --out {out}`.")
    return run(trial, out=out, overwrite=overwrite, resume=resume, as_json=as_json)


@app.command
def recon(
    file: Path,
    *,
    out: Path,
    method: str = "auto",
    overwrite: Annotated[bool, Parameter(negative="")] = False,
    as_json: Json = False,
) -> int:
    """Make an image of raw data in an MRD file: DICOM, NIfTI and a picture.

    Parameters
    ----------
    file
        ISMRMRD/MRD, as scanners' converters and `proband scan` write it.
    out
        The folder for the image; it must not exist, or be empty.
    method
        fft, homodyne, pocs, grappa, cg-sense, l1-wavelet, tv, low-rank-sparse, gridding; auto: by the sampling.
    overwrite
        Write into a folder that is not empty.
    """
    with speaking(as_json) as speak:
        from proband.cli import scanning

        made = scanning.recon(file, out, method, overwrite)
        speak.document(made)
        if not as_json:
            speak.text("\n".join(f"{k}: {v}" for k, v in made.items()))
    return 0


def summary_of(result: Any, out: Path) -> dict[str, Any]:
    """What `run --json` prints."""
    from proband.evidence.record import _clean

    finite = result.times[~(result.times != result.times)]
    return _clean(
        {
            "trial": result.plan.trial.name,
            "hash": result.plan.trial.hash(),
            "status": result.status,
            "out": str(out),
            "patients": result.plan.patients,
            "failed": len(result.failures),
            "batches": {"of": result.batches, "taken_over": result.taken_over},
            "failures": [str(f) for f in result.failures[:20]],
            "steps": [s.name for s in result.plan.steps],
            "simulated_s": float(finite.max()) if finite.size else 0.0,
            "wall_s": round(result.wall_s, 3),
            "criteria": [vars(v) for v in result.verdicts()],
            "files": sorted(p.name for p in out.iterdir()),
        }
    )


def _say_summary(summary: dict[str, Any], result: Any) -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for v in summary["criteria"]:
        mark = {True: "[green]✓ passed[/]", False: "[red]✗ not passed[/]", None: "○ not measured"}[v["passed"]]
        bound = " and ".join([f"≥ {v['at_least']}"] * bool(v["at_least"]) + [f"≤ {v['at_most']}"] * bool(v["at_most"]))
        number = "–" if v["worst"] is None else f"{v['worst']:.4g} {v['unit'] if v['unit'] != '1' else ''}".strip()
        console.print(f"{mark}  {v['measure']} ({v['step']}): {number}, asked {bound}")
    if result.plan.patients == 1:
        _say_table(result, console)
    console.print(
        f"{summary['simulated_s']:.0f} s simulated for {summary['patients']} patient(s) in {summary['wall_s']:.1f} s; report: {summary['out']}/report.html"
    )


def _say_table(result: Any, console: Any) -> None:
    """Measures by steps, where the window is wide enough."""
    from proband.evidence.figures import said
    from proband.evidence.report import number

    heads = [f"{result.title(m)} ({said(result.unit(m))})".replace(" ()", "") for m in result.measures]
    first = max(len(h) for h in heads)
    width = console.width if sys.stdout.isatty() else 160
    if first + 8 * len(result.plan.steps) > width:
        return
    console.print(f"\n{'step':<{first}}" + "".join(f"{s.number:>8}" for s in result.plan.steps))
    for i, head in enumerate(heads):
        console.print(f"{head:<{first}}" + "".join(f"{number(v):>8}" for v in result.values[0, :, i]), markup=False)
    console.print()


@app.command
def replay(folder: Path, *, as_json: Json = False) -> int:
    """Run the record in a folder again and compare every bit with what the folder holds.

    Parameters
    ----------
    folder
        What `proband run … --out` wrote.
    """
    with speaking(as_json) as speak:
        from proband.evidence.replay import replay as run_again

        with bar() as tell:
            found = run_again(folder, progress=tell)
        speak.document({"same": found.same, "exact": found.exact, "numbers": found.compared, "largest_relative_difference": found.largest,
                        "differences": found.differences, "said": found.sentence()})  # fmt: skip
        if not as_json:
            speak.text(found.sentence())
    return 0 if found.same else NOT_AS_IT_SHOULD


# list, show, schema ---------------------------------------------------------------------------------------------


@app.command(name="list")
def list_(
    what: Literal["all", "patients", "devices", "trials", "signals", "phantoms", "scanners", "sequences"] = "all",
    *,
    of: str = "",
    as_json: Json = False,
) -> None:
    """List patients, devices, trials or signals; phantoms, scanners or sequences of the MR system.

    Parameters
    ----------
    what
        patients, devices, trials, signals, phantoms, scanners or sequences; left out, the first three.
    of
        For signals: the patient or trial whose signals they are; left out, the first patient.
    """
    with speaking(as_json) as speak:
        from proband.cli import looking
        from proband.trials.refusal import Refused

        if of and what != "signals":
            raise Refused(f"--of says whose signals to list; write it as in `proband list signals --of {of}`.")
        rooms = {"patients": looking.patients, "devices": looking.devices, "trials": looking.trials}
        if what == "all":
            found = {name: room() for name, room in rooms.items()}
            speak.document(found)
        else:
            if what in ("phantoms", "scanners", "sequences"):
                from proband.cli import scanning

                rooms |= {what: getattr(scanning, what)}
            found = {what: rooms[what]() if what in rooms else looking.signals(of)}
            speak.document(found[what])
        if as_json:
            return
        for room, rows in found.items():
            if what == "all":
                speak.text(("" if room == "patients" else "\n") + room.capitalize())
            width = min(44, max((len(r["name"]) for r in rows), default=0))
            for row in rows:
                unit = f"{row['unit']:<12}" if "unit" in row else ""
                speak.text(f"{'  ' * (what == 'all')}{row['name']:<{width}}  {unit}{row['meaning']}".rstrip())


@app.command
def show(name: str, *, of: str = "", as_json: Json = False) -> None:
    """Show a patient, device, part or trial: its table, equations and sources.

    Parameters
    ----------
    name
        As `proband list` has it, or a part such as left_ventricle.
    of
        For a part: the patient whose part it is; left out, the first that has it.
    """
    with speaking(as_json) as speak:
        from proband.cli import looking

        shown = looking.show(name, of)
        speak.document(shown)
        if not as_json:
            speak.text(looking.as_text(shown))


@app.command
def schema(*, as_json: Json = False) -> None:
    """Print the JSON Schema of a trial, for editors."""
    from proband.trials import schema as trial_schema

    print(json.dumps(trial_schema(), indent=2, ensure_ascii=False))


# what other rooms do --------------------------------------------------------------------------------------------


@app.command
def test(
    name: str,
    *arguments: Annotated[str, Parameter(allow_leading_hyphen=True)],
) -> int:
    """Run a type test on a bench: `proband test pump-curve --device heartmate3 --speeds 5000,6000`.

    Parameters
    ----------
    name
        Name of the test.
    arguments
        What the test asks for; `proband test NAME --help` tells.
    """
    with speaking("--json" in arguments) as speak:
        from proband.cli import benches

        return benches.test(name, list(arguments), speak)


@app.command
def bench(what: Literal["heart", "breath", "mr"] = "heart", /, *, as_json: Json = False) -> int:
    """Measure how fast the laboratory is on this machine.

    Parameters
    ----------
    what
        heart: a failing heart with a blood pump. breath: lungs, gases and a ventilator. mr: the MR system.
    """
    if what == "mr":
        return _delegated("proband.evidence.benchmark_mr", as_json)
    return _delegated("proband.evidence.benchmark", as_json, what=what)


@app.command
def validate(*, as_json: Json = False) -> int:
    """Reproduce published numbers and show how many come out."""
    return _delegated("proband.evidence.scoreboard", as_json)


def _delegated(module: str, as_json: bool, **options: Any) -> int:
    from importlib import import_module
    from importlib.util import find_spec

    from proband.trials.refusal import Refused

    if find_spec(module) is None:
        raise Refused(f"{module} is not part of this installation.")
    main = import_module(module).main
    if not as_json:
        return int(main(json=False, **options) or 0)
    # The document alone goes to standard output, and only whole; what else is printed there goes elsewhere.
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = main(json=True, **options)
    text = printed.getvalue()
    start = min((i for i in (text.find("{"), text.find("[")) if i >= 0), default=len(text))
    sys.stderr.write(text[:start])
    if start < len(text):
        Speak(True).document(json.loads(text[start:]))
    return int(code or 0)
