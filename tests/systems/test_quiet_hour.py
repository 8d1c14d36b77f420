"""A ventilator, ECMO and a blood pump in one patient: an hour without a fault brings no alarm of any of them, nor of the monitor.

He gets an inotrope and is sedated, as nearly all such patients are. Without the one the ventricle under a pump leaves a pulse of some 10 mmHg,
which is the oximeter's limit; without the other he triggers 21 breaths a minute of what the ventilator holds to be 14, breathes off his carbon
dioxide in vain, and vessels that lack it tighten until the pump calls for flow. With both every alarm is far: the test asks for the room that each has."""

from proband import patients
from proband.devices import load
from proband.devices.ecmo import ecmo
from proband.engine import Engine
from proband.units import *

DRUGS = {
    "left_ventricle.E_max": 1.1 * mmHg / mL,  # half more than the sheet's: dobutamine, order of magnitude
    "respiratory_drive.depression": 1.0,
}


def test_an_hour_of_one_patient_on_three_devices_calls_nothing():
    body = patients.load("cardiogenic_shock").with_values(DRUGS)
    body = body.attach(
        ventilator=load("ventilator")(body.airway, body.room, tidal_volume=500 * mL, set_rate=12 / min_),
        lvad=load("heartmate3")(body.left_ventricle, body.aorta, speed=5100 * rpm),
        ecmo=ecmo("right_atrium", "leg_arteries", returning="hls 19", oxygenator="quadrox_i_small_adult", mode=1.0, set_flow=2.6 * L_min),
    ).with_values({"mouth.open": 0.0})  # fmt: skip
    watched = ["ecmo.flow", "lvad.flow", "ventilator.VT_in", "monitor.pulse_pressure", "oximeter.perfusion_index"]
    run = Engine(body, observe=watched).start()
    run.advance(1 * h)
    assert run.events(alarms=True) == [] and run.failures == []
    run.begin_window()
    run.advance(10 * s)
    mean = {signal: run.window().mean(signal)[0] for signal in watched}
    # The consoles call below 2.0 and 2.5 L/min, the clip below 10 mmHg and 0.3 %.
    assert mean["ecmo.flow"] > 2.4 and mean["lvad.flow"] > 3.2 and mean["ventilator.VT_in"] > 480
    assert mean["monitor.pulse_pressure"] > 14 and mean["oximeter.perfusion_index"] > 0.8
