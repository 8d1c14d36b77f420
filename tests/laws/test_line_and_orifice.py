"""Bags, lines, tubes and holes."""

import pytest

from proband.engine import Engine
from proband.laws.line import blood_bag, line
from proband.laws.orifice import orifice
from proband.laws.reservoir import elastic
from proband.laws.tube import inertial_tube, tube
from proband.model import Body
from proband.units import *


def test_line_delivers_what_is_set_and_nothing_is_lost():
    body = Body(
        vein=elastic(C=50 * mL / mmHg, V_0=1000 * mL, volume=1500 * mL), bag=blood_bag(), line=line("vein", "bag")
    )
    run = Engine(body).start(patients=1)
    run.command("line.rate", 2 * mL / s)
    run.advance(10 * s)
    run.begin_window()
    run.advance(0.01 * s)
    window = run.window()
    assert window.last("bag.volume")[0] == pytest.approx(1020, abs=0.1)
    assert window.last("bag.volume")[0] + window.last("vein.volume")[0] == pytest.approx(2500, abs=1e-9)


def test_orifice_follows_bernoulli_both_ways():
    forward = orifice.evaluate(p_in=100, p_out=0, K=10)["flow"]
    assert forward == pytest.approx(10 * 100**0.5 * 60 / 1000, rel=1e-3)  # L/min
    assert orifice.evaluate(p_in=0, p_out=100, K=10)["flow"] == pytest.approx(-forward)
    assert orifice.evaluate(p_in=50, p_out=50)["flow"] == 0


def test_tilted_tube_feels_its_column():
    level = tube.evaluate(p_in=10, p_out=10, gradient=0.78, drop=0, R=0.1)["flow"]
    hanging = tube.evaluate(p_in=10, p_out=10, gradient=0.78, drop=50, R=0.1)["flow"]
    assert level == 0
    assert hanging == pytest.approx(0.78 * 50 / 0.1 * 60 / 1000)


def test_inertial_tube_speeds_up_by_newton():
    rates = inertial_tube.evaluate(p_in=20, p_out=10, flow=0, L=0.001, R=0.05)
    assert rates["d_flow"] == pytest.approx(10 / 0.001)
    steady = inertial_tube.evaluate(p_in=20, p_out=10, flow=200, L=0.001, R=0.05)
    assert steady["d_flow"] == pytest.approx(0, abs=1e-6)
