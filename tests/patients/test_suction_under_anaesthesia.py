"""The low-pressure reflex, awake and under anaesthesia: what a little suction on the lower body does (Ebert 1985 Anesthesiology 63:668)."""

import numpy as np
import pytest

from proband.devices.ventilator import ventilator
from proband.engine import Engine, cpu
from proband.patients import load
from proband.units import *

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
SUCTION = np.array([0.0, 12.5])  # mmHg, the most of Ebert's four


def sucked(body):
    """Change of output, pressure and resistance, in shares of rest."""
    seen = ["monitor.cardiac_output", "aorta.pressure", "right_atrium.pressure"]
    run = Engine(body, observe=seen).start(patients=2)
    run.command("posture.suction", SUCTION)
    run.advance(90 * s)
    run.begin_window()
    run.advance(20 * s)
    output, arterial, venous = (run.window().mean(x) for x in seen)
    return [x[1] / x[0] - 1 for x in (output, arterial, (arterial - venous) / output)]


def test_anaesthesia_leaves_the_fall_of_output_and_takes_the_answer_of_the_vessels():
    """Awake, vessels keep the pressure; under halothane output fell as much, resistance hardly rose, and pressure fell."""
    asleep = load("anaesthetised", gases=False).attach(ventilator=ventilator("airway", "room", rate=12 * per_min))
    (output, pressure, resistance), (output_asleep, pressure_asleep, resistance_asleep) = (
        sucked(load("healthy_man")),
        sucked(asleep),
    )
    assert output < -0.05 and output_asleep == pytest.approx(output, abs=0.04)
    assert abs(pressure) < 0.02 and pressure_asleep < -0.03
    assert resistance > 0.05 and resistance_asleep < 0.6 * resistance
