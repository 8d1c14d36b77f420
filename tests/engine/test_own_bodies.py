"""Patients of one structure with bodies, commands and windows of their own run as each would alone."""

import numpy as np
import pytest

from proband.engine import Engine, cpu, stiffness
from proband.model import *
from proband.units import *

compiled = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
DYE = Substance("dye", mmol, period=10 * ms)


def other(body):
    """Another person: numbers that no unit of the table writes exactly, and another concentration of dye."""
    values = {"left.E_max": 1.7 / 3 * mmHg / mL, "systemic.R": 1.1 / 3 * mmHg * s / mL, "vein.volume": 8101 / 3 * mL}
    return body.carrying(DYE).with_values(values).filled({"left.dye": 0.7 / 3 * mmol / mL})


def first(body):
    return body.carrying(DYE).filled({"left.dye": 0.1 * mmol / mL, "right.dye": 0.2 * mmol / mL})


@compiled
def test_bodies_of_one_structure_share_an_engine_and_keep_their_own_bits(body):
    bodies = [first(body), other(body), first(body)]
    together = Engine(bodies[0], method="RK4").start(3, bodies=bodies, numbers=[0, 5, 2])
    together.advance(1.3 * s)
    for lane, (own, number) in enumerate(zip(bodies, [0, 5, 2], strict=True)):
        alone = Engine(own, method="RK4").start(1, numbers=[number])
        alone.advance(1.3 * s)
        mine, shared = alone.snapshot().numbers, together.snapshot().numbers
        assert [n for n in mine if n != "window" and mine[n][0] != shared[n][lane]] == []


def test_bodies_have_one_structure_where_only_numbers_differ(body):
    assert structure(first(body)) == structure(other(body))
    assert structure(body) != structure(first(body))
    rewired = body.with_wires({"left.active": "reflex.effort"})
    assert len({structure(body), structure(rewired), structure(body.detach("lung")), structure(first(body))}) == 4


def test_each_patient_needs_a_body(body):
    with pytest.raises(ModelError, match="1 bodies were given for 2 patients"):
        Engine(body, target="python", method="RK4").start(2, bodies=[body])


@compiled
def test_who_is_masked_keeps_what_he_has(body):
    odd = 100 / 3 * per_min  # what no round trip through the unit of the row brings back
    run = Engine(body.with_values({"clock.rate": odd}), method="RK4").start(3)
    before = run.cells.column(run.engine.slots()["clock.rate"][0])
    run.command("clock.rate", np.ma.masked_array([0.0, 90.0, 0.0], mask=[True, False, True]))
    after = run.cells.column(run.engine.slots()["clock.rate"][0])
    assert after[[0, 2]].tolist() == before[[0, 2]].tolist() and after[1] == 90 * per_min.factor


@compiled
def test_a_window_of_one_patient_counts_from_its_own_begin(body, parameters):
    run = Engine(body, method="RK4").start(9, values=parameters, seed=3)
    run.advance(0.5 * s)
    run.begin_window(4)
    run.advance(0.7 * s)
    whole = Engine(body, method="RK4").start(9, values=parameters, seed=3)
    whole.advance(0.5 * s)
    whole.begin_window()
    whole.advance(0.7 * s)
    seen, same = run.window().of(4), whole.window()
    assert seen == whole.window().of(4)
    assert all(seen[n] == (same.mean(n)[4], same.min(n)[4], same.max(n)[4]) for n in run.engine.outputs)
    assert run.window().count.tolist() == [1200] * 4 + [700] + [1200] * 4


@compiled
def test_the_method_is_chosen_with_the_code_that_the_patients_need(body):
    wide = Engine(body.with_values({"clock.rate": 61.7 * per_min}), instructions="avx2")
    wide.start(4)
    assert set(wide._compiled) == {wide.width(4)}
    narrow = Engine(body.with_values({"clock.rate": 61.7 * per_min}))
    assert stiffness._measure(narrow, 1) == stiffness._measure(narrow, 4) == wide.fastest_rate
