"""The linearly implicit step on a stiff body. Its order, its factors and its balances: see test_physics."""

import numpy as np
import pytest
from engine_parts import clock, valve, vessel

from proband.engine import Engine
from proband.engine.implicit import GAMMA
from proband.model import Body, gives, param, signal, state
from proband.units import Hz, mL, mmHg, ms, one, per_min, s


@pytest.fixture(scope="module")
def stiff():
    """A vessel of next to no compliance between two others: it follows them within microseconds."""
    return Body(
        first=vessel(C=3 * mL / mmHg),
        joint=vessel(C=1e-6 * mL / mmHg, V_0=5 * mL, volume=5.00005 * mL),
        second=vessel(C=5 * mL / mmHg, volume=450 * mL),
        into=valve("first", "joint", R=0.5 * mmHg * s / mL, leak=0.5 * mmHg * s / mL),
        out=valve("joint", "second", R=0.5 * mmHg * s / mL, leak=0.5 * mmHg * s / mL),
    )


def test_a_stiff_body_is_given_the_implicit_step(stiff):
    engine = Engine(stiff, observe=["joint.pressure", "into.flow"])
    assert engine.decide() == "ROS2"
    assert engine.fastest_rate is not None and engine.fastest_rate > 2000
    assert engine.describe()["method"] == "ROS2"


def test_the_implicit_step_survives_what_breaks_the_explicit_one(stiff):
    explicit = Engine(stiff, observe=["joint.pressure"], method="RK4").start()
    explicit.advance(0.5 * s)
    assert explicit.failures
    implicit = Engine(stiff, observe=["joint.pressure", "into.flow", "out.flow"], method="ROS2").start()
    implicit.advance(2 * s)
    assert not implicit.failures
    assert implicit.now("into.flow") == pytest.approx(implicit.now("out.flow"), rel=1e-2)


def test_a_stiff_body_ends_where_a_fine_radau_ends(stiff):
    from scipy.integrate import solve_ivp

    engine = Engine(stiff, observe=["joint.pressure"], method="ROS2", step=0.25 * ms)
    run = engine.start()
    column = run.data[0, :, 0].tolist()
    engine.interpreter.keep(column, 1, 2, 3)
    x = np.array(column[: len(engine.program.states)])
    exact = solve_ivp(
        lambda t, y: engine.interpreter.derivative(column, y.tolist(), 0.0), (0, 1), x, "Radau", rtol=1e-9, atol=1e-13
    ).y[:, -1]
    run.advance(1 * s)
    ours = run.data[0, : len(x), 0]
    assert np.abs(ours - exact).max() / np.abs(exact).max() < 1e-6


def test_the_implicit_step_is_the_same_on_every_target_and_width(body):
    names = ["left.pressure", "systemic.flow"]
    plain = Engine(body, names, method="ROS2", target="python").start()
    plain.advance(0.3 * s)
    states = len(plain.engine.program.states)
    scale = np.abs(plain.data[0, :states, 0]).max()
    blocks = []
    for lanes in (1, 4, 8):
        run = Engine(body, names, method="ROS2", lanes=lanes).start(5)
        run.advance(0.3 * s)
        blocks.append(np.array([run.value(slot.name) for slot in run.engine.program.states]))
    assert np.abs(blocks[0][:, 0] - _read(plain)).max() < 1e-9 * max(1.0, scale * 1e6)
    assert all((b == blocks[0]).all() for b in blocks)


def _read(run) -> np.ndarray:
    return np.array([run.value(slot.name)[0] for slot in run.engine.program.states])


def test_names_keep_their_meaning_when_the_method_is_chosen(stiff):
    """Slots lie elsewhere for the implicit step; a command that is set must be the one that is heard."""
    body = stiff.attach(clock=clock())
    engine = Engine(body, observe=["joint.pressure", "into.flow", "clock.interval"])
    engine.slots()  # asked for before the method is chosen
    run = engine.start()
    assert engine.method == "ROS2"
    run.command("clock.rate", 120 * per_min)
    run.advance(3 * s)
    assert run.now("clock.interval")[0] == pytest.approx(0.5, abs=0.002)


@signal
def growth(
    x=state(1.0, one, "what grows"),
    rate=param(1.0, Hz, "of growth", "assumed: the test gives its own"),
):
    return gives(d_x=rate * x)


@pytest.mark.parametrize("target", ["auto", "python"])
def test_a_pivot_that_vanishes_is_a_failure_with_a_place(target):
    """I − γ h J is singular where something grows at the rate 1/(γ h)."""
    body = Body(calm=growth(), wild=growth(rate=(1 / (GAMMA * 1e-3)) * Hz))
    run = Engine(body, ["wild.x"], method="ROS2", target=target).start(
        2, values={"wild.rate": [100.0, 1 / (GAMMA * 1e-3)]}
    )
    run.advance(0.02 * s)
    (failure,) = run.failures
    assert (failure.patient, failure.part) == (1, "wild")
    assert np.isfinite(run.now("wild.x")[0])
