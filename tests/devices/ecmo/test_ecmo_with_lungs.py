"""The circuit in patients who breathe, or who lie on a ventilator too: nothing of one knows of the other."""

import numpy as np
import pytest

from proband import patients
from proband.devices import load
from proband.devices.ecmo import ecmo
from proband.engine import Engine
from proband.units import *

VV = {"gases": True, "mode": 1.0, "drainage": "hls 29", "returning": "hls 23", "venous_intervention": 0.0}


def test_carbon_dioxide_removed_by_the_membrane_is_not_breathed_out():
    """Kolobow: ventilation falls in proportion, to near nothing; arterial PCO2 hardly moves, the chemoreflex sees to that."""
    body = patients.load("breathing_man").attach(
        ecmo=ecmo("vena_cava_inferior", "right_atrium", set_flow=3.5 * L_min, **VV)
    )
    names = ["ecmo.carbon_dioxide_transfer", "gas_aorta.PCO2", "larynx.flow"]
    run = Engine(body, observe=names).start(patients=4)
    run.command("ecmo.sweep", [0.0, 1.5, 4.0, 10.0])
    run.advance(160 * s)
    run.begin_window()
    run.record(every=20 * ms, names=["larynx.flow"])
    run.advance(40 * s)
    assert not run.failures
    window, traces = run.window(), run.traces()
    removed, PCO2 = (np.array(window.mean(n)) for n in names[:2])
    breathed = np.maximum(traces["larynx.flow"], 0).mean(axis=1)
    assert np.all(np.diff(removed) > 20) and np.all(np.diff(breathed) < -0.5)
    assert breathed[3] < 0.4 * breathed[0]
    line = np.polyfit(removed, breathed, 1)
    assert np.abs(np.polyval(line, removed) - breathed).max() < 0.1 * breathed[0]
    assert PCO2[0] - PCO2[3] < 6


def test_severe_ards_on_a_ventilator_and_with_a_left_ventricular_pump():
    """Three devices in one patient: more flow through the membrane saturates more."""
    patient = patients.load("ards_severe")
    body = patient.attach(
        ventilator=load("ventilator")(patient.airway, patient.room),
        lvad=load("heartmate3")("left_ventricle", "aorta", speed=5200 * rpm, mode=0.0),
        ecmo=ecmo("vena_cava_inferior", "right_atrium", **VV),
    ).with_values({"mouth.open": 0.0})
    names = ["gas_aorta.SO2", "ecmo.flow", "lvad.flow", "monitor.cardiac_output"]
    run = Engine(body, observe=names).start(patients=3)
    run.command("ecmo.set_flow", [0.5, 2.5, 5.0])
    run.advance(90 * s)
    run.begin_window()
    run.advance(10 * s)
    assert not run.failures, run.failures[0].message
    SO2, flow, lifted, _ = (np.array(run.window().mean(n)) for n in names)
    assert np.all(np.diff(SO2) > 2) and SO2[2] > 85
    assert flow == pytest.approx(np.array([0.5, 2.5, 5.0]) / 1.02, abs=0.1) and np.all(lifted > 1)


def test_a_pump_from_ventricle_to_aorta_vents_the_heart_while_the_lungs_rest():
    """ECPELLA and lung rest: femoral ECMO, an axial flow through the left heart, and a ventilator that hardly breathes.

    The pump takes what distends the ventricle; what it takes has come through lungs that do little, so arms and head get it."""
    patient = patients.load("ards_severe")
    rest = {"tidal_volume": 250 * mL, "set_rate": 10 / min_, "peep": 10 * cmH2O, "oxygen": 0.4}
    body = patient.attach(
        ventilator=load("ventilator")(patient.airway, patient.room, **rest),
        vent=load("heartmate3")("left_ventricle", "aorta", speed=4200 * rpm, mode=0.0),
        ecmo=ecmo("right_atrium", "leg_arteries", gases=True, mode=1.0, drainage="hls 29", returning="hls 19", set_flow=2.5 * L_min),
    ).with_values({"mouth.open": 0.0})  # fmt: skip
    names = [
        "monitor.left_end_diastolic_volume",
        "monitor.wedge",
        "vent.flow",
        "aortic_valve.flow",
        "ecmo.flow",
        "gas_leg_arteries.SO2",
    ]
    run = Engine(body, observe=names).start(patients=2, values={"left_ventricle.E_max": [0.25, 0.25]})
    run.command("vent.speed", [3000.0, 4600.0])
    run.advance(60 * s)
    run.begin_window()
    run.advance(10 * s)
    assert not run.failures, run.failures[0].message
    volume, wedge, vented, native, flow, leg = (np.array(run.window().mean(n)) for n in names)
    assert vented[1] > vented[0] + 0.5 and np.all(
        np.abs(native) < 0.3
    )  # the valve stays shut: all that passes the lungs is vented
    assert volume[1] < 0.94 * volume[0] and wedge[1] < wedge[0] - 5
    assert flow == pytest.approx(2.5 / 1.02, abs=0.3) and np.all(leg > 95)
