"""Substances with a period of their own: as exact in the balance as those of every step, and nearly as accurate."""

import numpy as np
import pytest
from engine_parts import make_body

from proband.engine import Engine, cpu
from proband.engine.settling import hastened
from proband.model import *
from proband.units import *

compiled = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
SLOW = Substance("dye", mg, "an indicator", period=10 * ms)
FAST = Substance("dye", mg, "an indicator")


@compartment
def gas(
    volume = state(500.0, mL,      "gas at body temperature"),
    C      = param(50.0,  mL/mmHg, "compliance", "assumed: a test"),
    room   = param(25.0,  mL/mmol, "volume of a mole", "assumed: a test"),
):  # fmt: skip
    """A soft bag of gas: what is brought takes room."""
    return gives(pressure=(volume - 500 * mL) / C, molar_volume=(room, mL / mmol, "volume of a mole"))


@signal(period=10 * ms)
def tension(
    content = reads(mmol / mL, "concentration"),
    k = param(2000.0, mmHg * mL / mmol, "pressure of a concentration", "assumed: a test"),
    seen = memory(0.0, mmHg, "the last pressure"),
):  # fmt: skip
    """Henry's law."""
    return gives(P=(k * content, mmHg, "partial pressure"), next_seen=k * content)


@membrane
def film(
    P_in  = reads(mmHg, "on this side"),
    P_out = reads(mmHg, "on the other side"),
    D     = param(5e-3, mmol/(s*mmHg), "conductance", "assumed: a test"),
):  # fmt: skip
    """Fick's law."""
    return gives(rate=(D * (P_in - P_out), mmol / s, "through the film"))


@reaction
def uptake(use=param(0.02, mmol / s, "consumption", "assumed: a test")):
    """A constant consumption."""
    return gives(rate=(-use, mmol / s, "made"))


def total(run, substance="dye"):
    places = [n for n, p in run.engine.body.parts.items() if p.component.kind == "compartment"]
    return sum(run.now(f"{p}.{substance}") for p in places)


def dyed(substance):
    return make_body().carrying(substance).filled({"artery.dye": 2.0 * mg / mL})


@compiled
def test_nothing_is_lost_in_a_minute():
    run = Engine(dyed(SLOW)).start(3)
    before = total(run)
    run.advance(60 * s)
    assert before.min() > 0
    np.testing.assert_allclose(total(run), before, rtol=1e-12)


@compiled
def test_an_even_concentration_stays_even():
    body = make_body().carrying(SLOW)
    places = [n for n, p in body.parts.items() if p.component.kind == "compartment"]
    run = Engine(body.filled({f"{p}.dye": 3.0 * mg / mL for p in places})).start(1)
    run.advance(20 * s)
    for place in places:
        assert run.now(f"{place}.dye_concentration")[0] == pytest.approx(3.0, rel=1e-9)


@compiled
def test_agrees_with_the_substance_of_every_step():
    slow, fast = (Engine(dyed(c)).start(1) for c in (SLOW, FAST))
    for run in (slow, fast):
        run.advance(3 * s)
        run.begin_window()
        run.advance(6 * s)
    for place in ("artery", "left", "vein", "lung_vein"):
        a, b = (run.window().mean(f"{place}.dye_concentration")[0] for run in (slow, fast))
        assert a == pytest.approx(b, rel=0.01)


@compiled
def test_targets_and_lanes_give_the_same_bits():
    body = dyed(SLOW)
    results = []
    for lanes in (1, 4):
        run = Engine(body, lanes=lanes).start(4)
        run.advance(3 * s)
        results.append(run.now("vein.dye"))
    assert (results[0] == results[1]).all()
    plain = Engine(body, target="python").start(1)
    plain.advance(0.5 * s)
    run = Engine(body).start(1)
    run.advance(0.5 * s)
    assert plain.now("artery.dye")[0] == pytest.approx(run.now("artery.dye")[0], rel=1e-12)


def breath():
    """A bag of gas over a bowl of water, at the start without any gas in the water."""
    carried = Substance("oxygen", mmol, "O2", period=10 * ms)
    return (
        Body(bag=gas(), bowl=gas(room=0 * mL / mmol, C=5 * mL / mmHg))
        .carrying(carried)
        .filled({"bag.oxygen": 0.04 * mmol / mL})
        .attach(
            above=tension(content="bag.oxygen_concentration"),
            below=tension(content="bowl.oxygen_concentration", k=4000 * mmHg * mL / mmol),
        )
        .attach(film=film("bag", "bowl", substance="oxygen", P_in="above.P", P_out="below.P"))
    )


@compiled
def test_exchange_ends_in_equilibrium_and_takes_room():
    run = Engine(breath()).start(1)
    before, volume = total(run, "oxygen"), run.now("bag.volume")[0]
    run.advance(2000 * s)
    assert run.now("above.P")[0] == pytest.approx(run.now("below.P")[0], rel=1e-6)
    assert total(run, "oxygen") == pytest.approx(before, rel=1e-12)
    gone = before[0] - run.now("bag.oxygen")[0]
    assert volume - run.now("bag.volume")[0] == pytest.approx(25.0 * gone, rel=1e-3)


@compiled
def test_reactions_and_their_rates_can_be_seen():
    body = breath().attach(cells=uptake("bowl", substance="oxygen"))
    run = Engine(body).start(1)
    before = total(run, "oxygen")
    run.advance(10 * s)
    assert run.now("cells.rate")[0] == pytest.approx(-0.02)
    assert (before - total(run, "oxygen"))[0] == pytest.approx(0.2, rel=1e-9)


@compiled
def test_a_branch_goes_on_with_the_same_bits():
    run = Engine(dyed(SLOW)).start(2)
    run.advance(1.234 * s)
    kept = run.snapshot()
    run.advance(1 * s)
    after = run.now("vein.dye")
    run.restore(kept)
    run.advance(1 * s)
    assert (run.now("vein.dye") == after).all()


@compiled
def test_stores_are_small_only_while_a_body_settles():
    """A store that no path joins: the bowl beside the bag, whose equilibrium is the same, only sooner."""
    run = Engine(breath()).start(1)
    with hastened(run):
        assert run.now("bowl.volume")[0] == pytest.approx(500 / 40)
        run.advance(10 * s)
    assert run.now("bowl.volume")[0] == pytest.approx(500)
    assert run.now("below.P")[0] == pytest.approx(run.now("above.P")[0], rel=0.01)


def test_amounts_follow_each_patients_own_volume():
    run = Engine(dyed(SLOW)).start(2, values={"artery.volume": np.array([300.0, 600.0])})
    np.testing.assert_allclose(run.now("artery.dye"), [600.0, 1200.0])


def test_a_content_needs_a_compartment():
    with pytest.raises(ModelError, match="names no compartment"):
        make_body().filled({"arterx.dye": 1.0 * mg / mL})


def test_a_period_must_fit_the_step():
    with pytest.raises(ModelError, match="no multiple of the step"):
        Engine(make_body().carrying(Substance("dye", mg, "", period=2.5 * ms)))
