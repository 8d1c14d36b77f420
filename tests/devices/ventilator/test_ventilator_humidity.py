"""Water and warmth: what the gas carries, what the patient pays, what an exchanger's room costs, what is called."""

import functools

import pytest

from proband.benches.test_lung import test_lung
from proband.devices.ventilator import neonatal_ventilator, paediatric_ventilator, ventilator
from proband.devices.ventilator.exchanger import exchanger_sponge
from proband.engine import Engine
from proband.laws.gas import AIR, inspired
from proband.model import ModelError, Substance
from proband.units import *

AT = "ventilator."
TOLD = [AT + n for n in ("humidity", "gas_temperature", "water_given", "heat_given", "VT_in", "PIP")]


def bench(way, device=ventilator, told=(), **more):
    return Engine(test_lung(device, tube=True, humidifier=way, **more), observe=[*TOLD, *told], lanes=2)


@functools.cache
def minute(way):
    run = bench(way).start(1)
    run.advance(60 * s)
    run.look()
    assert run.events(alarms=True) == []
    return {name.removeprefix(AT): float(run.column(name)[0]) for name in TOLD}


def test_a_heated_humidifier_gives_what_its_manual_promises():
    """More than 33 mg/L at 37 °C (ISO 80601-2-74), and no more than gas of 37 °C holds."""
    assert 33 < minute("heated")["humidity"] < 43.9
    assert minute("heated")["gas_temperature"] == pytest.approx(37, abs=0.1)


def test_an_exchanger_gives_28_to_32_mg_per_litre_and_dry_gas_less_than_10():
    assert 28 < minute("hme")["humidity"] < 32
    assert 28 < minute("hme")["gas_temperature"] < 32
    assert minute("none")["humidity"] < 10


def test_the_drier_the_gas_the_more_the_airway_gives():
    for paid in ("water_given", "heat_given"):
        heated, hme, none = (minute(way)[paid] for way in ("heated", "hme", "none"))
        assert 0 < 1.5 * heated < hme < 0.5 * none


def test_the_breath_is_the_same_but_for_the_sponges_resistance():
    heated, hme, none = (minute(way) for way in ("heated", "hme", "none"))
    assert none["PIP"] == heated["PIP"]
    assert 0.3 < hme["PIP"] - heated["PIP"] < 2
    assert hme["VT_in"] == pytest.approx(heated["VT_in"], rel=0.005)


def test_a_sponge_loses_more_of_larger_breaths_and_of_dry_gas():
    def loss(VT, oxygen=0.0):
        return exchanger_sponge.evaluate(flow=8, oxygen=oxygen, VT=VT)["moisture_loss"]

    assert loss(250) < loss(500) < loss(1000)
    assert loss(500) < loss(500, oxygen=1.0)
    assert (loss(1000, 1.0) - loss(500, 1.0)) == pytest.approx(2, abs=0.3)


@pytest.fixture(scope="module")
def faults():
    """Switched off; an empty bag; all well. One gram is left above what wets the plate."""
    run = bench("heated", told=[AT + "chamber"], chamber_water=6 * g).start(
        3, values={AT + "water_supply": [1.0, 0.0, 1.0]}
    )
    run.advance(60 * s)
    run.command(AT + "heating", [0.0, 1.0, 1.0])
    run.advance(1000 * s)
    run.look()
    return run


def test_a_humidifier_that_is_off_cools_and_is_called_after_more_than_ten_minutes(faults):
    (event,) = [e for e in faults.events(alarms=True) if e.patient == 0]
    assert (event.event, event.priority) == ("low_temperature_alarm", "medium")
    assert 10 * 60 < event.time_s - 60 < 20 * 60
    assert float(faults.column(AT + "humidity")[0]) < 25


def test_a_humidifier_that_runs_dry_is_called_while_its_gas_dries(faults):
    calls = [e for e in faults.events(alarms=True) if e.patient == 1]
    assert [(e.event, e.priority) for e in calls] == [("water_alarm", "medium")]
    assert float(faults.column(AT + "chamber")[1]) == pytest.approx(37, abs=0.5)
    assert float(faults.column(AT + "humidity")[1]) < 0.9 * float(faults.column(AT + "humidity")[2])


def test_nothing_is_called_where_nothing_is_wrong(faults):
    assert [e for e in faults.events(alarms=True) if e.patient == 2] == []


def test_the_housing_keeps_its_volume_and_holds_what_was_breathed_out():
    """A lung that holds a tracer: after each breath out the housing is full of it, and no bias flow washes it out."""
    body = test_lung(ventilator, tube=True, humidifier="hme", dead_space=90 * mL)
    body = body.filled({f"lung.{gas}": inspired(AIR[gas]) for gas in ("oxygen", "nitrogen")})
    body = body.filled({"lung.carbon_dioxide": inspired(0.05)})
    body = body.carrying(*(Substance(gas, mmol, period=10 * ms) for gas in ("oxygen", "nitrogen", "carbon_dioxide")))
    places = ("lung", AT + "exchanger", AT + "circuit")
    run = Engine(
        body, observe=[*(f"{p}.carbon_dioxide_concentration" for p in places), AT + "dead_space"], lanes=1
    ).start(1)
    run.advance(11.9 * s)
    run.look()
    lung, housing, circuit = (float(run.column(f"{p}.carbon_dioxide_concentration")[0]) for p in places)
    assert float(run.column(AT + "dead_space")[0]) == pytest.approx(90, abs=1e-9)
    assert housing > 0.9 * lung and circuit < 0.5 * lung


@pytest.mark.parametrize(("device", "most"), [(paediatric_ventilator, 150), (neonatal_ventilator, 18)])
def test_children_have_exchangers_of_their_size(device, most):
    assembly = device("lung", humidifier="hme")
    assert assembly.parts["exchanger"].value("volume") < 0.2 * most * 1e-6


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"humidifier": "hmee"}, "did you mean hme"),
        ({"humidifier": 2}, "choose heated, hme, none"),
        ({"humidifier": "hme", "heating": "off"}, "heating is a setting of humidifier: heated"),
        ({"dead_space": 50 * mL}, "dead_space is a setting of humidifier: hme"),
        ({"humidifier": "hme", "dead_space": 0 * mL}, "hold 1 to 300 mL"),
        ({"heating": "of"}, "choose off, on"),
        ({"chamber_target": 50 * degC}, "outside its range 28 to 40 °C"),
    ],
)
def test_refuses(settings, said):
    with pytest.raises(ModelError) as refusal:
        ventilator("lung", **settings)
    assert said in str(refusal.value)
