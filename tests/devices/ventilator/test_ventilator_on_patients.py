"""The ventilator on patients who breathe, bleed gas into blood and have a chest around the heart."""

import functools

import numpy as np
import pytest

from proband.devices.ventilator import ventilator
from proband.engine import Engine
from proband.patients import load
from proband.units import *

AT = "ventilator."
TOLD = [AT + n for n in ("VT_in", "VT_out", "PIP", "plateau", "end_pressure", "measured_rate", "static_compliance", "monitor.pleural_swing", "pressure", "asynchrony_index", "ineffective")]  # fmt: skip
TOLD += ["aorta.pressure", "chest_wall.lung_volume", "gas_aorta.PO2", "gas_aorta.PCO2", "monitor.cardiac_output"]


@functools.cache
def intubated(patient, lanes=4):
    """An engine for the patient with a tube in the trachea; the mouth is shut when the run begins."""
    body = load(patient).attach(
        ventilator=ventilator("trachea", "room", effort="respiratory_muscles.pressure", pleura="pleura.pressure")
    )
    return Engine(body, observe=TOLD, lanes=lanes)


def start(engine, patients, **values):
    rows = {name.replace("__", "."): value for name, value in values.items()}
    own = {n if "." in n else AT + n: v for n, v in rows.items()}
    return engine.start(patients, values={"mouth.open": 0.0, **own})


@pytest.fixture(scope="module")
def ards():
    return intubated("ards_moderate")


def plateau(run):
    """Hold the end of an inspiration, let go, and tell what was seen."""
    run.command(AT + "inspiratory_hold", 1.0)
    run.advance(6 * s)
    run.command(AT + "inspiratory_hold", 0.0)
    run.advance(10 * s)
    run.look()
    return run.column(AT + "plateau"), run.column(AT + "static_compliance")


def test_paralysed_patients_get_what_is_set(ards):
    run = start(ards, 3, respiratory_muscles__strength=0.0, tidal_volume=[350.0, 420.0, 500.0], oxygen=0.6)
    run.advance(60 * s)
    run.look()
    assert run.column(AT + "VT_in") == pytest.approx([350, 420, 500], rel=0.02)
    assert run.column(AT + "VT_out") == pytest.approx([350, 420, 500], rel=0.03)
    assert run.failures == []


def test_peep_keeps_gas_in_a_lung_with_ards_and_does_not_cost_it_oxygen(ards):
    run = start(ards, 2, respiratory_muscles__strength=0.0, peep=[5.0, 12.0], oxygen=0.6, pressure_limit=50.0)
    run.advance(90 * s)
    run.begin_window()
    run.advance(12 * s)
    oxygen, volume = (run.window().mean(n) for n in ("gas_aorta.PO2", "chest_wall.lung_volume"))
    assert oxygen[1] > oxygen[0] - 5
    assert volume[1] > volume[0] + 150


def test_pleural_pressure_takes_its_share(ards):
    """Pleural swing over airway swing is Ecw/Ers: about 0.5 in health, 0.3 in ARDS (± 0.1)."""
    shares = []
    for engine in (intubated("breathing_man"), ards):
        run = start(engine, 1, respiratory_muscles__strength=0.0, pause_time=0.3, inspiratory_time=1.3)
        run.advance(40 * s)
        run.look()
        swing = run.column(AT + "plateau") - run.column(AT + "end_pressure")
        run.advance(3 * s)
        run.look()
        shares.append(float((run.column(AT + "monitor.pleural_swing") / swing)[0]))
    assert shares == pytest.approx([0.5, 0.3], abs=0.1)


def test_a_tube_that_falls_off_is_called_and_the_lung_collapses(ards):
    run = start(ards, 1, respiratory_muscles__strength=0.0, peep=10.0, oxygen=0.6, pressure_limit=50.0)
    run.advance(60 * s)
    before = run.now("chest_wall.lung_volume")[0]
    quiet = len(run.events(alarms=True))
    run.command(AT + "connected", 0.0)
    run.advance(20 * s)
    assert run.now("chest_wall.lung_volume")[0] < before - 300
    called = [e for e in run.events(alarms=True)[quiet:] if e.event == "disconnection_alarm"]
    assert called and called[0].priority == "high" and called[0].time_s < 72


def test_recruitment_leaves_more_gas_and_oxygen_behind(ards):
    run = start(ards, 2, respiratory_muscles__strength=0.0, peep=10.0, oxygen=0.6, pressure_limit=60.0)
    run.advance(60 * s)
    run.command(AT + "recruit", [0.0, 1.0])
    run.advance(40 * s)
    run.begin_window()
    run.advance(20 * s)
    oxygen, volume = (run.window().mean(n) for n in ("gas_aorta.PO2", "chest_wall.lung_volume"))
    assert oxygen[1] > oxygen[0] + 3 and volume[1] > volume[0] + 10
    called = {e.event for e in run.events(alarms=True) if e.patient == 1 and e.time_s > 60}
    assert "apnoea_alarm" not in called


def test_support_unloads_and_too_much_of_it_slows_breathing():
    run = start(intubated("copd"), 3, mode=5.0, support=[0.0, 8.0, 18.0])
    run.advance(150 * s)
    run.look()
    rates, volumes = run.column(AT + "measured_rate"), run.column(AT + "VT_in")
    assert rates[0] > rates[1] > rates[2] > 5.5
    assert volumes[0] < volumes[1] < volumes[2]
    assert np.ptp(run.column("gas_aorta.PCO2")) < 12  # drive makes up for what support does not give


def test_external_peep_behind_a_flow_limitation_changes_nothing_and_without_one_adds_gas():
    """Ranieri 1993: PEEP up to about 85 % of auto-PEEP leaves volume and circulation as they are, where flow is limited."""
    settings = {
        "tidal_volume": 600.0,
        "set_rate": 24.0,
        "inspiratory_time": 0.9,
        "trigger": 0.0,
        "pressure_limit": 70.0,
    }
    found = {}
    for patient in ("copd", "asthma"):
        run = start(
            intubated(patient),
            3,
            respiratory_muscles__strength=0.0,
            peep=[0.0, 3.0, 5.0],
            **{n: [v] * 3 for n, v in settings.items()},
        )
        run.advance(90 * s)
        run.command(AT + "expiratory_hold", 1.0)
        run.advance(6 * s)
        total = run.value(AT + "breath.total_peep")
        run.command(AT + "expiratory_hold", 0.0)
        run.advance(30 * s)
        run.begin_window()
        run.advance(10 * s)
        window = run.window()
        means = (window.mean(n) for n in ("aorta.pressure", "monitor.cardiac_output"))
        found[patient] = total, window.min("chest_wall.lung_volume"), *means
    total, volume, arterial, output = found["copd"]
    assert total[0] > 5.5 and total == pytest.approx(total[0], abs=0.6)  # 5 cmH2O is 60 to 85 % of it
    assert volume == pytest.approx(volume[0], rel=0.015)
    assert arterial == pytest.approx(arterial[0], rel=0.02)
    assert output == pytest.approx(output[0], rel=0.02)
    total, volume, _, output = found["asthma"]
    assert total[2] > total[0] + 3 and volume[2] > volume[0] + 250
    assert output[2] < 0.98 * output[0]
