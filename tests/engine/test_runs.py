"""A run can be stopped, kept, gone back to, branched and moved to other lanes or another body, with the same bits."""

import dataclasses

import numpy as np
import pytest
from engine_parts import make_body, numbers, reflex, same

from proband.engine import Engine, cpu
from proband.model import *
from proband.units import *

compiled = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")


def start(body, parameters=None, patients=9, **how):
    return Engine(body, **{"method": "RK4", **how}).start(patients, values=parameters or {}, seed=3)


@compiled
@pytest.mark.parametrize("method", ["RK4", "ROS2"])
def test_stopping_changes_no_bit(body, parameters, method):
    whole = start(body, parameters, method=method)
    whole.advance(2 * s)
    bits = start(body, parameters, method=method)
    for part in (0.001, 0.3, 0.017, 0.682, 1.0):
        bits.advance(part * s)
    assert bits.tick == whole.tick
    assert same(whole, bits) == []
    assert whole.events() == bits.events()


@compiled
def test_going_back_and_on_gives_the_same_bits(body, parameters):
    run = start(body, parameters)
    run.advance(0.73 * s)
    kept = run.snapshot()
    run.advance(1 * s)
    first, events = numbers(run), run.events()
    run.command("clock.rate", 120 * per_min)
    run.advance(0.5 * s)
    run.restore(kept)
    assert run.time == pytest.approx(0.73)
    run.advance(1 * s)
    assert numbers(run) == first
    assert run.events() == events


@compiled
@pytest.mark.parametrize("lanes", [1, 2, 8])
def test_a_branch_on_other_lanes_goes_on_with_the_same_bits(body, parameters, lanes):
    whole = start(body, parameters, lanes=4)
    whole.advance(0.73 * s)
    kept = whole.snapshot()
    branch = Engine(body, lanes=lanes, method="RK4").start(9, values=parameters, seed=99, snapshot=kept)
    whole.advance(1 * s)
    branch.advance(1 * s)
    assert same(whole, branch) == []


@compiled
def test_a_branch_in_plain_python_goes_on(body):
    whole = start(body, patients=1)
    whole.advance(0.73 * s)
    branch = Engine(body, target="python", method="RK4").start(1, snapshot=whole.snapshot())
    whole.advance(0.2 * s)
    branch.advance(0.2 * s)
    assert branch.value("artery.volume") == pytest.approx(whole.value("artery.volume"), rel=1e-12)


@compiled
def test_two_branches_know_nothing_of_each_other(body):
    run = start(body, patients=2)
    run.advance(0.5 * s)
    kept = run.snapshot()
    engine = run.engine
    one, two = (engine.start(2, snapshot=kept) for _ in range(2))
    one.command("clock.rate", 150 * per_min)
    one.advance(1 * s)
    two.advance(1 * s)
    run.advance(1 * s)
    assert same(run, two) == []
    assert same(run, one) != []


@compiled
def test_a_snapshot_is_not_touched_by_what_follows(body):
    run = start(body, patients=2)
    kept = run.snapshot()
    before = {n: v.copy() for n, v in kept.numbers.items()}
    run.advance(0.5 * s)
    run.restore(kept)
    run.advance(0.1 * s)
    assert all(np.array_equal(before[n], v) for n, v in kept.numbers.items())


@compiled
def test_an_extended_body_takes_over_what_it_knows(body, parameters):
    """A second reflex is attached in mid-run; it reads the same late signal and changes nothing of the first."""
    whole = start(body, parameters)
    whole.advance(0.73 * s)
    kept = whole.snapshot()
    whole.advance(1 * s)
    more = body.attach(another=reflex(pressure="artery.pressure"), watch=reflex(pressure="vein.pressure"))
    branch = Engine(more, method="RK4").start(9, values=parameters, seed=3, snapshot=kept)
    ring = [n for n in kept.numbers if n.startswith("late ")]
    assert ring and all(branch.snapshot().numbers[n].tobytes() == kept.numbers[n].tobytes() for n in ring)
    assert branch.now(
        "watch.effort"
    ) == pytest.approx(  # what is new tells what it sees now, not at the beginning of time
        1 + 0.2 * (np.clip(1 + 0.01 * (90 - branch.now("vein.pressure")), 0.5, 2) - 1)
    )
    branch.advance(1 * s)
    for slot in (*whole.engine.program.states, *whole.engine.program.held):
        assert branch.value(slot.name).tobytes() == whole.value(slot.name).tobytes(), slot.name


@compiled
def test_a_detached_part_leaves_the_rest(body):
    more = body.attach(watch=reflex(pressure="vein.pressure"))
    run = start(more, patients=2)
    run.advance(0.5 * s)
    less = Engine(body, method="RK4").start(2, snapshot=run.snapshot())
    run.advance(0.5 * s)
    less.advance(0.5 * s)
    assert less.value("artery.volume").tobytes() == run.value("artery.volume").tobytes()


def test_a_snapshot_of_another_cohort_is_refused(body):
    kept = start(body, patients=2).snapshot()
    with pytest.raises(ModelError, match="the snapshot holds 2 patients, this run 3; they must agree"):
        start(body, patients=3).restore(kept)


@pytest.mark.parametrize(("schema", "edition"), [(0, "an older"), (99, "a newer")])
def test_a_snapshot_of_another_schema_is_refused(body, schema, edition):
    run = start(body, patients=2)
    kept = dataclasses.replace(run.snapshot(), schema=schema)
    with pytest.raises(
        ModelError, match=f"the snapshot has schema {schema}, of {edition} edition; this one reads schema 1"
    ):
        run.restore(kept)


def test_time_goes_forward_in_whole_steps(body):
    run = start(body, patients=1)
    run.advance(2.6 * ms)
    assert run.tick == 3_000_000
    run.advance(0 * ms)
    assert run.tick == 3_000_000
    for duration in (0.4 * ms, -1 * s):
        with pytest.raises(ModelError, match=r"cannot advance by .* ms: time goes forward in steps of 1 ms"):
            run.advance(duration)


# recording and measuring -------------------------------------------------------------------------------------------


@compiled
@pytest.mark.parametrize("target", ["cpu", "python"])
def test_frames_come_at_their_times(body, target):
    run = Engine(body, target=target, method="RK4", observe=["artery.pressure", "clock.turn"]).start(2)
    run.advance(0.013 * s)
    run.record(every=5 * ms)
    run.advance(0.1 * s)
    traces = run.traces()
    np.testing.assert_allclose(traces["time"], np.arange(15, 113, 5) / 1000, rtol=1e-12)
    assert traces["artery.pressure"].shape == (2, 20)


@compiled
def test_recording_is_the_same_however_it_is_cut(body, parameters):
    one, many = (start(body, parameters) for _ in range(2))
    for run, parts in ((one, [4.0]), (many, [0.001, 0.003, 1.0, 0.5, 2.496])):
        run.record(every=7 * ms, names=["artery.pressure", "systemic.flow"])
        for part in parts:
            run.advance(part * s)
    a, b = one.traces(), many.traces()
    assert a.keys() == b.keys() == {"time", "artery.pressure", "systemic.flow"}
    for name in a:
        assert a[name].tobytes() == b[name].tobytes(), name
    assert len(a["time"]) == -(-4000 // 7)


@compiled
def test_a_coarser_record_is_every_nth_frame(body):
    fine, coarse = (start(body, patients=1) for _ in range(2))
    fine.record(every=1 * ms)
    coarse.record(every=10 * ms)
    fine.advance(0.5 * s)
    coarse.advance(0.5 * s)
    for name, trace in coarse.traces().items():
        assert trace.tobytes() == np.ascontiguousarray(fine.traces()[name][..., ::10]).tobytes(), name


@compiled
def test_going_back_takes_the_record_back(body):
    run = start(body, patients=1)
    run.record(every=10 * ms)
    run.advance(0.25 * s)
    kept = run.snapshot()
    run.advance(0.25 * s)
    whole = run.traces()
    run.restore(kept)
    assert run.traces()["time"].max() < 0.25
    run.advance(0.25 * s)
    again = run.traces()
    for name in whole:
        assert whole[name].tobytes() == again[name].tobytes()


@compiled
@pytest.mark.parametrize("target", ["cpu", "python"])
def test_windows_measure_what_the_trace_shows(body, target):
    run = Engine(body, target=target, method="RK4", observe=["artery.pressure", "aortic.flow", "left.volume"]).start(3)
    run.advance(0.2 * s)
    run.record(every=1 * ms)
    run.begin_window()
    run.advance(0.4 * s)
    window, traces = run.window(), run.traces()
    assert (window.count == 400).all()
    for name in ("artery.pressure", "aortic.flow", "left.volume"):
        trace = traces[name]
        np.testing.assert_allclose(window.mean(name), trace.mean(axis=1), rtol=1e-12)
        np.testing.assert_allclose(window.std(name), trace.std(axis=1), rtol=1e-7)
        np.testing.assert_array_equal(window.min(name), trace.min(axis=1))
        np.testing.assert_array_equal(window.max(name), trace.max(axis=1))
        np.testing.assert_array_equal(window.range(name), trace.max(axis=1) - trace.min(axis=1))
        np.testing.assert_array_equal(window.last(name), trace[:, -1])


@compiled
def test_single_precision_loses_no_sum(body):
    """A minute of 60,000 samples: a plain sum of single precision would be off by 1e-3."""
    windows = []
    for precision in ("float64", "float32"):
        run = Engine(body, precision=precision, method="RK4", observe=["artery.pressure"]).start(2)
        run.advance(1 * s)
        run.begin_window()
        run.advance(60 * s)
        windows.append(run.window())
    exact, single = windows
    np.testing.assert_allclose(single.mean("artery.pressure"), exact.mean("artery.pressure"), rtol=2e-5)
    np.testing.assert_allclose(single.std("artery.pressure"), exact.std("artery.pressure"), rtol=1e-3)


def test_units_are_those_of_the_rows(body):
    run = start(body, patients=1)
    assert run.value("artery.volume")[0] == pytest.approx(520)
    assert run.now("artery.pressure")[0] == pytest.approx(80)
    assert run.engine.outputs["systemic.flow"].unit == mL_s or run.engine.outputs["systemic.flow"].unit == L_min
    heavy = make_body().with_values({"artery.volume": 0.55 * L})
    assert start(heavy, patients=1).value("artery.volume")[0] == pytest.approx(550)


# parts that are not ours -------------------------------------------------------------------------------------------


class Firmware:
    """Counts and lifts the rate when the pressure is low."""

    def __init__(self):
        self.calls, self.times = 0, []

    def step(self, time, told):
        self.calls += 1
        self.times.append(time)
        return {"rate": 60 + self.calls + 0.01 * told["pressure"]}

    def get_state(self):
        return {"calls": self.calls, "times": self.times}

    def set_state(self, state):
        self.calls, self.times = state["calls"], state["times"]


@signal
def follow(x=state(0.0, one, "sum"), rate=reads(per_min, "told rate")):
    return gives(d_x=rate)


def with_firmware(thing):
    box = foreign(
        thing, period=50 * ms, gives={"rate": (60.0, per_min, "rate it asks for")}, pressure=("artery.pressure", mmHg)
    )
    return make_body(box=box, follow=follow(rate="box.rate"))


@pytest.mark.parametrize("target", ["cpu", "python"])
def test_foreign_code_is_called_at_its_times_with_its_units(target):
    if target == "cpu" and not cpu.available():
        pytest.skip("llvmlite is not installed")
    run = Engine(with_firmware(Firmware()), target=target, method="RK4").start(2)
    first = run.now("artery.pressure")
    run.advance(0.12 * s)
    things = run.outsiders.things["box"]
    for thing in things:
        assert thing.times == pytest.approx([0.0, 0.05, 0.1])
    run2 = Engine(with_firmware(Firmware()), target=target, method="RK4").start(2)
    run2.advance(1 * ms)
    assert run2.now("box.rate") == pytest.approx(61 + 0.01 * first)


@compiled
def test_a_run_begins_with_foreign_code_as_it_was_given():
    engine = Engine(with_firmware(Firmware()), method="RK4")
    one, two = engine.start(1), engine.start(1)
    one.advance(0.3 * s)
    two.advance(0.3 * s)
    assert same(one, two) == []


@compiled
def test_foreign_code_goes_back_with_the_rest():
    engine = Engine(with_firmware(Firmware()), method="RK4")
    run = engine.start(3)
    run.advance(0.22 * s)
    kept = run.snapshot()
    run.advance(0.3 * s)
    first = numbers(run)
    run.restore(kept)
    run.advance(0.3 * s)
    assert numbers(run) == first
    branch = engine.start(3, snapshot=kept)
    branch.advance(0.3 * s)
    assert numbers(branch) == first


def test_foreign_code_without_a_memory_to_read_cannot_be_rewound():
    class Simple:
        def step(self, time, told):
            return {"rate": 70.0}

    run = start(with_firmware(Simple()), patients=1)
    with pytest.raises(ModelError, match="box has no get_state; a body with it cannot be rewound"):
        run.snapshot()


class Saying:
    def __init__(self, answer):
        self.answer = answer

    def step(self, time, told):
        return {"rate": self.answer}


def test_foreign_code_may_answer_with_a_number_or_a_quantity():
    rates = []
    for answer in (90.0, 90 * per_min, 1.5 / s):
        run = start(with_firmware(Saying(answer)), patients=1)
        run.advance(0.1 * s)
        rates.append(float(run.now("box.rate")[0]))
    assert rates == pytest.approx([90.0] * 3)


def test_foreign_code_is_held_to_its_word():
    class Careless:
        def step(self, time, told):
            return {"rat": 70.0}

    with pytest.raises(ModelError, match=r"box answered 'rat' \(did you mean rate\?\); it may answer rate"):
        start(with_firmware(Careless()), patients=1).advance(0.1 * s)
    for answer in (float("nan"), float("inf"), "70 /min", None, 70 * mmHg):
        with pytest.raises(
            ModelError, match=r"box\.rate was answered with .* after 0 s, where a number in 1/min is right"
        ):
            start(with_firmware(Saying(answer)), patients=1).advance(0.1 * s)
    with pytest.raises(ModelError, match="a foreign part needs one"):
        foreign(3, period=10 * ms, gives={})


@compiled
def test_a_run_moves_to_another_step(body):
    """Samples go on counting where they were, late signals included; only the steps between them are finer."""
    run = start(body, patients=2)
    run.advance(0.731 * s)
    finer = Engine(body, step=0.25 * ms, method="RK4").start(2, snapshot=run.snapshot())
    assert finer.now("clock.turn") == pytest.approx(run.now("clock.turn"), rel=1e-14)
    for other in (run, finer):
        other.advance(1 * s)
    assert finer.value("clock.phase") == pytest.approx(run.value("clock.phase"), rel=1e-12)
    assert finer.value("reflex.dice").tobytes() == run.value("reflex.dice").tobytes()
    assert finer.value("artery.volume") == pytest.approx(run.value("artery.volume"), rel=1e-4)
    coarse = Engine(
        Body(reflex=reflex(pressure="artery.pressure"), artery=body.parts["artery"]), step=2 * ms, method="RK4"
    )
    with pytest.raises(ModelError, match="choose a step that divides 1731 ms"):
        coarse.start(2).restore(run.snapshot())


def test_the_share_of_the_time_beyond_a_value_is_kept_like_a_signal(body):
    name = "left.pressure > 60 mmHg"
    run = Engine(body, observe=["left.pressure", name]).start()
    run.record(every=1 * ms)
    run.begin_window()
    run.advance(2 * s)
    high = run.traces()["left.pressure"][0] > 60
    assert 0 < high.mean() < 1
    assert run.window().mean(name)[0] == pytest.approx(100 * high.mean(), abs=1e-9)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("left.pressure > 60", "cannot be read in mmHg"),
        ("left.presure > 60 mmHg", "did you mean pressure"),
        ("left.pressure > x", "a number comes first"),
    ],
)
def test_a_value_beyond_which_nothing_can_be_is_refused(body, name, says):
    with pytest.raises(ModelError, match=says):
        Engine(body, observe=[name])
