"""The commands. Each imports what it needs when it is called."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from proband import __version__
from proband.cli.speaking import Speak, bar, speaking

ALL_FAILED, NOT_AS_IT_SHOULD = 4, 1

app = App(
    name="proband",
    version=__version__,
    help="An open virtual test laboratory for medical devices.",
    default_parameter=Parameter(show_default=False),
)
Json = Annotated[
    bool,
    Parameter(name="--json", negative="", help="One JSON document on standard output, all else on standard error."),
]
Out = Annotated[
    Path | None,
    Parameter(help="The folder for the results; it must not exist, or be empty. Left out: out/TRIAL."),
]
Overwrite = Annotated[
    bool, Parameter(negative="", help="Replace the folder, if it holds an earlier run (a record.json).")
]
Resume = Annotated[
    bool,
    Parameter(
        negative="",
        help="Go on with what a run of the same trial to this folder had finished when it was stopped or killed: batches of a "
        "large cohort, scans and shots. Nothing finished runs again, and the result is the same to the bit.",
    ),
]


@app.command
def run(
    trial: Annotated[str, Parameter(help="A YAML file, or the name of a shipped trial (`proband list trials`).")],
    *,
    out: Out = None,
    overwrite: Overwrite = False,
    resume: Resume = False,
    as_json: Json = False,
) -> int:
    """Run a trial and keep what came out."""
    place = out or Path("out") / Path(trial).stem
    with speaking(as_json) as speak:
        from proband.cli.summaries import say_summary, summary_of
        from proband.evidence.store import Store
        from proband.trials import load
        from proband.trials import run as run_trial
        from proband.trials.scanning import ScanTrial

        loaded = load(trial)
        if isinstance(loaded, ScanTrial):
            return _scan(loaded, place, overwrite, resume, speak)
        store = Store(place, overwrite, resume=resume)
        with bar() as tell:
            result = run_trial(loaded, sink=store, progress=tell)
        summary = summary_of(result, place)
        speak.document(summary)
        if not as_json:
            say_summary(summary, result)
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
    trial: Annotated[str, Parameter(help="A YAML file with `scans`, or a shipped trial (mr_brain_3t_vs_5t, …).")],
    *,
    out: Out = None,
    overwrite: Overwrite = False,
    resume: Resume = False,
    as_json: Json = False,
) -> int:
    """Run a trial in the MR scanner and keep k-space, images, numbers and report: the same as `proband run`."""
    from proband.trials import load
    from proband.trials.refusal import Refused
    from proband.trials.scanning import ScanTrial

    if not isinstance(load(trial), ScanTrial):
        raise Refused(f"the trial {trial!r} has no scans; run it with `proband run {trial}`.")
    return run(trial, out=out, overwrite=overwrite, resume=resume, as_json=as_json)


@app.command
def recon(
    file: Path,
    *,
    out: Path,
    method: str = "auto",
    option: list[str] | None = None,
    maps: Path | None = None,
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
    option
        Of the method, as in regularisation=0.004 or iterations=60; may stand several times.
    maps
        Coil maps, where the centre of k-space is too small to estimate them: coils.nii.gz of a scan, or the MRD file of another
        scan of the same slices by the same coils.
    overwrite
        Write into a folder that is not empty.
    """
    with speaking(as_json) as speak:
        from proband.cli import scanning

        made = scanning.recon(file, out, method, overwrite, maps, option or [])
        speak.document(made)
        if not as_json:
            speak.text("\n".join(f"{k}: {v}" for k, v in made.items()))
    return 0


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
    what: Literal[
        "all", "patients", "hearts", "devices", "trials", "signals", "phantoms", "scanners", "sequences"
    ] = "all",
    *,
    of: str = "",
    as_json: Json = False,
) -> None:
    """List patients, rhythms and valves of their hearts, devices, trials or signals; phantoms, scanners or sequences of the MR system.

    Parameters
    ----------
    what
        patients, hearts, devices, trials, signals, phantoms, scanners or sequences; left out, the first four.
    of
        For signals: the patient or trial whose signals they are; left out, healthy_man.
    """
    with speaking(as_json) as speak:
        from proband.cli import looking
        from proband.trials.refusal import Refused

        if of and what != "signals":
            raise Refused(f"--of says whose signals to list; write it as in `proband list signals --of {of}`.")
        rooms = {
            "patients": looking.patients,
            "hearts": looking.hearts,
            "devices": looking.devices,
            "trials": looking.trials,
        }
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
        For a part: the patient or trial whose part it is; left out, healthy_man, or breathing_man where he has none such.
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
def validate(
    *,
    only: Annotated[tuple[str, ...] | None, Parameter(consume_multiple=True, negative="")] = None,
    as_json: Json = False,
) -> int:
    """Reproduce published numbers and show how many come out.

    Parameters
    ----------
    only
        Studies or single rows by name; the percentages are then of what ran.
    """
    if only == ():
        from proband.trials.refusal import Refused

        raise Refused(
            "--only wants names of studies or rows; write it as in `proband validate --only smith_1987 leonetti-sv`."
        )
    return _delegated("proband.evidence.scoreboard", as_json, only=only or (), bar=bar)


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
