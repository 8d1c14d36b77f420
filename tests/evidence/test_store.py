"""The folder that a trial leaves: what is in it, and that it appears whole or not at all."""

import csv
import errno
import json
import shutil

import numpy as np
import pytest
import xarray

from proband.evidence import files as room
from proband.evidence.store import DiskFull, Store
from proband.trials import Refused, loads, run


@pytest.fixture(scope="module")
def kept(library, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept") / "small"
    from_text = _text()
    result = run(loads(from_text, "small.yaml"), library=library, sink=Store(folder))
    return folder, result


def _text():
    import importlib.util
    from pathlib import Path

    spec = importlib.util.spec_from_file_location("small_text", Path(__file__).parents[1] / "trials" / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.TRIAL


def test_everything_is_there(kept):
    folder, _ = kept
    assert {p.name for p in folder.iterdir()} == {
        "record.json",
        "measures.csv",
        "measures.zarr",
        "events.csv",
        "traces.zarr",
        "report.html",
    }


def test_the_csv_holds_every_measure_to_the_last_digit(kept):
    folder, result = kept
    with open(folder / "measures.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["patient", "step", "measure", "value", "unit"]
    assert len(rows) == result.values.size
    for row in rows:
        value = result.of(row["measure"])[int(row["patient"]) - 1, int(row["step"]) - 1]
        assert float(row["value"]) == value
    assert {r["unit"] for r in rows if r["measure"] == "lvad.flow.mean"} == {"L/min"}


def test_the_measures_open_with_names_units_and_steps(kept):
    folder, result = kept
    with xarray.open_zarr(folder / "measures.zarr") as data:
        assert data["value"].dims == ("patient", "step", "measure")
        assert np.array_equal(data["value"].values, result.values)
        assert data["value"].sel(step=3, measure="lvad.flow.mean").values == result.of("lvad.flow.mean")[:, 2]
        assert [str(u) for u in data["unit"].values] == ["L/min", "mmHg", "rpm", "mL"]
        assert str(data["step_name"].values[1]) == "ramp 3200 rpm"


def test_the_traces_open_with_units_and_meanings(kept):
    folder, result = kept
    with xarray.open_zarr(folder / "traces.zarr") as data:
        assert data["artery.pressure"].dims == ("patient", "time")
        assert data["artery.pressure"].attrs == {"units": "mmHg", "long_name": "pressure in the compartment"}
        assert data["lvad.flow"].attrs["units"] == "L/min"
        third = result.traces[2]
        assert np.array_equal(data["lvad.flow"].values[0][data["step"].values == 3], third.signals["lvad.flow"][0])


def test_the_events_have_part_and_priority(kept):
    folder, _ = kept
    with open(folder / "events.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["patient", "time_s", "part", "event", "priority"]
    assert rows[-1] == {"patient": "1", "time_s": "41.14", "part": "lvad.box", "event": "low_flow", "priority": "high"}


def test_the_record_says_what_is_needed_to_run_it_again(kept):
    folder, result = kept
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    assert record["trial_hash"] == result.plan.trial.hash()
    assert record["engines"][0]["program_hash"]
    assert {"proband", "python", "numpy", "llvmlite"} <= set(record["versions"])
    rows = {r["name"]: r for r in record["groups"][0]["parameters"]}
    assert (
        rows["artery.C"]["value"] == pytest.approx(1.5)
        and rows["artery.C"]["unit"] == "mL/mmHg"
        and rows["artery.C"]["source"] == "assumed: as a test needs it"
    )
    assert all(r["source"] for r in rows.values() if r["kind"] == "param")
    assert record["verdicts"][0]["passed"] is True


def test_a_folder_that_is_not_empty_is_not_touched(kept, tmp_path):
    folder, _ = kept
    with pytest.raises(Refused, match="not empty"):
        Store(folder)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mine.txt").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(Refused, match="letters"):
            Store(tmp_path / "letters", overwrite)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Refused, match="is a file"):
        Store(tmp_path / "file", True)
    assert (tmp_path / "letters" / "mine.txt").read_text() == "mine"


def test_an_empty_folder_and_missing_parents_are_fine(library, text, tmp_path):
    (tmp_path / "empty").mkdir()
    for out in (tmp_path / "empty", tmp_path / "a" / "b" / "c"):
        run(loads(text, "small.yaml"), library=library, sink=Store(out, report=False))
        assert (out / "record.json").is_file()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_overwriting_replaces_the_whole_folder(library, text, tmp_path):
    out = tmp_path / "run"
    run(loads(text, "small.yaml"), library=library, sink=Store(out, report=False))
    (out / "stray.txt").write_text("of the earlier run")
    run(loads(text.replace("3200", "3000"), "small.yaml"), library=library, sink=Store(out, True, report=False))
    assert not (out / "stray.txt").exists()
    assert (
        "from: 3000 rpm" not in (out / "record.json").read_text() and '"3000 rpm"' in (out / "record.json").read_text()
    )
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("where", ["events.csv", "measures.zarr", "record.json"])
def test_a_full_disk_leaves_earlier_results_whole(library, text, tmp_path, monkeypatch, where):
    out = tmp_path / "run"
    run(loads(text, "small.yaml"), library=library, sink=Store(out, report=False))
    before = {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    for name in ("write_text", "_zarr"):
        _full(monkeypatch, name, where)
    with pytest.raises(DiskFull, match="disk is full"):
        run(loads(text.replace("3200", "3000"), "small.yaml"), library=library, sink=Store(out, True, report=False))
    assert {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def _full(monkeypatch, name, where):
    usual = getattr(room, name)

    def written(*arguments):
        if any(getattr(a, "name", "") == where for a in arguments):
            raise OSError(errno.ENOSPC, "No space left on device")
        usual(*arguments)

    monkeypatch.setattr(room, name, written)


def test_where_nothing_can_be_written_is_said_in_one_sentence(library, text, tmp_path, monkeypatch):
    def read_only(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("proband.evidence.store.write", read_only)
    with pytest.raises(Refused, match=r"cannot be written in .* \(Read-only file system\); choose another folder"):
        run(loads(text, "small.yaml"), library=library, sink=Store(tmp_path / "run"))
    assert not list(tmp_path.iterdir())


def test_stopping_by_hand_keeps_the_finished_steps(library, text, tmp_path):
    out = tmp_path / "run"

    def impatient(now):
        if now.doing.startswith("step 3"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stop:
        run(loads(text, "small.yaml"), library=library, sink=Store(out, report=False), progress=impatient)
    assert stop.value.result.finished == 2
    record = json.loads((out / "record.json").read_text())
    assert record["status"] == "interrupted" and record["finished_steps"] == 2
    with xarray.open_zarr(out / "measures.zarr") as data:
        assert np.isfinite(data["value"].values[0, :2]).all() and np.isnan(data["value"].values[0, 2:]).all()
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_stopped_by_hand_while_a_step_is_written_it_is_written_again(library, text, tmp_path, monkeypatch):
    from proband.evidence import store

    usual, stops = store.write, [KeyboardInterrupt]

    def written(*arguments):
        if stops:
            raise stops.pop()
        usual(*arguments)

    monkeypatch.setattr(store, "CHECKPOINT_S", 0.0)
    monkeypatch.setattr(store, "write", written)
    with pytest.raises(KeyboardInterrupt) as stop:
        run(loads(text, "small.yaml"), library=library, sink=Store(tmp_path / "run", report=False))
    record = json.loads((tmp_path / "run" / "record.json").read_text())
    assert record["status"] == "interrupted" and record["finished_steps"] == stop.value.result.finished >= 1
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("where", ["write", "shutil.rmtree"])
def test_stopped_by_hand_as_the_last_is_written_nothing_is_lost(library, text, tmp_path, monkeypatch, where):
    """Before the folder has its name, and a moment after it got it."""
    from proband.evidence import store

    out = tmp_path / "run"
    run(loads(text, "small.yaml"), library=library, sink=Store(out, report=False))
    again = Store(out, overwrite=True, report=False)
    stops, usual = [KeyboardInterrupt], store.write if where == "write" else shutil.rmtree

    def impatient(*arguments, **more):
        if stops and (where == "write" or arguments[0] == again.old):
            raise stops.pop()
        usual(*arguments, **more)

    monkeypatch.setattr(f"proband.evidence.store.{where}", impatient)
    with pytest.raises(KeyboardInterrupt) as stop:
        run(loads(text.replace("3200", "3000"), "small.yaml"), library=library, sink=again)
    record = json.loads((out / "record.json").read_text())
    found = stop.value.result
    assert not stops and record["finished_steps"] == found.finished == len(found.plan.steps)
    with xarray.open_zarr(out / "measures.zarr") as data:
        assert np.array_equal(data["value"].values, found.values)
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_stopped_twice_it_lets_go_and_the_earlier_run_stays(library, text, tmp_path, monkeypatch):
    from proband.evidence import store

    def stopped(*_):
        raise KeyboardInterrupt

    out = tmp_path / "run"
    run(loads(text, "small.yaml"), library=library, sink=Store(out, report=False))
    before = (out / "record.json").read_bytes()
    monkeypatch.setattr(store, "write", stopped)
    with pytest.raises(KeyboardInterrupt):
        run(loads(text, "small.yaml"), library=library, sink=Store(out, True, report=False))
    assert (out / "record.json").read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_run_that_breaks_off_leaves_nothing(library, text, tmp_path):
    def broken(now):
        if now.doing.startswith("step 3"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        run(loads(text, "small.yaml"), library=library, sink=Store(tmp_path / "run"), progress=broken)
    assert not list(tmp_path.iterdir())


def test_a_refused_trial_leaves_nothing(library, text, tmp_path):
    with pytest.raises(Refused):
        run(
            loads(text.replace("patient: plain", "patient: plane"), "small.yaml"),
            library=library,
            sink=Store(tmp_path / "run"),
        )
    assert not list(tmp_path.iterdir())


def test_a_large_cohort_has_no_csv(library, text, tmp_path, monkeypatch):
    monkeypatch.setattr(room, "CSV_PATIENTS", 2)
    many = text.replace("patient: plain", "patient: {of: plain, n: 3, spread: {artery.C: {sd: 10 %}}}")
    run(loads(many, "small.yaml"), library=library, sink=Store(tmp_path / "run", report=False))
    assert not (tmp_path / "run" / "measures.csv").exists()
    with xarray.open_zarr(tmp_path / "run" / "measures.zarr") as data:
        assert data["artery.C"].attrs["units"] == "mL/mmHg" and len(np.unique(data["artery.C"].values)) == 3


def test_every_value_that_ran_has_its_own_source(library, tmp_path):
    text = _text().replace("patient: plain", "patient: plain\nvalues: {artery.C: 2 mL/mmHg}")
    result = run(loads(text, "small.yaml"), library=library, sink=Store(tmp_path / "out", report=False))
    record = json.loads((tmp_path / "out" / "record.json").read_text())
    rows = {r["name"]: r for r in record["groups"][0]["parameters"]}
    assert (rows["artery.C"]["source"], rows["artery.C"]["set_by"]) == ("set by this trial", "trial")
    assert rows["artery.V_0"]["source"] == "assumed: a test" and rows["artery.V_0"]["set_by"] == "table"
    assert rows["vein.C"]["source"] == "assumed: as a test needs it" and rows["vein.C"]["set_by"] == "body"
    assert result.status == "complete"


def test_the_record_of_a_shipped_patient_knows_where_each_number_is_from():
    from proband.evidence.record import parameters
    from proband.trials import load, prepare

    plan = prepare(load("lvad_ramp"))
    rows = [r for g in plan.groups for r in parameters(g, None)]
    assert [r["name"] for r in rows if r["kind"] == "param" and not r["source"].strip()] == []
    mixed = prepare(loads(MIXED, "mixed.yaml"))
    both = {r["name"]: r for r in parameters(mixed.groups[0], None)}["left_ventricle.E_max"]
    assert both["source"].startswith("fitted: ") and both["source"].endswith("; brought to each person's size")


MIXED = """
patient: [healthy_man, healthy_woman]
settle: 1 s
protocol: [{hold: 1 s}]
measures: [aorta.pressure.mean]
"""
