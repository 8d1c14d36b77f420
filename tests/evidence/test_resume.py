"""A cohort that was stopped or killed goes on from its last finished batch, to the same bits."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from proband.evidence.store import Store
from proband.trials import Refused, load, loads, run, runner

COHORT = (
    "patient: {of: plain, n: 20, spread: {artery.C: {sd: 20 %}}}\nattach:\n  lvad: {device: small_pump, from: vein, to: artery}\nsettle: 1 s\n"
    "protocol: [{hold: 2 s}, {set: {lvad.speed: 3500 rpm}, hold: 2 s}]\nmeasures: [lvad.flow.mean, artery.pressure.mean]\n"
)


class Killed(BaseException):
    """As abrupt as a kill: nothing is tidied up."""


class Counting(Store):
    begun = 0

    def recall(self, key):
        kept = super().recall(key)
        self.begun += kept is None
        return kept


def stopped_after(patient, how, out, library):
    """A run that ends abruptly once the batch up to this patient is kept."""
    store = Counting(out, report=False)
    usual = store.remember

    def remember(key, batch):
        usual(key, batch)
        if batch.members[-1] == patient:
            raise how

    store.remember = remember
    with pytest.raises(how):
        run(loads(COHORT, "c.yaml"), library=library, sink=store)
    return store


@pytest.fixture
def dead_pid():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_finished_batches_are_taken_over(library, tmp_path, monkeypatch, dead_pid):
    monkeypatch.setattr(runner, "BATCH", 5)
    whole = run(loads(COHORT, "c.yaml"), library=library)
    first = stopped_after(9, Killed, tmp_path / "out", library)
    first.temporary.rename(first.temporary.with_name(f".out.unfinished-{dead_pid}"))
    second = Counting(tmp_path / "out", report=False, resume=True)
    result = run(loads(COHORT, "c.yaml"), library=library, sink=second)
    assert first.begun == 2 and second.begun == 2
    assert np.array_equal(result.values, whole.values)
    assert sorted(map(str, result.events)) == sorted(map(str, whole.events))
    assert (result.batches, result.taken_over, whole.taken_over) == (4, 2, 0)
    assert result.finished == 2 and result.status == "complete"
    assert [p.name for p in tmp_path.iterdir()] == ["out"] and not (tmp_path / "out" / "batches").exists()


def test_a_batch_of_another_trial_is_not_taken(library, tmp_path, monkeypatch, dead_pid):
    monkeypatch.setattr(runner, "BATCH", 5)
    first = Counting(tmp_path / "out", report=False)
    usual = first.remember

    def remember(key, batch):
        usual(key, batch)
        raise Killed

    first.remember = remember
    with pytest.raises(Killed):
        run(loads(COHORT, "c.yaml"), library=library, sink=first)
    first.temporary.rename(first.temporary.with_name(f".out.unfinished-{dead_pid}"))
    second = Counting(tmp_path / "out", report=False, resume=True)
    run(loads(COHORT.replace("3500", "3400"), "c.yaml"), library=library, sink=second)
    assert second.begun == 4


def test_what_a_kill_left_is_neither_taken_nor_lost_unasked(library, tmp_path, monkeypatch, dead_pid):
    monkeypatch.setattr(runner, "BATCH", 5)
    left = tmp_path / f".out.unfinished-{dead_pid}" / "batches"
    left.mkdir(parents=True)
    (left / "0.npz").touch()
    with pytest.raises(Refused, match=r"left 1 finished batch; go on with --resume, or begin anew with --overwrite"):
        Store(tmp_path / "out")
    assert (left / "0.npz").exists()
    anew = Counting(tmp_path / "out", overwrite=True, report=False)
    run(loads(COHORT, "c.yaml"), library=library, sink=anew)
    assert anew.begun == 4 and [p.name for p in tmp_path.iterdir()] == ["out"]


def test_ctrl_c_keeps_finished_batches(library, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "BATCH", 5)
    whole = run(loads(COHORT, "c.yaml"), library=library)
    stopped_after(14, KeyboardInterrupt, tmp_path / "out", library)
    record = json.loads((tmp_path / "out" / "record.json").read_text())
    assert record["status"] == "interrupted" and record["batches"] == {"of": 4, "finished": 2, "taken_over": 0}
    with pytest.raises(Refused, match="was stopped; go on with --resume"):
        Store(tmp_path / "out")
    second = Counting(tmp_path / "out", report=False, resume=True)
    result = run(loads(COHORT, "c.yaml"), library=library, sink=second)
    assert second.begun == 1 and np.array_equal(result.values, whole.values)
    with pytest.raises(Refused, match="is complete, nothing is left"):
        Store(tmp_path / "out", resume=True)


def test_stopped_again_before_it_went_on_it_keeps_what_an_earlier_run_had_finished(
    library, tmp_path, monkeypatch, dead_pid
):
    monkeypatch.setattr(runner, "BATCH", 5)
    first = stopped_after(9, Killed, tmp_path / "out", library)
    first.temporary.rename(first.temporary.with_name(f".out.unfinished-{dead_pid}"))

    def at_once(_):
        raise KeyboardInterrupt

    second = Counting(tmp_path / "out", report=False, resume=True)
    second.recall = at_once
    with pytest.raises(KeyboardInterrupt):
        run(loads(COHORT, "c.yaml"), library=library, sink=second)
    assert len(list((second.temporary / "batches").glob("*.npz"))) == 2


BEATING = """
patient: {of: healthy_man, n: 20, spread: {left_ventricle.E_max: {sd: 10 %, source: "assumed: a test"}}}
settle: 3 s
protocol: [{hold: 3 s}]
measures: [monitor.mean_arterial.mean, left_ventricle.volume.max]
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_a_real_kill(tmp_path):
    file, out = tmp_path / "cohort.yaml", tmp_path / "out"
    file.write_text(BEATING)
    words = [sys.executable, "-m", "proband.cli", "run", str(file), "--out", str(out), "--json"]
    small = {**os.environ, runner.BATCH_VARIABLE: "2"}
    process = subprocess.Popen(words, env=small, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    folder = tmp_path / f".out.unfinished-{process.pid}" / "batches"
    while len(list(folder.glob("*.npz"))) < 2 and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL and not out.exists()
    kept = len(list(folder.glob("*.npz")))
    assert 2 <= kept < 10
    refused = subprocess.run(words, env=small, capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and "--resume" in json.loads(refused.stdout)["error"]
    done = subprocess.run([*words, "--resume"], env=small, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["batches"] == {"of": 10, "taken_over": kept}
    whole = run(load(file))
    assert np.array_equal(whole.values, values_of(out))
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == [] and not (out / "batches").exists()


def values_of(out):
    import xarray

    with xarray.open_zarr(out / "measures.zarr") as data:
        return data["value"].values


@pytest.mark.skipif(os.name == "nt", reason="whether a process runs cannot be asked there")
def test_two_runs_do_not_write_to_one_folder(tmp_path):
    first = Store(tmp_path / "out")
    other = tmp_path / f".out.unfinished-{os.getppid()}"  # a process that runs, and is not this one
    other.mkdir()
    with pytest.raises(Refused, match=f"another run is writing to .* \\(process {os.getppid()}\\)"):
        Store(tmp_path / "out")
    assert first.out == tmp_path / "out" and other.is_dir()


def test_what_was_found_is_kept_where_something_else_took_the_folder_meanwhile(library, tmp_path, dead_pid):
    out = tmp_path / "out"
    store = Store(out, report=False)
    (tmp_path / "out").mkdir()
    (out / "something").write_text("else")
    with pytest.raises(Refused, match="what this run found is whole in"):
        run(loads(COHORT.replace("n: 20", "n: 2"), "c.yaml"), library=library, sink=store)
    assert (store.temporary / "record.json").is_file() and (out / "something").read_text() == "else"
    whole = store.temporary.rename(store.temporary.with_name(f".out.unfinished-{dead_pid}"))
    (out / "something").unlink()
    run(loads(COHORT.replace("n: 20", "n: 2"), "c.yaml"), library=library, sink=Store(out, report=False))
    assert (whole / "record.json").is_file()  # a later run does not sweep it away


def test_a_full_disk_keeps_finished_batches(library, tmp_path, monkeypatch):
    import errno

    from proband.evidence import store
    from proband.evidence.store import DiskFull

    def full(result, folder):
        (folder / "measures.csv").write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(runner, "BATCH", 5)
    monkeypatch.setattr(store, "write", full)
    first = Store(tmp_path / "out", report=False)
    with pytest.raises(DiskFull, match="4 finished batches are kept, go on with --resume"):
        run(loads(COHORT, "c.yaml"), library=library, sink=first)
    assert sorted(p.name for p in first.temporary.iterdir()) == ["batches"]
    monkeypatch.undo()
