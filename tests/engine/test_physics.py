"""What must hold whatever the body: nothing is lost, the order is four, and an independent solver agrees."""

import itertools

import numpy as np
import pytest
from engine_parts import tube, vessel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from scipy.integrate import solve_ivp

from proband.engine import Engine, cpu
from proband.model import *
from proband.units import *

compiled = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
DYE = Substance("dye", mg, "an indicator")


@path
def leak(p_in=end(mmHg, "up"), p_out=end(mmHg, "down"), R=param(1.0, mmHg * s / mL, "resistance", "assumed: a test")):
    """No inertia, so that both kinds of path take part."""
    return gives(flow=(p_in - p_out) / R)


@membrane
def wall(
    a=content(mg / mL, "inside"), b=content(mg / mL, "outside"), k=param(2.0, mL / s, "permeability", "assumed: a test")
):
    return gives(rate=(k * (a - b), mg / s, "through the wall"))


@some.composite
def networks(draw):
    """A random connected graph of vessels, tubes, leaks and membranes, with dye somewhere."""
    count = draw(some.integers(2, 7))
    share = some.floats(0.2, 5.0).map(lambda x: round(x, 3))
    parts = {
        f"v{i}": vessel(C=draw(share) * mL / mmHg, V_0=100 * mL, volume=(100 + 20 * draw(share)) * mL)
        for i in range(count)
    }
    joins = [(draw(some.integers(0, i - 1)), i) for i in range(1, count)]
    joins += draw(some.lists(some.tuples(some.integers(0, count - 1), some.integers(0, count - 1)), max_size=5))
    for n, (i, j) in enumerate(joins):
        if i != j:
            kind = draw(some.sampled_from(["tube", "leak", "wall"])) if n >= count - 1 else "tube"
            if kind == "tube":
                parts[f"p{n}"] = tube(
                    f"v{i}", f"v{j}", R=draw(share) * mmHg * s / mL, L=0.02 * mmHg * s * s / mL, flow=0 * mL_s
                )
            elif kind == "leak":
                parts[f"p{n}"] = leak(f"v{i}", f"v{j}", R=draw(share) * mmHg * s / mL)
            else:
                parts[f"p{n}"] = wall(f"v{i}", f"v{j}", substance="dye")
    return Body(**{n: p for n, p in parts.items() if not n.startswith("p") or p.component.kind != "membrane"}).carrying(
        DYE
    ).attach(**{n: p for n, p in parts.items() if p.component.kind == "membrane"}), count


@pytest.mark.parametrize("method", ["RK4", "ROS2"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(network=networks())
def test_volume_and_substance_are_conserved(network, method):
    body, count = network
    volumes = [f"v{i}.volume" for i in range(count)]
    amounts = [f"v{i}.dye" for i in range(count)]
    engine = Engine(body, observe=[*volumes, *amounts], method=method, target="auto" if cpu.available() else "python")
    run = engine.start(1, values={amounts[0]: np.array([50.0])})
    before = [sum(float(run.value(n)[0]) for n in names) for names in (volumes, amounts)]
    run.advance(60 * s if cpu.available() else 1 * s)
    after = [sum(float(run.value(n)[0]) for n in names) for names in (volumes, amounts)]
    assert not run.failures
    assert after == pytest.approx(before, rel=1e-12)
    assert before[1] == pytest.approx(50)


@compiled
def test_the_beating_body_conserves_its_blood(body, parameters):
    names = [f"{n}.volume" for n, p in body.parts.items() if p.component.kind == "compartment"]
    run = Engine(body, method="RK4").start(9, values=parameters)
    before = sum(run.value(n) for n in names)
    run.advance(60 * s)
    np.testing.assert_allclose(sum(run.value(n) for n in names), before, rtol=1e-12)


# order of convergence ----------------------------------------------------------------------------------------------


@signal
def pump(x=state(1.0, one, "x"), y=state(0.0, one, "y"), w=param(8.0, 1 / s, "rate", "assumed: a test")):
    """An oscillator whose pull grows with the swing."""
    return gives(d_x=w * y, d_y=-w * sin(x) - 0.1 * w * y * abs(1 + 0 * y))


@compiled
@pytest.mark.parametrize(("method", "order"), [("RK4", 4), ("RK4L", 4), ("ROS2", 2)])
def test_halving_the_step_converges_at_the_order_of_the_method(method, order):
    body = Body(pump=pump())
    ends = []
    for step in (16, 8, 4, 2):
        run = Engine(body, step=step * ms, method=method).start()
        run.advance(1.6 * s)
        ends.append(np.array([run.value("pump.x")[0], run.value("pump.y")[0]]))
    steps = [np.abs(a - b).max() for a, b in itertools.pairwise(ends)]
    rates = [np.log2(a / b) for a, b in itertools.pairwise(steps)]
    assert rates == pytest.approx([order] * len(rates), abs=0.35)


# an independent solver ---------------------------------------------------------------------------------------------


@compiled
def test_dop853_agrees_between_ticks(body):
    """From tick to tick, with what the sampled parts told held, wherever no valve opens or closes."""
    valves = [f"{n}.flow" for n in ("aortic", "mitral", "tricuspid", "pulmonary")]
    compared = 0
    for settled in (0.05, 0.3, 0.55, 0.8, 1.1):
        run = Engine(body, observe=valves, step=0.25 * ms, method="RK4").start()
        run.advance(settled * s)
        engine, count = run.engine, len(run.engine.program.states)
        peak = np.abs(run.data[0, :count, 0]).copy()
        for _ in range(20):
            b = run.data[0, :, 0].tolist()
            engine.interpreter.keep(b, 1, 2, 3)
            engine.interpreter.tick(b, run.tick // engine.step_ns, int(run.cells.keys[0, 0]), None)
            exact = solve_ivp(
                lambda t, x, b=b, engine=engine: engine.interpreter.derivative(b, x.tolist(), t),
                (0, 1e-3),
                b[:count],
                "DOP853",
                rtol=1e-10,
                atol=1e-16,
            )
            assert exact.success
            before = [run.now(v)[0] > 0 for v in valves]
            run.advance(1 * ms)
            x = run.data[0, :count, 0]
            peak = np.maximum(peak, np.abs(x))
            if before == [run.now(v)[0] > 0 for v in valves]:
                compared += 1
                assert np.max(np.abs(x - exact.y[:, -1]) / peak) < 1e-6
    assert compared > 80


@compiled
@pytest.mark.parametrize("method", ["RK4", "ROS2"])
def test_dop853_agrees_over_a_second_where_all_is_smooth(method):
    body = Body(
        a=vessel(volume=700 * mL), b=vessel(C=5 * mL / mmHg, volume=450 * mL), c=vessel(volume=300 * mL),
        ab=tube("a", "b"), bc=tube("b", "c", R=2 * mmHg * s / mL), ca=leak("c", "a"),
    )  # fmt: skip
    run = Engine(body, step=0.25 * ms if method == "ROS2" else 1 * ms, method=method).start()
    count = len(run.engine.program.states)
    b = run.data[0, :, 0].tolist()
    run.engine.interpreter.keep(b, 1, 2, 3)
    exact = solve_ivp(
        lambda t, x: run.engine.interpreter.derivative(b, x.tolist(), 0.0),
        (0, 1),
        b[:count],
        "DOP853",
        rtol=1e-11,
        atol=1e-18,
    )
    run.advance(1 * s)
    x = run.data[0, :count, 0]
    peak = np.abs(exact.y).max(axis=1)
    assert np.max(np.abs(x - exact.y[:, -1]) / peak) < 1e-6


@compiled
def test_the_jacobian_of_the_implicit_step_is_exact(body):
    """k1 of ROS2 from its sparse factors is that of a dense solve with a numeric Jacobian."""
    from proband.engine.implicit import GAMMA
    from proband.engine.stiffness import numeric_jacobian

    run = Engine(body, method="ROS2").start()
    run.advance(0.2 * s)
    engine, count, h = run.engine, len(run.engine.program.states), run.engine.step_ns * 1e-9
    b = run.data[0, :, 0].tolist()
    engine.interpreter.keep(b, 1, 2, 3)
    matrix = np.eye(count) - GAMMA * h * numeric_jacobian(engine, np.array(b))
    rates = np.array(engine.interpreter.derivative(b, b[:count], engine.interpreter.h))
    factors = len(engine.plan.implicit.factors)
    values = engine.interpreter.halves[0](b, b, engine.interpreter.elapsed(b, engine.interpreter.h), None, None)
    first = np.array(values[factors : factors + count])
    np.testing.assert_allclose(first, np.linalg.solve(matrix, rates), rtol=1e-5, atol=1e-5 * np.abs(first).max())


def test_stiff_bodies_are_stepped_implicitly():
    stiff = Body(
        a=vessel(C=0.001 * mL / mmHg, V_0=0 * mL, volume=0.1 * mL), b=vessel(), ab=leak("a", "b", R=0.1 * mmHg * s / mL)
    )
    calm = Body(a=vessel(), b=vessel(), ab=leak("a", "b"))
    assert Engine(calm).decide() == "RK4"
    engine = Engine(stiff)
    assert engine.decide() == "ROS2"
    run = engine.start()
    run.advance(2 * s)
    assert not run.failures
    assert run.value("a.volume")[0] + run.value("b.volume")[0] == pytest.approx(500.1, rel=1e-12)
    assert run.now("a.pressure")[0] == pytest.approx(run.now("b.pressure")[0], rel=1e-3)


def test_states_that_no_rate_reads_together_are_moved_together(body, monkeypatch):
    """Far fewer right-hand sides than two for each state, and the matrix of one state after another to the last bit."""
    from proband.engine.stiffness import numeric_jacobian, read_states

    engine = Engine(body, method="RK4", target="python")
    run = engine.start(1)
    run.advance(0.3 * s)
    column, count = run.data[0, :, 0].astype(float), len(engine.program.states)
    reads, asked = read_states(engine), []
    alone = numeric_jacobian(engine, column, np.ones_like(reads))  # as if each rate read all states
    plain = engine.interpreter.derivative
    monkeypatch.setattr(engine.interpreter, "derivative", lambda *a: asked.append(1) or plain(*a))
    assert numeric_jacobian(engine, column, reads).tobytes() == alone.tobytes()
    assert len(asked) < 1.5 * count
    assert not alone[~reads].any() and reads.mean() < 0.6
