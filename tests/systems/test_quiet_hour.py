"""A ventilator, ECMO and a blood pump in one patient: an hour without a fault brings no alarm of any of them, nor of the monitor."""

from proband import patients
from proband.devices import load
from proband.devices.ecmo import ecmo
from proband.engine import Engine
from proband.units import *


def test_an_hour_of_one_patient_on_three_devices_calls_nothing():
    body = patients.load("cardiogenic_shock")
    body = body.attach(
        ventilator=load("ventilator")(body.airway, body.room, tidal_volume=500 * mL, set_rate=14 / min_),
        lvad=load("heartmate3")(body.left_ventricle, body.aorta, speed=4900 * rpm),
        ecmo=ecmo("right_atrium", "leg_arteries", returning="hls 19", oxygenator="quadrox_i_small_adult", mode=1.0, set_flow=2.3 * L_min),  # leaves a pulse that an oximeter finds
    ).with_values({"mouth.open": 0.0})  # fmt: skip
    run = Engine(body, observe=["ecmo.flow", "lvad.flow", "ventilator.VT_in"]).start()
    run.advance(1 * h)
    assert run.events(alarms=True) == [] and run.failures == []
    run.begin_window()
    run.advance(10 * s)
    mean = run.window().mean
    assert mean("ecmo.flow")[0] > 2.1 and mean("lvad.flow")[0] > 2.5 and mean("ventilator.VT_in")[0] > 480
