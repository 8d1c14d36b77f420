"""Percentiles of a window, counted inside the compiled code."""

import numpy as np
import pytest
from engine_parts import make_body, same

from proband.engine import Engine, cpu
from proband.engine.tally import BINS, SIZE, Tally, count, percentile
from proband.model import ModelError
from proband.units import *

SIGNALS = ["artery.pressure", "aortic.flow"]
SHARES = (1, 5, 50, 95, 99)
compiled = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")


def tally_of(values):
    slots = [0.0] * SIZE
    for x in values:
        count(slots, 0, float(x))
    return Tally(np.array(slots[:1]), np.array(slots[1:2]), np.array(slots[2:])[:, None])


@pytest.mark.parametrize("scale", [1.0, 1e-9, 1e7])
def test_a_tally_grows_with_what_it_counts(scale):
    values = np.random.default_rng(1).normal(3.0, 1.0, 20_000) * scale
    found = tally_of(values)
    assert found.counts.sum() == values.size
    assert (found.counts > 0).sum() > BINS / 8  # the bins are not wasted on where nothing is
    for share in SHARES:
        assert percentile([found], share)[0] == pytest.approx(np.percentile(values, share), abs=np.ptp(values) / 200)


def test_what_never_changes_and_what_is_no_number():
    assert percentile([tally_of([2.5] * 100)], 50)[0] == pytest.approx(2.5, rel=1e-5)
    assert percentile([tally_of([0.0] * 100)], 50)[0] == pytest.approx(0.0, abs=1e-12)
    assert tally_of([1.0, float("nan"), float("inf"), 2.0]).counts.sum() == 2
    assert np.isnan(percentile([tally_of([])], 50)[0])


def test_stretches_are_one_whole():
    values = np.random.default_rng(2).gamma(2.0, 1.0, 9000)
    parts = [tally_of(values[:1000]), tally_of(values[1000:8000] * 1.0), tally_of(values[8000:])]
    for share in SHARES:
        assert percentile(parts, share)[0] == pytest.approx(np.percentile(values, share), abs=np.ptp(values) / 200)


def followed(parameters, patients=9, **how):
    run = Engine(make_body(), observe=SIGNALS, tally=SIGNALS, **{"method": "RK4", **how}).start(
        patients, values=parameters, seed=7
    )
    run.advance(1 * s)
    run.begin_window()
    run.record(every=1 * ms)
    run.advance(2 * s)
    return run


@compiled
@pytest.mark.parametrize("method", ["RK4", "ROS2"])
def test_they_are_those_of_all_the_values(parameters, method):
    run = followed(parameters, method=method)
    traces, window = run.traces(), run.window()
    for name in SIGNALS:
        assert window.tally(name).counts.sum(axis=0).tolist() == [2000] * 9
        for share in SHARES:
            exact = np.percentile(traces[name], share, axis=1)
            assert np.all(abs(window.percentile(name, share) - exact) <= np.ptp(traces[name], axis=1) / 128)


@compiled
@pytest.mark.parametrize("lanes", [2, 8])
def test_lanes_and_snapshots_have_the_same_bits(parameters, lanes):
    one, many = (followed(parameters, lanes=n) for n in (1, lanes))
    assert same(one, many) == []
    kept = many.snapshot()
    many.advance(0.3 * s)
    after = [many.window().percentile(n, 95) for n in SIGNALS]
    many.restore(kept)
    many.advance(0.3 * s)
    assert [many.window().percentile(n, 95).tobytes() for n in SIGNALS] == [v.tobytes() for v in after]


@compiled
def test_plain_python_and_single_precision_agree(parameters):
    few = {name: values[:2] for name, values in parameters.items()}
    fast, plain, single = (followed(few, 2, **how) for how in ({}, {"target": "python"}, {"precision": "float32"}))
    for name in SIGNALS:
        reference = fast.window().percentile(name, 95)
        np.testing.assert_allclose(plain.window().percentile(name, 95), reference, rtol=1e-9)
        np.testing.assert_allclose(single.window().percentile(name, 95), reference, rtol=0.02)


@compiled
def test_what_was_not_counted_is_refused(body):
    run = Engine(body, observe=SIGNALS, tally=SIGNALS[:1]).start(1)
    run.advance(10 * ms)
    with pytest.raises(ModelError, match=r"not counted in this run; name it in tally"):
        run.window().percentile(SIGNALS[1], 50)
    with pytest.raises(ModelError, match="not observed"):
        Engine(body, observe=SIGNALS, tally=["vein.pressure"])
