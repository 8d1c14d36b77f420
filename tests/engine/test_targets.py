"""One body, many ways to compute it: lanes, threads, instructions and plain Python agree."""

import numpy as np
import pytest
from engine_parts import make_body, same

from proband.engine import Engine, cpu
from proband.model import Body
from proband.units import *

compiled = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
FAST = {"method": "RK4"}


def advanced(body, parameters, seconds=3.0, patients=9, **how):
    run = Engine(body, **{**FAST, **how}).start(patients, values=parameters, seed=7)
    run.record(every=20 * ms)
    run.advance(seconds * s)
    return run


@compiled
@pytest.mark.parametrize("method", ["RK4", "RK4L", "ROS2"])
@pytest.mark.parametrize("lanes", [2, 4, 8, 16])
def test_lanes_have_the_same_bits(body, parameters, lanes, method):
    one, many = (advanced(body, parameters, lanes=n, method=method) for n in (1, lanes))
    assert same(one, many) == []
    assert one.events() == many.events() and one.events()
    for name, trace in one.traces().items():
        assert trace.tobytes() == many.traces()[name].tobytes(), name


@compiled
def test_threads_have_the_same_bits(body):
    rate = np.linspace(50, 90, 50)
    one, four = (advanced(body, {"clock.rate": rate}, 1.0, 50, lanes=4, threads=n) for n in (1, 4))
    assert same(one, four) == []
    assert one.events() == four.events()


@compiled
@pytest.mark.parametrize("lanes", [1, 8])
def test_older_instructions_have_the_same_bits(body, parameters, lanes):
    llvm = pytest.importorskip("llvmlite.binding")
    if not llvm.get_host_cpu_features().get("avx2"):
        pytest.skip("this processor has no AVX2")
    new, old = (advanced(body, parameters, lanes=lanes, instructions=i) for i in ("native", "avx2"))
    assert same(new, old) == []


@compiled
@pytest.mark.parametrize("method", ["RK4", "RK4L", "ROS2"])
def test_plain_python_agrees_in_every_step(body, method):
    """Each step begins from the compiled one's numbers: 1e-12 of each state's own size."""
    fast, plain = (Engine(body, method=method, target=t).start(1, seed=3) for t in ("cpu", "python"))
    size = np.abs(fast.data[0, : len(fast.engine.program.states), 0])
    for _ in range(60):
        plain.restore(fast.snapshot())
        fast.advance(1 * ms)
        plain.advance(1 * ms)
        x, y = (r.data[0, : len(size), 0] for r in (fast, plain))
        size = np.maximum(size, np.abs(x))
        assert np.max(np.abs(x - y) / np.maximum(size, 1e-9)) < 1e-12


@compiled
def test_plain_python_agrees_over_ten_seconds(body):
    """The clock flips at the same ticks on both, so no threshold parts them."""
    fast, plain = (Engine(body, target=t, **FAST).start(1, seed=3) for t in ("cpu", "python"))
    count = len(fast.engine.program.states)
    peak = np.zeros(count)
    for _ in range(10):
        fast.advance(1 * s)
        plain.advance(1 * s)
        x, y = (r.data[0, :count, 0] for r in (fast, plain))
        peak = np.maximum(peak, np.abs(x))
        assert np.max(np.abs(x - y) / peak) < 1e-9
    assert fast.events() == plain.events() and len(fast.events()) >= 10
    np.testing.assert_allclose(
        fast.window().mean("artery.pressure"), plain.window().mean("artery.pressure"), rtol=1e-10
    )


@compiled
def test_the_order_in_which_parts_are_named_changes_no_bit(body, parameters):
    backwards = Body(**dict(reversed(body.parts.items())))
    observe = ["artery.pressure", "systemic.flow", "clock.turn"]
    one = advanced(body, parameters, observe=observe)
    other = advanced(backwards, parameters, observe=observe)
    assert same(one, other) == []


@compiled
def test_what_is_observed_changes_no_state(body, parameters):
    few, all_ = (advanced(body, parameters, observe=o) for o in (["artery.pressure"], None))
    for slot in few.engine.program.states:
        assert few.value(slot.name).tobytes() == all_.value(slot.name).tobytes()


@compiled
def test_single_precision_runs_and_stays_near(body, parameters):
    double, single = (advanced(body, parameters, 5.0, precision=p) for p in ("float64", "float32"))
    assert single.data.dtype == np.float32
    assert single.cells.width == min(16, 2 * double.cells.width) or single.cells.width >= 9
    np.testing.assert_allclose(single.value("artery.volume"), double.value("artery.volume"), rtol=2e-3)
    assert not single.failures
    one, many = (advanced(body, parameters, 2.0, precision="float32", lanes=n) for n in (1, 8))
    assert same(one, many) == []


@compiled
def test_every_patient_of_a_cohort_can_be_run_alone(body, parameters):
    """Also its random numbers come along, by its own number."""
    cohort = advanced(body, parameters, lanes=4)
    alone = Engine(body, lanes=1, **FAST).start(
        1, values={n: v[5:6] for n, v in parameters.items()}, seed=7, numbers=[5]
    )
    alone.advance(3 * s)
    for slot in (*cohort.engine.program.states, *cohort.engine.program.held):
        assert cohort.value(slot.name)[5].tobytes() == alone.value(slot.name)[0].tobytes(), slot.name


def test_without_a_compiler_plain_python_does_the_work_and_says_so(body, monkeypatch):
    monkeypatch.setattr(cpu, "available", lambda: False)
    with pytest.warns(UserWarning, match="plain Python"):
        engine = Engine(body, **FAST)
    assert engine.target == "python"
    run = engine.start(2)
    run.advance(0.05 * s)
    assert run.value("artery.volume").shape == (2,)


def test_the_record_says_what_ran(body):
    said = Engine(body, **FAST).describe()
    assert said["method"] == "RK4" and said["step_ms"] == 1.0 and said["precision"] == "float64"
    assert said["states"] == 8 and said["operations"] > 20
    assert len(said["program_hash"]) == 64
    other = Engine(make_body().with_values({"clock.rate": 60 * per_min}), **FAST).describe()
    assert other["program_hash"] == said["program_hash"]  # values are data, not code
