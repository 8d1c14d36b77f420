"""Cohorts that run in many batches: what they cost beside the simulation itself, and what they keep."""

import gc
import tracemalloc

import numpy as np

from proband.evidence.store import Store
from proband.trials import loads, run, runner

COHORT = (
    "patient: {of: plain, n: %d, spread: {artery.C: {sd: 20 %%}, vein.C: {sd: 10 %%}}}\nsettle: 0.1 s\n"
    "protocol: [{hold: 0.1 s}, {hold: 0.1 s}]\nmeasures: [artery.pressure.mean, artery.pressure.max, vein.pressure.mean]\n"
)
ALARMED = (
    "patient: {of: plain, n: %d, spread: {artery.C: {sd: 2 %%}}}\nattach:\n  lvad: {device: small_pump, from: vein, to: artery}\n"
    "settle: 0.5 s\nprotocol: [{set: {lvad.speed: 100 rpm}, hold: 2 s, until: {when: artery.pressure.mean > 0 mmHg, every: 1 s}}]\n"
    "measures: [lvad.flow.mean]\n"
)


def test_one_engine_serves_all_batches(library, monkeypatch):
    whole = run(loads(COHORT % 90, "c.yaml"), library=library)
    monkeypatch.setattr(runner, "BATCH", 16)
    result = run(loads(COHORT % 90, "c.yaml"), library=library)
    assert result.batches == 6 and len(result.engines) == 1 and result.engines[0]["patients"] == 90
    assert np.array_equal(result.values, whole.values)


def test_of_a_crowd_alarms_alone_are_kept(library):
    few, many = (run(loads(ALARMED % n, "c.yaml"), library=library) for n in (3, runner.FEW + 1))
    assert {e.priority for e in few.events} == {"high", "event"}
    assert {e.priority for e in many.events} == {"high"} and len({e.patient for e in many.events}) == runner.FEW + 1
    assert np.isfinite(many.met).all()  # when each met the condition stands in the measures


def test_memory_grows_by_little_more_than_the_numbers_that_are_kept(library, tmp_path, monkeypatch):
    """A million patients of this trial would take (2 rows + 6 measures + 2 times) × 8 MB, some few times over.

    Measured on the whole body: 0.2 GB and 0.8 kB for each patient with 10 measures of 5 steps, so 1 GB for a million."""
    monkeypatch.setattr(runner, "BATCH", 128)

    def peak(n):
        gc.collect()  # what earlier tests left would count where it is dropped meanwhile
        tracemalloc.start()
        run(loads(COHORT % n, "c.yaml"), library=library, sink=Store(tmp_path / str(n)))
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    monkeypatch.setattr("proband.evidence.files.CSV_PATIENTS", 100)
    run(loads(COHORT % 2, "c.yaml"), library=library, sink=Store(tmp_path / "imports"))  # dear where memory is traced
    small, large = peak(256), peak(2304)
    assert (large - small) / 2048 < 800  # bytes for each patient; 8 GB would be 8000
