"""The command line: what it prints where, and with which exit code."""

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from proband.cli.front import HELP

QUICK = """
patient: healthy_man
settle: 1 s
protocol: [{hold: 1 s}]
measures: [monitor.mean_arterial.mean, aorta.pressure.max]
"""


def proband(*words, cwd=None, **more):
    return subprocess.run(
        [sys.executable, "-m", "proband.cli", *map(str, words)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=120,
        check=False,
        **more,
    )


@pytest.fixture
def inside(capsys, monkeypatch):
    """The same without a new process."""
    from proband.cli.serving import serve

    def call(*words, cwd=None):
        if cwd is not None:
            monkeypatch.chdir(cwd)
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        capsys.readouterr()
        try:
            code = serve([str(w) for w in words])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, out, err)

    return call


def test_help_names_every_command_and_imports_nothing_heavy():
    from proband.cli.commands import app

    commands = {name for name in app if not name.startswith("-")}
    assert commands == set(re.findall(r"^  ([a-z]+) (?=[A-Z ])", HELP, flags=re.MULTILINE))
    script = "import sys; sys.argv = ['proband', '--help']\nfrom proband.cli import main\nmain()\nprint(sorted({m.partition('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "Usage: proband" in done.stdout
    loaded = done.stdout.splitlines()[-1]
    for heavy in ("numpy", "pydantic", "cyclopts", "rich", "matplotlib", "xarray", "llvmlite"):
        assert f"'{heavy}'" not in loaded


def test_version():
    from proband import __version__

    assert proband("--version").stdout.strip() == __version__


def test_a_run_from_start_to_replay(tmp_path, inside):
    (tmp_path / "quick.yaml").write_text(QUICK)
    done = proband("run", "quick.yaml", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "report: out/report.html" in done.stdout
    again = inside("run", "quick.yaml", "--out", "out", cwd=tmp_path)
    assert again.returncode == 2 and "not empty" in again.stderr
    over = inside("run", "quick.yaml", "--out", "out", "--overwrite", "--json", cwd=tmp_path)
    summary = json.loads(over.stdout)
    assert over.returncode == 0 and summary["status"] == "complete" and "record.json" in summary["files"]
    same = inside("replay", "out", "--json", cwd=tmp_path)
    assert same.returncode == 0 and json.loads(same.stdout)["same"] is True


def test_a_run_goes_to_a_folder_of_its_trials_name(tmp_path, inside):
    (tmp_path / "quick.yaml").write_text(QUICK)
    done = inside("run", "quick.yaml", cwd=tmp_path)
    assert done.returncode == 0 and "report: out/quick/report.html" in done.stdout
    again = inside("run", "quick.yaml", cwd=tmp_path)
    assert again.returncode == 2 and "the folder out/quick is not empty" in again.stderr


@pytest.mark.parametrize(
    ("file", "name"), [("my trial.yaml", "my_trial"), ("试验.yaml", "trial"), ("e-1 é.yaml", "e-1")]
)
def test_a_file_may_have_any_name(file, name, tmp_path, inside):
    place = tmp_path / "a folder, ein Ünding"
    place.mkdir()
    (place / file).write_text(QUICK)
    done = inside("run", place / file, "--out", place / "what came out", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["trial"] == name


REFUSED = {
    "unknown trial": (["run", "lvad_rmap", "--out", "x"], "did you mean lvad_ramp?"),
    "no file": (["run", "nowhere.yaml", "--out", "x"], "no file"),
    "unknown patient": (
        ["run", "bad.yaml", "--out", "x"],
        "bad.yaml:1, patient: there is no patient 'healthy_mann' (did you mean healthy_man?)",
    ),
    "unknown command": (["rnu"], "rnu"),
    "unknown option": (["run", "lvad_ramp", "--uot", "x"], "--uot"),
    "missing option": (["recon", "raw.mrd"], "--out"),
    "unknown list": (["list", "pumps"], "patients"),
    "unknown study": (["validate", "--only", "smith_1978"], "did you mean smith_1987?"),
    "no study named": (["validate", "--only"], "--only wants names"),
    "unknown name": (["show", "heartmat3"], "did you mean heartmate3?"),
    "no record": (["replay", "."], "no record.json"),
    "unknown test": (["test", "pump-curv", "--device", "heartmate3", "--speeds", "5000"], "did you mean pump-curve?"),
    "test of nothing": (["test", "pump-curve", "--speeds", "5000"], "--device"),
    "test at no speed": (["test", "pump-curve", "--device", "heartmate3", "--speeds", "fast"], "no number"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_one_sentence_and_exit_code_2(what, tmp_path, inside):
    words, said = REFUSED[what]
    (tmp_path / "bad.yaml").write_text(
        "patient: healthy_mann\nprotocol: [{hold: 1 s}]\nmeasures: [aorta.pressure.mean]\n"
    )
    done = inside(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["bad.yaml"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device here is always full")
@pytest.mark.parametrize("words", [["--help"], ["list"], ["list", "--json"], ["test", "--help"]])
def test_no_room_for_what_is_printed_is_one_sentence_and_exit_code_3(words):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "proband.cli", *words]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert done.returncode == 3
    assert done.stderr == "proband: the disk is full: there is no room for what is printed.\n"


def test_json_is_one_document_alone_even_when_refused(tmp_path, inside):
    done = inside("run", "lvad_rmap", "--out", "x", "--json", cwd=tmp_path)
    assert done.returncode == 2 and json.loads(done.stdout)["exit"] == 2


@pytest.mark.parametrize(
    "words",
    [
        ["list", "patients"], ["list", "devices"], ["list", "trials"], ["list", "signals"], ["show", "heartmate3"], ["show", "left_ventricle"],
        ["show", "healthy_man"], ["show", "lvad_ramp"], ["schema"],
        ["test", "pump-curve", "--device", "heartmate3", "--speeds", "5000", "--flows", "0,4"],
    ],
)  # fmt: skip
def test_json_is_one_document_alone(words, tmp_path, inside):
    done = inside(*words, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)
    if words[0] != "schema":
        text = inside(*words, cwd=tmp_path)
        assert text.returncode == 0 and text.stdout.strip() and not text.stderr


def test_what_is_printed_on_the_way_never_reaches_the_document(capsys):
    from proband.cli.speaking import speaking

    with speaking(True) as speak:
        print("a library that talks")
        speak.document({"a": 1})
    out, err = capsys.readouterr()
    assert json.loads(out) == {"a": 1} and "talks" in err


def test_a_component_is_shown_with_its_table_equations_and_sources(inside):
    shown = json.loads(inside("show", "left_ventricle", "--json").stdout)
    (component,) = shown["components"]
    assert "gives(" in component["equations"]
    row = next(r for r in component["table"] if r["name"] == "E_max")
    assert row["unit"] == "mmHg/mL" and row["source"]


def test_the_curve_of_a_pump_has_the_flows_that_were_asked_for(inside):
    rows = json.loads(inside("test", "pump-curve", "--device", "heartmate3", "--speeds", "5000,6000", "--json").stdout)
    for speed in (5000, 6000):
        flows = [r["flow_L_min"] for r in rows if r["speed_rpm"] == speed]
        heads = [r["head_mmHg"] for r in rows if r["speed_rpm"] == speed]
        assert flows[0] == 0 and flows[-1] == 12 and max(b - a for a, b in itertools.pairwise(flows)) <= 0.5
        assert all(b < a for a, b in itertools.pairwise(heads))


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_exits_130_and_keeps_what_was_finished(tmp_path):
    (tmp_path / "long.yaml").write_text(QUICK.replace("[{hold: 1 s}]", "[{hold: 5 s}, {hold: 90000 s}]"))
    running = subprocess.Popen(
        [sys.executable, "-m", "proband.cli", "run", "long.yaml", "--out", "out"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".out.unfinished-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(3)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "1 finished step was kept" in said and "Traceback" not in said
    assert json.loads((tmp_path / "out" / "record.json").read_text())["finished_steps"] == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["long.yaml", "out"]


def test_a_trial_in_which_every_patient_fails_exits_4_and_keeps_what_was(tmp_path, inside):
    (tmp_path / "fails.yaml").write_text(
        "patient: healthy_man\nsettle: 1 s\nprotocol: [{hold: 2 s}, {hold: 60 s, bleed: {from: vena_cava_inferior, percent: 50, over: 60 s}},"
        " {hold: 120 s, bleed: {from: aorta, volume: 3500 mL, over: 100 s}}]\nmeasures: [aorta.pressure.mean]\n"
    )
    done = inside("run", "fails.yaml", "--out", "out", cwd=tmp_path)
    assert done.returncode == 4, done.stderr
    assert "patient 1 failed at" in done.stderr and "Traceback" not in done.stderr
    record = json.loads((tmp_path / "out" / "record.json").read_text())
    assert record["status"] == "failed" and record["failures"][0]["part"]
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_command_that_chooses_shows_its_choices(inside):
    told = inside("show", "ventilator").stdout
    assert "one of VC-CMV (0, CMV, A/C-VC, VCV, IPPV), PC-CMV (1, A/C-PC, PCV)" in told
    assert "one of none (0), pressure (1), flow (2)" in told
    shown = json.loads(inside("show", "ventilator", "--json").stdout)
    (breath,) = [c for c in shown["components"] if c["component"] == "breath"]
    modes = next(row["choices"] for row in breath["table"] if row["name"] == "mode")
    assert modes["PSV"] == 5 and modes["ASV"] == 8


def test_every_command_has_examples_and_shows_them(inside):
    from proband.cli.commands import app
    from proband.cli.front import EXAMPLES

    assert set(EXAMPLES) == {name for name in app if not name.startswith("-")}
    for command, examples in EXAMPLES.items():
        done = inside(command, "--help")
        assert done.returncode == 0 and all(line in done.stdout for line in examples)
        assert all(line.startswith(f"proband {command}") for line in examples)


@pytest.mark.parametrize(
    "words",
    [
        ("list", "patients"),
        ("list",),
        ("show", "healthy_man"),
        ("schema",),
        ("test", "pump-curve", "--device", "hvad", "--speeds", "2600"),
        ("run", "--help"),
        ("--version",),
        ("help",),
        ("help", "run"),
        (),
    ],
)
def test_json_may_stand_anywhere(words, inside):
    first, last = inside("--json", *words), inside(*words, "--json")
    assert first.returncode == last.returncode == 0
    assert json.loads(first.stdout) == json.loads(last.stdout)
    if len(words) > 1:
        assert inside(words[0], "--json", *words[1:]).stdout == first.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run",), "run needs TRIAL; write it as in `proband run"),
        (("recon", "raw.mrd"), "recon needs --out"),
        (("run", "tilt_healthy", "--out", "x", "--frob"), "unknown option: --frob"),
        (("run", "tilt", "--out", "x"), "there is no trial 'tilt'"),
        (("replay",), "replay needs FOLDER"),
        (("replay", "nowhere"), "holds no record.json"),
        (("list", "frogs"), "choose from"),
        (("list", "signals", "--of", "frog"), "there is no patient and no trial 'frog'"),
        (("list", "signals", "--of", "lvad_rampp"), "did you mean lvad_ramp?"),
        (("list", "patients", "--of", "hfpef"), "--of says whose signals"),
        (("show",), "show needs NAME"),
        (("show", "hvda"), "did you mean hvad?"),
        (("show", "hvad", "--of", "frog"), "there is no patient and no trial 'frog'"),
        (("show", "copd", "--of", "hfpef"), "hfpef has no part 'copd'"),
        (("show", "lvda", "--of", "lvad_ramp"), "did you mean lvad?"),
        (("run", "lvad_ramp", "--out"), "--out needs a value"),
        (("test", "ventilator", "--speeds", "3"), "takes no --speeds; it takes --device and --json"),
        (("test", "oxygenator", "--speeds", "3"), "takes no --speeds"),
        (("test", "dynamic-loop", "--device", "hvad", "--speeds", "2600", "--flows", "1"), "takes no --flows"),
        (("test", "mr", "--device", "x"), "takes no --device"),
        (("test", "pump-curve", "--device", "ecmo", "--speeds", "2600"), "proband test ecmo-pump"),
        (("test",), "test needs NAME"),
        (("test", "pumpcurve"), "did you mean pump-curve?"),
        (("test", "pump-curve", "--device", "hvad", "--speeds", "26oo"), "no number"),
        (("test", "pump-curve", "--device", "ventilator", "--speeds", "2600"), "'ventilator' is no blood pump"),
        (("test", "dynamic-loop", "--device", "ecmo", "--speeds", "2600"), "'ecmo' is no blood pump"),
        (("test", "pump-curve", "--device", "hvad", "--speeds", "999999"), "outside its range"),
        (("test", "pump-curve", "--device", "hvad", "--speeds", "2600", "--flows", "x"), "--flows 0,2,4"),
        (("validate", "extra"), "validate takes no 'extra'"),
        (("bench", "--fast"), "unknown option: --fast"),
        (("schema", "extra"), "schema takes no 'extra'"),
        (("lst",), "did you mean list?"),
        (("lst", "--help"), "did you mean list?"),
    ],
)
def test_bad_input_is_one_sentence(words, said, inside):
    done = inside(*words)
    assert done.returncode == 2 and done.stdout == ""
    assert said in done.stderr and done.stderr.count("\n") == 1 and done.stderr.startswith("proband: ")
    with_json = inside(*words, "--json")
    assert said in json.loads(with_json.stdout)["error"] and json.loads(with_json.stdout)["exit"] == 2


def test_an_interruption_that_was_swallowed_is_heeded():
    from proband.cli import interruption, speaking

    with pytest.raises(KeyboardInterrupt):
        interruption.stop(signal.SIGINT, None)
    with speaking.bar() as tell, pytest.raises(KeyboardInterrupt):
        tell(None)
    with speaking.bar() as tell:
        tell(None)


@pytest.mark.parametrize("words", [("monitor",), ("lvad", "--of", "lvad_ramp"), ("ecmo", "--of", "va_ecmo_shock")])
def test_what_signals_begin_with_can_be_shown(words, inside):
    shown = json.loads(inside("show", *words, "--json").stdout)
    assert shown["kind"] == "assembly" and len(shown["components"]) > 1
    listed = json.loads(inside("list", "signals", *words[1:], "--json").stdout)
    short = {row["name"].removeprefix(f"{words[0]}.") for row in listed if row["name"].startswith(f"{words[0]}.")}
    assert set(shown["tells"]) & short


def test_a_module_that_is_being_imported_is_finished_before_a_stop(tmp_path, monkeypatch):
    from proband.cli import interruption

    (tmp_path / "interrupted_module.py").write_text("import signal\nsignal.raise_signal(signal.SIGINT)\nwhole = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    interruption.listen()
    try:
        import interrupted_module  # pyright: ignore[reportMissingImports]

        assert interrupted_module.whole
        with pytest.raises(KeyboardInterrupt):
            time.sleep(30)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        interruption._stops.clear()
