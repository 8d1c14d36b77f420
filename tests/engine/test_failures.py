"""A patient whose numbers leave the possible: named by time, part and line; the others go on."""

import inspect

import numpy as np
import pytest
from engine_parts import vessel

from proband.engine import Engine, cpu
from proband.model import *
from proband.units import *

TARGETS = ["cpu", "python"] if cpu.available() else ["python"]
targets = pytest.mark.parametrize("target", TARGETS)


@path
def fragile(
    p_in  = end(mmHg, "up"),
    p_out = end(mmHg, "down"),
    R     = param(1.0, mmHg*s/mL, "resistance", "assumed: a test"),
):  # fmt: skip
    drop = p_in - p_out
    root = sqrt(drop / (1 * mmHg))
    return gives(flow=root * (1 * mmHg) / R)


@path
def guarded(p_in=end(mmHg, "up"), p_out=end(mmHg, "down"), later=reads(one, "what breaks", otherwise=0.0)):
    drop = p_in - p_out
    if drop > 0:
        flow = sqrt(drop / (1 * mmHg)) * (1 * mL_s)
    else:
        flow = -sqrt(-drop / (1 * mmHg)) * (1 * mL_s)
    broken = flow * log(1 - later)
    return gives(flow=flow + broken)


@signal
def rises(x=state(0.0, one, "time that has passed"), speed=param(1.0, 1 / s, "speed", "assumed: a test")):
    return gives(d_x=speed)


@path
def drain(p_in=end(mmHg, "up"), p_out=end(mmHg, "down"), Q=param(100.0, mL_s, "flow", "assumed: a test")):
    return gives(flow=1.0 * Q)


@path
def siphon(p_in=end(mmHg, "up"), p_out=end(mmHg, "down"), Q=param(50.0, mL_s, "half the flow", "assumed: a test")):
    pulled = 2.0 * Q
    return gives(flow=pulled)


@controller(period=20 * ms)
def unwise(x=reads(one, "a level"), last=memory(1.0, one, "last")):
    depth = 0.3 - x
    wanted = log(depth)
    return gives(next_last=last, wanted=(wanted, one, "a logarithm"))


@signal
def obeys(y=state(0.0, one, "y"), wanted=reads(one, "wanted")):
    return gives(d_y=(wanted - y) / s)


def line_of(component, text):
    lines, first = inspect.getsourcelines(component.equations)
    return first + next(i for i, line in enumerate(lines) if text in line)


def fallen(body, seconds, target, patients=1, values=None, **how):
    run = Engine(body, target=target, method="RK4", **how).start(patients, values=values or {})
    run.advance(seconds * s)
    return run


@targets
def test_a_lost_number_is_named_by_part_and_line(target):
    body = Body(
        a=vessel(volume=500 * mL), b=vessel(volume=480 * mL), ab=fragile("a", "b"), drop=drain("a", "b", Q=5 * mL_s)
    )
    run = fallen(body, 5, target)
    (failure,) = run.failures
    assert failure.part == "ab"
    assert failure.line == line_of(fragile, "root = sqrt")
    assert 0.5 < failure.time_s < 5
    assert f"ab (line {failure.line}) gave a number that is none" in failure.message


@targets
def test_a_branch_that_was_not_taken_is_not_blamed(target):
    """Both roots are computed and one of them is always lost; the fault is the logarithm."""
    body = Body(a=vessel(volume=500 * mL), b=vessel(volume=450 * mL), t=rises(), ab=guarded("a", "b", later="t.x"))
    (failure,) = fallen(body, 2, target).failures
    assert (failure.part, failure.line) == ("ab", line_of(guarded, "broken = "))
    assert failure.time_s == pytest.approx(1.0, abs=0.002)


@targets
def test_a_lost_number_of_a_sampled_part_is_followed_there(target):
    body = Body(t=rises(), c=unwise(x="t.x"), o=obeys(wanted="c.wanted"))
    (failure,) = fallen(body, 1, target).failures
    assert (failure.part, failure.line) == ("c", line_of(unwise, "wanted = log"))
    assert failure.time_s == pytest.approx(0.3, abs=0.021)


@targets
def test_a_negative_volume_is_named(target):
    body = Body(a=vessel(volume=100 * mL), b=vessel(), ab=drain("a", "b", Q=100 * mL_s))
    run = fallen(body, 3, target)
    (failure,) = run.failures
    assert failure.part == "a"
    assert failure.time_s == pytest.approx(1.0, abs=0.002)
    assert "the volume of a became negative; most of it left by ab." in failure.message


@targets
def test_of_several_ways_out_the_widest_is_named(target):
    body = Body(a=vessel(volume=100 * mL), b=vessel(volume=300 * mL), little=drain("a", "b", Q=10 * mL_s),
                back=drain("b", "a", Q=20 * mL_s), much=siphon("b", "a", Q=-45 * mL_s))  # fmt: skip
    (failure,) = fallen(body, 3, target).failures
    line = line_of(siphon, "pulled = ")
    assert f"most of it left by much (line {line})" in failure.message


@targets
@pytest.mark.parametrize("pieces", [1, 300])
def test_the_time_does_not_depend_on_where_the_run_was_stopped(target, pieces):
    body = Body(a=vessel(volume=500 * mL), b=vessel(volume=450 * mL), t=rises(), ab=guarded("a", "b", later="t.x"))
    run = Engine(body, target=target, method="RK4").start(1)
    for _ in range(pieces):
        run.advance(1.5 / pieces * s)
    (failure,) = run.failures
    assert (failure.part, failure.line) == ("ab", line_of(guarded, "broken = "))
    assert failure.time_s == pytest.approx(1.0, abs=0.002)


@pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
@pytest.mark.parametrize("patients", [9, 200])
def test_one_that_fails_does_not_disturb_the_others(patients):
    body = Body(a=vessel(volume=500 * mL), b=vessel(volume=450 * mL), t=rises(), ab=guarded("a", "b", later="t.x"))
    speed = np.full(patients, 0.1)
    speed[[3, patients - 1]] = 2.0, 1.0
    sick = fallen(body, 2, "cpu", patients, {"t.speed": speed})
    speed[[3, patients - 1]] = 0.1
    well = fallen(body, 2, "cpu", patients, {"t.speed": speed})
    assert [f.patient for f in sorted(sick.failures, key=lambda f: f.patient)] == [3, patients - 1]
    for failure, when in zip(sorted(sick.failures, key=lambda f: f.patient), (0.5, 1.0), strict=True):
        assert (failure.part, failure.line) == ("ab", line_of(guarded, "broken = "))
        assert failure.time_s == pytest.approx(when, abs=0.002)
        assert f"patient {failure.patient}, " in failure.message
    others = [p for p in range(patients) if p not in (3, patients - 1)]
    for slot in well.engine.program.states:
        assert sick.value(slot.name)[others].tobytes() == well.value(slot.name)[others].tobytes()
    assert not well.failures


@targets
def test_a_failure_is_told_once_and_forgotten_when_going_back(target):
    body = Body(a=vessel(volume=100 * mL), b=vessel(), ab=drain("a", "b", Q=100 * mL_s))
    run = Engine(body, target=target, method="RK4").start(2)
    run.advance(0.5 * s)
    kept = run.snapshot()
    run.advance(1 * s)
    run.advance(1 * s)
    assert len(run.failures) == 2
    first = list(run.failures)
    run.restore(kept)
    assert run.failures == []
    run.advance(1 * s)
    assert run.failures == first
