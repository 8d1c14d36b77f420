"""Sampled parts: when they look, what they tell before time begins, delays, ramps, random numbers, alarms."""

import numpy as np
import pytest
from engine_parts import same

from proband.engine import Engine, cpu
from proband.model import *
from proband.units import *

TARGETS = ["cpu", "python"] if cpu.available() else ["python"]
targets = pytest.mark.parametrize("target", TARGETS)


@signal(period=1 * ms)
def counter(n=memory(0.0, one, "samples so far")):
    """Tells how many samples came before this one."""
    return gives(next_n=n + 1, count=(n, one, "samples before this one"))


@signal(period=10 * ms)
def late(
    x     = reads(one, "a signal", delay=50 * ms),
    now   = reads(one, "the same without delay"),
):  # fmt: skip
    return gives(seen=(x, one, "seen late"), here=(now, one, "seen at once"))


@signal(period=10 * ms)
def mirror(x=reads(one, "a signal"), step_=param(1.0, one, "added", "assumed: a test")):
    return gives(y=(x + step_, one, "one more"))


@signal(period=100 * ms)
def clock(turns=memory(3.0, one, "turns"), rate=command(2.0, 1 / s, "turns per second")):
    return gives(next_turns=turns + rate * (100 * ms), hand=ramp(turns, rate, one, "turns, going on"))


@signal
def area(a=state(0.0, s, "area"), hand=reads(one, "a ramp")):
    return gives(d_a=hand)


def trace(body, signals, seconds, target, every=1 * ms, **how):
    run = Engine(body, observe=signals, target=target, method="RK4", **how).start(1)
    run.record(every=every)
    run.advance(seconds * s)
    found = run.traces()
    return run, [found[n][0] for n in signals]


@targets
def test_a_part_is_sampled_at_its_ticks_and_holds_in_between(target):
    body = Body(counter=counter(), slow=mirror(x="counter.count"))
    _, (count, held) = trace(body, ["counter.count", "slow.y"], 0.05, target)
    np.testing.assert_array_equal(count, np.arange(50))
    # what a sample reads is as it was just before its tick: at 10 ms the counter last told 9
    expected = [1 + max(0, 10 * (k // 10) - 1) for k in range(50)]
    np.testing.assert_array_equal(held, expected)


def test_a_body_of_controllers_alone_needs_no_method_named():
    """Nothing is integrated in it, so that it has no rate to choose a method by."""
    run = Engine(Body(counter=counter()), observe=["counter.count"]).start()
    run.advance(20 * ms)
    assert run.now("counter.count")[0] == 19


@targets
@pytest.mark.parametrize("delay_ms", [10, 50, 200])
def test_a_delay_is_an_exact_count_of_samples(target, delay_ms):
    @signal(period=10 * ms)
    def reader(x=reads(one, "a signal", delay=delay_ms * ms), now=reads(one, "without delay")):
        return gives(seen=(x, one, "late"), here=(now, one, "at once"))

    body = Body(counter=counter(), late=reader(x="counter.count", now="counter.count"))
    _, (seen, here) = trace(body, ["late.seen", "late.here"], 0.6, target, every=10 * ms)
    shift = delay_ms // 10
    np.testing.assert_array_equal(seen[shift:], here[:-shift])
    np.testing.assert_array_equal(seen[:shift], here[0])  # the past is what was before time began


@targets
def test_parts_that_read_the_same_signal_as_late_share_its_samples(target):
    body = Body(
        counter=counter(), a=late(x="counter.count", now="counter.count"), b=late(x="counter.count", now="counter.n")
    )
    run, (a, b) = trace(body, ["a.seen", "b.seen"], 0.2, target)
    assert len(run.engine.program.rings) == 1
    np.testing.assert_array_equal(a, b)


@targets
def test_a_ramp_goes_on_between_samples(target):
    body = Body(clock=clock(), area=area(hand="clock.hand"))
    run, (hand, _) = trace(body, ["clock.hand", "area.a"], 0.5, target)
    np.testing.assert_allclose(hand, 3 + 2 * np.arange(500) / 1000, rtol=1e-12)
    assert run.value("area.a")[0] == pytest.approx(3 * 0.5 + 0.5**2, rel=1e-12)  # RK4 sees it rise within its steps
    assert run.now("clock.hand")[0] == pytest.approx(4.0, rel=1e-12)  # just before the next tick


@targets
def test_a_ramp_stands_at_its_beginning_before_time_begins(target):
    body = Body(clock=clock(), reader=mirror(x="clock.hand"))
    run = Engine(body, observe=["clock.hand", "reader.y"], target=target, method="RK4").start()
    assert run.now("clock.hand")[0] == pytest.approx(3.0, abs=1e-12)
    assert run.now("reader.y")[0] == pytest.approx(4.0, abs=1e-12)
    run.advance(1 * ms)
    assert run.now("reader.y")[0] == pytest.approx(4.0, abs=1e-12)


@targets
def test_priming_carries_a_chain(target):
    body = Body(a=mirror(x="b.y"), b=mirror(x="c.y"), c=mirror(x="d.n"), d=counter(n=7))
    run = Engine(body, observe=["a.y", "b.y", "c.y"], target=target, method="RK4").start()
    assert [run.now(f"{p}.y")[0] for p in "abc"] == [10, 9, 8]
    assert run.value("d.n")[0] == 7  # priming tells, but nothing is remembered


@targets
def test_the_period_can_be_chosen_where_the_part_is_made(target):
    body = Body(fast=counter(), slow=counter(period=20 * ms))
    run, (fast, slow) = trace(body, ["fast.count", "slow.count"], 0.1, target)
    assert (fast[-1], slow[-1]) == (99, 4)
    assert list(run.engine.program.operations()) == ["right-hand side", "every 1 ms", "every 20 ms"]


@signal(period=10 * ms)
def filtered(
    x=state(0.0, one, "x"), target_=command(1.0, one, "wanted"), T=param(0.05, s, "time constant", "assumed: a test")
):
    return gives(d_x=(target_ - x) / T)


@targets
def test_states_of_a_sampled_part_are_integrated_once_per_period(target):
    _, (x,) = trace(Body(filtered=filtered()), ["filtered.x"], 0.2, target, every=10 * ms)
    ratio = 1 - 0.2 + 0.2**2 / 2 - 0.2**3 / 6 + 0.2**4 / 24  # one RK4 step of h/T = 0.2
    np.testing.assert_allclose(x, 1 - ratio ** np.arange(1, 21), rtol=1e-12)


# random numbers ----------------------------------------------------------------------------------------------------


@signal(period=1 * ms)
def dice(last=memory(0.0, one, "last")):
    a, b = random_uniform(), random_uniform()
    return gives(next_last=a, a=(a, one, "a"), b=(b, one, "b"))


DICE = Body(one=dice(), two=dice())


def thrown(seed, target="auto", **how):
    run = Engine(DICE, observe=["one.a", "one.b", "two.a"], target=target, method="RK4", **how).start(5, seed=seed)
    run.record(every=1 * ms)
    run.advance(0.2 * s)
    return {n: v for n, v in run.traces().items() if n != "time"}


def test_random_numbers_are_the_same_again_on_every_target():
    first = thrown(1)
    ways = [{"target": "python"}]
    if cpu.available():
        ways += [{"lanes": n, "threads": t} for n in (1, 4) for t in (1, 4)]
    for way in ways:
        again = thrown(1, **way)
        for name, numbers in first.items():
            assert again[name].tobytes() == numbers.tobytes(), (name, way)


def test_seeds_patients_parts_calls_and_samples_all_differ():
    throws = [*thrown(1).values(), *thrown(2).values()]
    numbers = np.concatenate([t.ravel() for t in throws])
    assert len(np.unique(numbers)) == len(numbers)


@pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_random_numbers_are_uniform(precision):
    run = Engine(DICE, observe=["one.a", "one.b"], method="RK4", precision=precision).start(64, seed=5)
    run.record(every=1 * ms)
    run.advance(1 * s)
    a, b = (run.traces()[f"one.{n}"] for n in "ab")
    n = a.size
    assert a.min() >= 0 and a.max() < 1
    counts = np.histogram(a, 50, (0, 1))[0]
    assert ((counts - n / 50) ** 2 / (n / 50)).sum() < 100  # chi² of 49 degrees, p < 1e-5
    for x, y in ((a, b), (a[:, 1:], a[:, :-1]), (a[1:], a[:-1])):
        assert abs(np.corrcoef(x.ravel(), y.ravel())[0, 1]) < 5 / np.sqrt(x.size)


# alarms and events -------------------------------------------------------------------------------------------------


@signal
def wave(level=command(0.0, one, "level")):
    return gives(x=(level, one, "level"))


@controller(period=10 * ms)
def box(x=reads(one, "level"), seen=memory(0.0, one, "seen")):
    return gives(
        next_seen=seen,
        high=alarm(x > 1, "high", "too much"),
        slow=alarm(x > 1, "medium", "too much for long", delay=0.1 * s),
        stuck=alarm(x > 1, "low", "has been too much", latch=True),
        rises=event(x > 1, "it rises"),
    )


def happened(run, part="box"):
    return [(round(e.time_s, 6), e.event, e.active) for e in run.events() if e.part == part]


@targets
def test_alarms_wait_latch_and_are_logged(target):
    run = Engine(Body(wave=wave(), box=box(x="wave.x")), target=target, method="RK4").start(1)
    run.advance(0.1 * s)
    run.command("wave.level", 2.0)
    run.advance(0.05 * s)
    run.command("wave.level", 0.0)
    run.advance(0.05 * s)
    run.command("wave.level", 2.0)
    run.advance(0.2 * s)
    run.command("wave.level", 0.0)
    run.advance(0.1 * s)
    assert happened(run) == [
        (0.1, "high", True), (0.1, "rises", True), (0.1, "stuck", True),
        (0.15, "high", False),
        (0.2, "high", True), (0.2, "rises", True),
        (0.3, "slow", True),
        (0.4, "high", False), (0.4, "slow", False),
    ]  # fmt: skip
    assert {e.event: e.priority for e in run.events()} == {
        "high": "high",
        "slow": "medium",
        "stuck": "low",
        "rises": "event",
    }
    assert run.now("box.stuck")[0] == 1 and run.now("box.high")[0] == 0


@targets
def test_each_patient_has_its_own_log(target):
    run = Engine(Body(wave=wave(), box=box(x="wave.x")), target=target, method="RK4").start(7)
    run.command("wave.level", [0, 2, 0, 2, 2, 0, 0])
    run.advance(0.05 * s)
    assert sorted({e.patient for e in run.events()}) == [1, 3, 4]


def test_commands_may_differ_per_patient_and_are_journalled():
    body = Body(wave=wave(), box=box(x="wave.x"), f=filtered())
    run = Engine(body, method="RK4").start(5)
    run.advance(0.1 * s)
    run.command("f.target_", [1, 2, 3, 4, 5])
    run.advance(0.5 * s)
    together = run.value("f.x")
    for p in range(5):
        alone = Engine(body, method="RK4").start(1)
        alone.advance(0.1 * s)
        alone.command("f.target_", float(p + 1))
        alone.advance(0.5 * s)
        assert alone.value("f.x")[0] == together[p]
    assert run.journal == [(100_000_000, "f.target_", [1, 2, 3, 4, 5])]


def test_a_command_counts_from_its_own_tick_on(body):
    """Stopping to give the same command again changes nothing."""
    runs = []
    for stops in (1, 7):
        run = Engine(body, method="RK4").start(1)
        for _ in range(stops):
            run.command("clock.rate", 80 * per_min)
            run.advance(0.7 / stops * s)
        runs.append(run)
    assert same(*runs) == []


@signal(period=1 * ms)
def restless(n=memory(0.0, one, "samples"), often=command(0.0, one, "whether it rings all the time")):
    odd = n - 2 * floor(n / 2)
    return gives(next_n=n + 1, bell=alarm((odd > 0) and (often > 0), "low", "rings and rings"))


@targets
def test_a_log_that_overflows_says_so(target):
    run = Engine(Body(r=restless()), target=target, method="RK4").start(3)
    run.command("r.often", [0, 1, 0])
    run.advance(1 * s)
    told = run.events()
    assert {e.patient for e in told} == {1}
    written = [e for e in told if e.part == "r"]
    (lost,) = [e for e in told if e.part == "log"]
    assert len(written) + int(lost.event.split()[0]) == 999
    assert lost.event.endswith("lines were lost")
