"""The type test of ventilators, and that it can fail."""

import functools
import json

import pytest

from proband.benches.ventilator_cases import accuracies, bound_of_volume, iso_cases, lines, run_cases
from proband.devices.ventilator import ventilator
from proband.engine import Engine
from proband.units import *


@pytest.fixture(scope="module")
def outcomes():
    return run_cases(ventilator, Engine)


def test_there_are_42_cases_and_the_uncertain_ones_are_marked(outcomes):
    assert len(outcomes) == 42 and [o["case"] for o in outcomes[:2]] == ["VC 1", "VC 2"]
    assert [o["case"] for o in outcomes if o["uncertain"]] == ["VC 7", "VC 8", "VC 20", "PC 7", "PC 8", "PC 20"]


def test_every_case_is_within_its_bound(outcomes):
    assert [o["case"] for o in outcomes if not o["passed"]] == []


def test_volume_is_judged_in_volume_control_and_only_told_in_pressure_control(outcomes):
    for o in outcomes:
        assert set(o["error"]) == ({"volume", "peep"} if o["mode"] == "VC-CMV" else {"pressure", "peep"})
        assert o["measured"]["volume"] > 1


def test_pressure_control_volumes_are_those_of_an_ideal_ventilator(outcomes):
    """Cases 7, 8, 11 and 13 expect 300, 200, 50 and 30 mL; an ideal ventilator gives 255, 250, 74 and 44."""
    volumes = {o["case"]: o["measured"]["volume"] for o in outcomes}
    assert [volumes[f"PC {n}"] for n in (7, 8, 11, 13)] == pytest.approx([255, 250, 74, 44], rel=0.06)


def test_oxygen_comes_out_as_set(outcomes):
    for o in outcomes:
        assert o["measured"]["oxygen"] == pytest.approx(o["set"]["oxygen"], abs=3)


def test_the_bound_never_lets_nothing_pass():
    assert bound_of_volume(500) == pytest.approx(42) and bound_of_volume(50) == pytest.approx(7)
    assert bound_of_volume(5) == pytest.approx(2.5) and bound_of_volume(2) == pytest.approx(1)


def test_the_form_of_bias_and_linear_error_covers_every_case(outcomes):
    form = accuracies(outcomes)["VC-CMV volume"]
    for o in outcomes[:21]:
        assert abs(o["error"]["volume"]) <= form["bias"] + form["linear_percent"] / 100 * o["set"]["volume"] + 1e-9
    assert len(lines(outcomes)) == 42 + 4


def test_a_ventilator_with_a_bad_flow_sensor_fails():
    cases = [c for c in iso_cases() if c.name in ("VC 3", "VC 14", "PC 3")]
    bad = functools.partial(ventilator, gain_in=0.8)
    assert [o["passed"] for o in run_cases(bad, Engine, cases)] == [False, False, True]


def test_the_command_tells_every_case_as_json(capsys):
    from proband.cli.serving import serve

    assert serve(["test", "ventilator", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["cases"]) == 42
    assert {"case", "mode", "set", "measured", "error", "passed"} <= set(told["cases"][0])


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--device", "heartmate3"], "'heartmate3' is no ventilator"), (["--speeds", "3"], "takes no --speeds")],
)
def test_the_command_refuses_what_it_cannot_use(capsys, words, said):
    from proband.cli.serving import serve

    assert serve(["test", "ventilator", *words]) != 0
    assert said in capsys.readouterr().err
