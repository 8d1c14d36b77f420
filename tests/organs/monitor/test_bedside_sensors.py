"""What the finger clip, the capnograph and the arterial line make of a patient."""

import numpy as np
import pytest

from proband.engine import Engine, cpu
from proband.model import *
from proband.organs.monitor import arterial_line, capnograph, pulse_oximeter
from proband.units import *

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")


@signal(period=20 * ms)
def patient(
    SO2 = command(97.0, percent, "saturation"),
    pulse = command(45.0, mmHg, "pulse pressure"),
    flow = command(8.0, mL_s, "flow to the arm"),
    plateau = command(40.0, mmHg, "end-tidal PCO2"),
    inspired = command(0.0, mmHg, "PCO2 of inspired gas"),
    rate = command(15.0, per_min, "breaths"),
    phase = memory(0.0, one, "of the breath"),
    step = command(80.0, mmHg, "arterial pressure"),
):  # fmt: skip
    """A patient by hand: two fifths of a breath are inspiration."""
    phase = wrapped(phase + rate * 20 * ms, 1)
    return gives(next_phase=phase, CO2=(where(phase > 0.4, plateau, inspired), mmHg, "at the airway"))


def bedside(**values):
    body = Body(
        patient=patient(),
        oximeter=pulse_oximeter(saturation="patient.SO2", pulse="patient.pulse", flow="patient.flow"),
        capnograph=capnograph(PCO2="patient.CO2"),
        line=arterial_line(pressure="patient.step"),
    )
    return Engine(body).start(len(next(iter(values.values()), [1])), values=values, seed=3)


def test_a_fall_is_seen_within_thirty_seconds_and_later_in_a_cold_finger():
    run = bedside(**{"patient.flow": np.array([8.0, 2.0])})
    run.advance(20 * s)
    run.command("patient.SO2", 80 * percent)
    run.advance(12 * s)
    warm, cold = run.now("oximeter.SpO2")
    assert warm < cold - 3
    run.advance(18 * s)
    assert run.now("oximeter.SpO2")[0] == pytest.approx(80, abs=2)


def test_two_thirds_of_readings_lie_within_two_points():
    offsets = np.random.default_rng(1).normal(0, 1.9, 400)
    run = bedside(**{"oximeter.offset": offsets, "patient.SO2": np.full(400, 85.0)})
    run.advance(120 * s)
    error = run.now("oximeter.SpO2") - 85
    assert 0.60 < (abs(error) < 2).mean() < 0.78
    assert np.sqrt((error**2).mean()) < 4  # the standard's bound


def test_without_a_pulse_there_is_no_reading():
    run = bedside(**{"patient.pulse": np.array([45.0, 6.0])})
    run.advance(15 * s)
    assert [(e.patient, e.priority, round(e.time_s)) for e in run.events()] == [(1, "low", 10)]
    assert run.now("oximeter.reading").tolist() == [1, 0]
    assert run.now("oximeter.no_reading").tolist() == [0, 1]


def test_the_capnograph_finds_breaths_and_their_end():
    run = bedside()
    run.advance(30 * s)
    assert run.now("capnograph.end_tidal")[0] == pytest.approx(40, abs=1)
    assert run.now("capnograph.respiratory_rate")[0] == pytest.approx(15, abs=0.5)
    assert run.now("capnograph.apnoea")[0] == 0
    run.command("patient.rate", 0 * per_min)
    run.advance(25 * s)
    assert run.now("capnograph.apnoea")[0] == 1
    (called,) = run.events()
    assert called.priority == "high" and 48 < called.time_s < 54  # 20 s after the last upstroke


def test_the_capnograph_finds_breaths_in_gas_that_holds_carbon_dioxide():
    """Rebreathing, up to 6 % in the inspired gas: no false apnoea, and the end is still the plateau's."""
    run = bedside(**{"patient.rate": np.array([12.0, 20.0, 30.0])})
    run.advance(30 * s)
    run.command("patient.inspired", 43 * mmHg)
    run.command("patient.plateau", 52 * mmHg)
    run.advance(90 * s)
    assert run.events() == []
    assert run.now("capnograph.end_tidal") == pytest.approx(52, abs=1)
    assert run.now("capnograph.respiratory_rate") == pytest.approx([12, 20, 30], abs=0.5)


def test_an_underdamped_line_rings_and_a_low_transducer_reads_high():
    run = bedside()
    run.advance(2 * s)
    run.command("patient.step", 120 * mmHg)
    run.begin_window()
    run.advance(1 * s)
    overshoot = np.exp(-np.pi * 0.25 / np.sqrt(1 - 0.25**2))
    assert run.window().max("line.shown")[0] == pytest.approx(120 + 40 * overshoot, abs=1.0)
    run.command("line.level", 10 * cm)
    run.advance(2 * s)
    assert run.now("line.shown")[0] == pytest.approx(127.4, abs=0.1)
