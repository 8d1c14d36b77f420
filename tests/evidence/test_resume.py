"""A cohort that was killed goes on from its last finished batch, to the same bits."""

import subprocess
import sys

import numpy as np
import pytest

from proband.evidence.store import Store
from proband.trials import loads, run, runner

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


@pytest.fixture
def dead_pid():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_finished_batches_are_taken_over(library, tmp_path, monkeypatch, dead_pid):
    monkeypatch.setattr(runner, "BATCH", 5)
    whole = run(loads(COHORT, "c.yaml"), library=library)
    first = Counting(tmp_path / "out", report=False)
    usual = first.remember

    def remember(key, batch):
        usual(key, batch)
        if batch.members[-1] == 9:
            raise Killed

    first.remember = remember
    with pytest.raises(Killed):
        run(loads(COHORT, "c.yaml"), library=library, sink=first)
    first.temporary.rename(first.temporary.with_name(f".out.unfinished-{dead_pid}"))
    second = Counting(tmp_path / "out", report=False)
    result = run(loads(COHORT, "c.yaml"), library=library, sink=second)
    assert first.begun == 2 and second.begun == 2
    assert np.array_equal(result.values, whole.values)
    assert sorted(map(str, result.events)) == sorted(map(str, whole.events))
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
    second = Counting(tmp_path / "out", report=False)
    run(loads(COHORT.replace("3500", "3400"), "c.yaml"), library=library, sink=second)
    assert second.begun == 4
