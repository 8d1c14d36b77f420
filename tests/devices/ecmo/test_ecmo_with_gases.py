"""Oxygen and carbon dioxide: an oxygenator instead of lungs. The patient here has none, so every balance is the circuit's."""

import numpy as np
import pytest

from proband import patients
from proband.devices.ecmo import ecmo
from proband.engine import Engine
from proband.laws.line import blood_bag, line
from proband.patients.gases import ORGANS, with_gases
from proband.patients.size import resized
from proband.units import *

SEEN = [
    "ecmo.flow", "monitor.native_flow", "ecmo.oxygen_transfer", "ecmo.carbon_dioxide_transfer", "ecmo.outlet_PO2", "ecmo.outlet_PCO2",
    "ecmo.inlet_SO2", "gas_aorta.SO2", "gas_aorta.PO2", "gas_aorta.PCO2", "gas_upper_arteries.SO2", "gas_leg_arteries.SO2",
    "ecmo.oxygenator.oxygen_concentration", "ecmo.drainage.oxygen_concentration", "aorta.oxygen_concentration",
    "aortic_valve.flow",
]  # fmt: skip
USED = [f"{organ}_respiration.rate" for organ in ORGANS]


def breathless(drains, returns, name="healthy_man", **settings):
    body = with_gases(patients.load(name))
    given = {"mode": 1.0, "drainage": "hls 29", "returning": "hls 21", "venous_intervention": 0.0, **settings}
    return body.attach(ecmo=ecmo(drains, returns, gases=True, **given))


def settled(body, lanes, seconds, values=None, **commands):
    run = Engine(body, observe=[*SEEN, *USED]).start(patients=lanes, values=values)
    for name, command in commands.items():
        run.command(name.replace("__", "."), [float(x) for x in np.broadcast_to(command, lanes)])
    run.advance(seconds * s)
    run.begin_window()
    run.advance(10 * s)
    assert not run.failures, run.failures[0].message
    window = run.window()
    return {name: np.array(window.mean(name)) for name in (*SEEN, *USED)}


@pytest.fixture(scope="module")
def venous():
    """Lanes: flow 3, 4, 5 L/min; at 4: sweep 1 and 9 L/min, half of the gas oxygen, half of the fibres behind clots."""
    return settled(
        breathless("vena_cava_inferior", "right_atrium"), 7, 300,
        ecmo__set_flow=[3, 4, 5, 4, 4, 4, 4], ecmo__sweep=[4, 4, 4, 1, 9, 4, 4], ecmo__FdO2=[1, 1, 1, 1, 1, 0.4, 1],
        ecmo__clot=[0, 0, 0, 0, 0, 0, 0.5],
    )  # fmt: skip


def test_the_oxygenator_gives_what_the_organs_take(venous):
    used = -np.sum([venous[n] for n in USED], axis=0) * 22.4 * 60  # mL/min
    # With less flow stores still empty.
    assert venous["ecmo.oxygen_transfer"][1:3] == pytest.approx(used[1:3], rel=0.03)
    gained = (venous["ecmo.oxygenator.oxygen_concentration"] - venous["ecmo.drainage.oxygen_concentration"]) * venous[
        "ecmo.flow"
    ]
    assert gained[:5] * 1000 * 22.4 == pytest.approx(venous["ecmo.oxygen_transfer"][:5], rel=0.01)


def test_more_flow_saturates_more(venous):
    assert np.all(np.diff(venous["gas_aorta.SO2"][:3]) > 3)
    assert 60 < venous["gas_aorta.SO2"][0] < 85  # half of the output, and no lungs at all


def test_sweep_takes_carbon_dioxide_and_leaves_oxygen(venous):
    low, usual, high = (venous["gas_aorta.PCO2"][i] for i in (3, 1, 4))
    assert low > usual + 4 > high + 6
    assert venous["ecmo.carbon_dioxide_transfer"][4] > 1.2 * venous["ecmo.carbon_dioxide_transfer"][3]
    assert venous["gas_aorta.SO2"][4] == pytest.approx(venous["gas_aorta.SO2"][1], abs=3)


def test_less_oxygen_in_the_gas_and_clotted_fibres_cost_saturation(venous):
    assert venous["ecmo.outlet_PO2"][5] < 0.75 * venous["ecmo.outlet_PO2"][1]
    assert venous["ecmo.outlet_PO2"][6] < 0.8 * venous["ecmo.outlet_PO2"][1]
    assert np.all(venous["gas_aorta.SO2"][[5, 6]] < venous["gas_aorta.SO2"][1] - 1)


def test_more_output_at_the_same_flow_lowers_arterial_oxygen():
    """Park 2016 (apnoeic pigs): −12 mmHg for each L/min of output; here only the sign, since no lung and no shunt is like theirs."""
    seen = settled(
        breathless("vena_cava_inferior", "right_atrium"), 2, 300,
        values={"left_ventricle.E_max": [1.0, 4.6], "right_ventricle.E_max": [0.3, 0.62]}, ecmo__set_flow=3.0,
    )  # fmt: skip
    assert seen["monitor.native_flow"][1] > seen["monitor.native_flow"][0] + 0.3
    assert seen["gas_aorta.PO2"][1] < seen["gas_aorta.PO2"][0]


@pytest.fixture(scope="module")
def arterial():
    """Femoral VA; lanes: a dead heart, one that gives less than head and arms take, one that has recovered, all with lungs that
    do nothing."""
    return settled(
        breathless("right_atrium", "leg_arteries", "hfref_severe"), 3, 240,
        values={"left_ventricle.E_max": [0.15, 0.45, 2.5]}, ecmo__set_flow=3.8,
    )  # fmt: skip


def test_the_right_arm_shows_what_the_leg_hides(arterial):
    """Differential hypoxaemia."""
    arm, leg = arterial["gas_upper_arteries.SO2"], arterial["gas_leg_arteries.SO2"]
    assert arm[0] == pytest.approx(leg[0], abs=3) and arm[0] > 95  # valve shut
    assert np.all(np.diff(arm) < -3) and arm[2] < 80  # native output brings venous blood
    assert np.all(leg > 88)


def test_without_gas_the_patient_suffocates_and_the_console_says_so():
    body = breathless("right_atrium", "leg_arteries", "hfref_severe")
    run = Engine(body, observe=SEEN).start(values={"left_ventricle.E_max": [0.2]})
    run.command("ecmo.set_flow", 3.8)
    run.advance(60 * s)
    before = run.now("gas_leg_arteries.SO2")[0]
    run.command("ecmo.blender_oxygen.supply", 0.0)
    run.advance(120 * s)
    assert run.now("gas_leg_arteries.SO2")[0] < before - 10
    assert any(e.event == "low_gas_alarm" and e.priority == "high" for e in run.events())


def test_the_console_follows_its_targets():
    """Sweep and oxygen are moved until the blood that leaves has the PO2 and PCO2 that were asked for."""
    body = breathless(
        "right_atrium", "leg_arteries", "hfref_severe", gas_mode=1.0, set_flow=3 * L_min, target_PO2=100 * mmHg
    )
    run = Engine(body, observe=[*SEEN, "ecmo.firmware.FdO2", "ecmo.firmware.sweep"]).start()
    run.advance(480 * s)  # heart and vessels answer to the blood's gases for minutes
    assert run.now("ecmo.outlet_PO2")[0] == pytest.approx(100, abs=10)
    assert run.now("ecmo.outlet_PCO2")[0] == pytest.approx(40, abs=2)
    assert 0.21 < run.now("ecmo.firmware.FdO2")[0] < 1


def test_gases_stay_sound_where_the_vein_at_the_holes_is_sucked_empty():
    """A small patient who bleeds, and a pump that pulls on: what is left around the holes is little, and much runs through it."""
    small = resized(with_gases(patients.load("healthy_man")), 0.85)
    given = {"drainage": "hls 25", "returning": "hls 19", "venous_intervention": 0.0, "mode": 0.0, "speed": 4800 * rpm}
    body = small.attach(
        ecmo=ecmo("vena_cava_inferior", "right_atrium", gases=True, **given),
        bag=blood_bag(),
        bleed=line("vena_cava_superior", "bag"),
    )
    held = "ecmo.vein_1.oxygen_concentration"
    run = Engine(body, observe=[held, "ecmo.flow", "ecmo.drain_1.covered"]).start()
    run.advance(30 * s)
    run.command("bleed.rate", 20 * mL / s)
    run.begin_window()
    run.advance(90 * s)
    assert not run.failures, run.failures[0].message
    assert run.window().max("ecmo.drain_1.covered")[0] > 0.9
    assert 0 < run.window().min(held)[0] < run.window().max(held)[0] < 0.0105  # mmol/mL, of saturated blood
