"""The numbers of the whole body with a pump: conserved, the same on every target, and exact."""

import numpy as np
import pytest

from proband.engine import Engine
from proband.engine.accuracy import relative_error
from proband.units import *

WATCHED = ["lvad.flow", "aorta.pressure"]


@pytest.fixture(scope="module")
def body(supported):
    return supported()


@pytest.fixture(scope="module")
def settled(body):
    run = Engine(body, observe=WATCHED, lanes=1).start()
    run.advance(60 * s)
    return run.snapshot()


def bits(run):
    """Every number that the patients hold, as bytes: states and what sampled parts wrote."""
    return {name: np.asarray(values).tobytes() for name, values in run.snapshot().numbers.items() if "age" not in name}


def assert_same_bits(one, other):
    one, other = bits(one), bits(other)
    assert [name for name in one if one[name] != other[name]] == []
    assert len(one) > 300


def test_the_engine_takes_explicit_steps(body):
    engine = Engine(body, observe=WATCHED)
    assert engine.decide() == "RK4"
    assert engine.fastest_rate * 1e-3 < 2.5


def test_a_minute_loses_no_blood(body):
    run = Engine(body, observe=WATCHED).start()
    places = [n for n, p in body.parts.items() if p.component.kind == "compartment"]

    def blood():
        return sum(float(run.value(f"{n}.volume")[0]) for n in places)

    before = blood()
    run.advance(60 * s)
    assert not run.failures
    assert abs(blood() / before - 1) < 1e-12


@pytest.fixture(scope="module")
def cohort(value_of, body):
    """Nine patients that differ in heart, vessels, blood and inlet: more than eight lanes hold."""
    scale = np.linspace(0.8, 1.2, 9)
    rows = ("left_ventricle.E_max", "lower_body_arterioles.R", "splanchnic.volume", "lvad.rotor.p_open")
    values = {row: value_of(body, row) * scale for row in rows}

    def ran(**options):
        run = Engine(body, observe=WATCHED, **options).start(patients=9, values=values, seed=5)
        run.advance(3 * s)
        assert not run.failures
        return run

    return ran


def test_one_lane_and_eight_give_the_same_bits(cohort):
    assert_same_bits(cohort(lanes=1), cohort(lanes=8))


def test_one_thread_and_four_give_the_same_bits(cohort):
    assert_same_bits(cohort(lanes=1, threads=1), cohort(lanes=1, threads=4))


def test_plain_python_agrees_over_half_a_second(body, settled):
    """Half a beat, with a sampled pump and a valve that moves."""
    fast, plain = (
        Engine(body, observe=WATCHED, target=t, lanes=1, method="RK4").start(snapshot=settled)
        for t in ("cpu", "python")
    )
    names = [slot.name for slot in fast.engine.program.states]
    size = np.zeros(len(names))
    for _ in range(5):
        fast.advance(100 * ms)
        plain.advance(100 * ms)
        a, b = (np.array([r.value(n)[0] for n in names]) for r in (fast, plain))
        size = np.maximum(size, np.abs(a))
        assert np.max(np.abs(a - b) / np.where(size > 0, size, 1)) < 1e-9


def test_a_run_that_was_stopped_goes_on_with_the_same_bits(body, settled):
    whole = Engine(body, observe=WATCHED, lanes=1).start(snapshot=settled)
    whole.advance(2.5 * s)
    first = Engine(body, observe=WATCHED, lanes=1).start(snapshot=settled)
    first.advance(1.1 * s)
    second = Engine(body, observe=WATCHED, lanes=1).start(snapshot=first.snapshot())
    second.advance(1.4 * s)
    assert_same_bits(whole, second)


@pytest.mark.parametrize("speed", [4800, 5400, 6000])  # the aortic valve opens, just opens, and stays shut
def test_steps_of_a_millisecond_are_exact_to_a_millionth_and_halves_are_better(supported, speed):
    """Five seconds of settled rhythm with the same sampled inputs; each state relative to its peak."""
    body = supported(speed=speed * rpm, low_speed_limit=4800 * rpm)
    run = Engine(body, observe=WATCHED, lanes=1).start()
    run.advance(60 * s)
    settled = run.snapshot()

    def worst(step, finer):
        engine = Engine(body, observe=WATCHED, lanes=1, step=step * ms)
        errors = relative_error(engine, settled, 5.0, finer)
        name = max(errors, key=errors.get)
        return errors[name], name

    (one, where), (half, _) = worst(1.0, 16), worst(0.5, 8)
    assert one <= 1e-6, where
    assert half < one / 4
