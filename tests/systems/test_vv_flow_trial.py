"""The shipped trial of veno-venous flow tells its story: 60 % of the output is enough, and carbon dioxide follows the gas."""

import pytest

from proband.trials import Step, load
from proband.units import parse_quantity, percent

ENOUGH = 0.6  # of the cardiac output saturates arterial blood to 90 % and more (Schmidt 2013 Intensive Care Med 39:838)


@pytest.fixture(scope="module")
def run():
    protocol = [
        Step(name="little", hold="120 s", window="20 s"),  # the first flow of the shipped ramp
        # an output that want of oxygen has raised needs four minutes to come down, and saturation rises meanwhile
        Step(name="enough", set={"ecmo.set_flow": "4.5 L/min"}, hold="240 s", window="20 s"),
        Step(name="more gas", set={"ecmo.sweep": "8 L/min"}, hold="240 s", window="20 s"),
    ]
    shipped = load("vv_ecmo_flow")
    report = shipped.report.model_copy(update={"directions": []})  # of steps that are not here
    return shipped.model_copy(update={"protocol": protocol, "criteria": [], "report": report}).run()


def test_flow_above_six_tenths_of_the_output_saturates(run):
    assert not run.failures
    share = run.of("ecmo.flow.mean")[0] / run.of("monitor.cardiac_output.mean")[0]
    saturation = run.of("gas_aorta.SO2.mean")[0]
    assert share[0] < 0.3 and saturation[0] < 85
    assert share[1] > ENOUGH and saturation[1] > 90


def test_no_step_brings_the_patient_below_what_the_trial_allows(run):
    (floor,) = (c for c in load("vv_ecmo_flow").criteria if c.measure == "gas_aorta.SO2.mean" and c.step == "every")
    assert run.of("gas_aorta.SO2.mean")[0].min() >= parse_quantity(floor.at_least).to(percent)


def test_gas_moves_carbon_dioxide_and_hardly_oxygen(run):
    _, before, after = run.of("gas_aorta.PCO2.mean")[0]
    assert after < before - 2
    _, before, after = run.of("gas_aorta.SO2.mean")[0]
    assert abs(after - before) < 1.5
