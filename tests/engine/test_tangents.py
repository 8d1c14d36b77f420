"""Derivatives carried beside the body, against closed forms and central differences."""

import math

import numpy as np
import pytest
from engine_parts import make_body, numbers, vessel

from proband.engine import Engine, cpu
from proband.model import *
from proband.model import foreign
from proband.units import *

TARGETS = ["cpu", "python"] if cpu.available() else ["python"]


@path
def drain(
    p_in=end(mmHg, "here"), p_out=end(mmHg, "there"), R=param(2.0, mmHg * s / mL, "resistance", "assumed: a test")
):
    return gives(flow=(p_in - p_out) / R)


def emptying() -> Body:
    """Two equal vessels that even out: the difference of their volumes falls as e^(−2 t / (R C))."""
    one_, other = vessel(volume=500 * mL), vessel(volume=440 * mL)
    return Body(a=one_, b=other, drain=drain("a", "b"))


@pytest.mark.parametrize("target", TARGETS)
def test_an_exponential_has_the_tangent_of_the_closed_form(target):
    run = Engine(emptying(), observe=["a.volume"], tangents=["drain.R", "a.volume"], target=target).start(1)
    run.advance(1 * s)
    rc = 2.0 * 2.0
    fall = math.exp(-2 / rc)
    assert run.now("a.volume per drain.R")[0] == pytest.approx(30 * fall * 2 / (rc * 2.0), rel=1e-10)
    assert run.now("a.volume per a.volume")[0] == pytest.approx(0.5 + 0.5 * fall, rel=1e-10)


ROWS = {
    "left.E_max": 2.0, "artery.C": 1.5, "systemic.R": 1.0, "systemic.L": 0.005, "activation.end_": 0.35,
    "reflex.gain": 0.01, "reflex.set_": 90.0, "clock.rate": 70.0, "vein.volume": 2700.0,
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_a_beating_body_agrees_with_central_differences(row):
    """Through valves, a delayed reflex with noise, a clock that goes on between samples, and means."""
    watched, value, step = ["artery.pressure", "left.volume", "reflex.effort"], ROWS[row], 1e-6 * ROWS[row]
    body = make_body()

    def measured(run):
        run.advance(2 * s)
        run.begin_window()
        run.advance(1 * s)
        return run.window()

    window = measured(Engine(body, observe=watched, tangents=[row], lanes=1).start(1))
    apart = measured(Engine(body, observe=watched, lanes=2).start(2, values={row: np.array([value - step, value + step])}, numbers=[0, 0]))  # fmt: skip
    for signal in watched:
        low, high = apart.mean(signal)
        expected, found = (high - low) / (2 * step), window.mean(f"{signal} per {row}")[0]
        assert found == pytest.approx(expected, rel=2e-4, abs=1e-7 * abs(low) / value), signal


def test_several_rows_at_once_are_each_as_alone():
    together = Engine(make_body(), observe=["artery.pressure"], tangents=["artery.C", "systemic.R"]).start(1)
    alone = Engine(make_body(), observe=["artery.pressure"], tangents=["systemic.R"]).start(1)
    for run in (together, alone):
        run.advance(1 * s)
    name = "artery.pressure per systemic.R"
    assert together.now(name)[0] == alone.now(name)[0] != 0
    assert together.now("artery.pressure per artery.C")[0] != 0


def test_the_body_itself_is_as_without_tangents():
    plain, beside = (Engine(make_body(), observe=["artery.pressure"], tangents=t).start(1) for t in ([], ["artery.C"]))
    for run in (plain, beside):
        run.advance(1 * s)
    own = numbers(beside)
    assert all(own[name] == bits for name, bits in numbers(plain).items())


@pytest.mark.skipif(not cpu.available(), reason="needs compiled code")
def test_lanes_targets_and_a_stop_change_no_bit():
    watched, by = ["artery.pressure"], ["reflex.gain"]
    engines = [
        Engine(make_body(), watched, tangents=by, lanes=1),
        Engine(make_body(), watched, tangents=by, lanes=8),
        Engine(make_body(), watched, tangents=by, target="python"),
    ]
    runs = [engine.start(1) for engine in engines]
    for run in runs:
        run.advance(0.3 * s)
    first, wide, plain = (run.snapshot().numbers for run in runs)
    assert all(np.array_equal(first[n], wide[n], equal_nan=True) for n in first)
    name = "state per reflex.gain: artery.volume"
    assert plain[name][0] == pytest.approx(first[name][0], rel=1e-9) and first[name][0] != 0
    going_on = engines[0].start(1, snapshot=runs[0].snapshot())
    for run in (runs[0], going_on):
        run.advance(0.3 * s)
    assert numbers(runs[0]) == numbers(going_on)


@pytest.mark.parametrize("period", [None, 10 * ms])
def test_what_is_carried_starts_with_the_volume_that_carries_it(period):
    """Twice the volume at the same concentration holds twice the dye, and none is lost on its way."""
    body = emptying().carrying(Substance("dye", mg, "an indicator", period=period)).filled({"a.dye": 2 * mg / mL})
    run = Engine(body, observe=["a.dye", "b.dye"], tangents=["a.volume"]).start(1)
    assert run.now("a.dye per a.volume")[0] == pytest.approx(2.0)
    run.advance(1 * s)
    run.look()
    assert run.column("a.dye per a.volume")[0] + run.column("b.dye per a.volume")[0] == pytest.approx(2.0, rel=1e-12)
    assert run.column("b.dye per a.volume")[0] > 0


@signal(period=10 * ms)
def switch(
    mode=command(0.0, one, "how", names={"slow": 0, "fast": 1}),
    turns=memory(0.0, one, "turns"),
    x=reads(mL, "a volume"),
):
    return gives(next_turns=turns + mode, seen=(x, mL, "what it sees"))


class Firmware:
    def step(self, time, readings):
        return {"y": 0.0}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("drain.r", r"drain has no row 'r' \(did you mean R\?\); it has p_in, p_out, R\."),
        ("drian.R", r"'drian\.R' names no part of this body \(did you mean drain\.R\?\)"),
        ("switch.mode", r"switch\.mode is a choice \(slow, fast\), which has no tangent"),
        ("switch.turns", r"switch\.turns is a memory row; a tangent is taken by a parameter, command or state"),
    ],
)
def test_what_is_no_such_row_is_refused_in_one_sentence(row, sentence):
    with pytest.raises(ModelError, match=sentence):
        Engine(emptying().attach(switch=switch(x="a.volume")), tangents=[row])


def test_a_body_with_a_foreign_part_has_no_tangents():
    box = foreign(Firmware(), period=50 * ms, gives={"y": (0.0, one, "an answer")}, x=("a.pressure", mmHg))
    with pytest.raises(ModelError, match=r"box is a foreign part: how its answers move with drain\.R is not known"):
        Engine(emptying().attach(box=box), tangents=["drain.R"])


def test_a_stiff_body_is_found_stiff_with_tangents_too():
    body = emptying().with_values({"drain.R": 1e-4 * mmHg * s / mL})
    plain, beside = (Engine(body, observe=["a.volume"], tangents=t) for t in ([], ["a.C"]))
    assert plain.decide() == beside.decide() == "ROS2"
    assert plain.fastest_rate == beside.fastest_rate
    run = beside.start(1)
    run.advance(1 * s)
    assert run.now("a.volume per a.C")[0] == pytest.approx(
        140.0 * 2.0 / (2.0 + 2.0) ** 2, rel=1e-6
    )  # it holds its share of 140 mL


@pytest.mark.parametrize("sign", [" > ", ">"])
def test_whether_something_holds_has_no_tangent(sign):
    engine = Engine(emptying(), observe=[f"a.volume{sign}450 mL", "b.volume"], tangents=["drain.R"])
    assert [name for name in engine.outputs if " per " in name] == ["b.volume per drain.R"]
