"""Impossible settings are refused with the reason before anything runs."""

import pytest

from proband.devices.ventilator import MODES, check, modes, neonatal_ventilator, paediatric_ventilator, ventilator
from proband.model import ModelError
from proband.units import *


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"mode": "PC-CMV", "peep": 20 * cmH2O, "inspiratory_pressure": 15 * cmH2O}, "peep 20 cmH2O is not below inspiratory pressure 15"),
        ({"mode": "APRV", "peep": 25 * cmH2O, "high_pressure": 25 * cmH2O}, "not below high pressure 25"),
        ({"oxygen": 0.1}, "room air holds 0.21"),
        ({"mode": "PC-CMV", "inspiratory_pressure": 45 * cmH2O}, "above the pressure limit"),
        ({"mode": "PSV", "support": 36 * cmH2O}, "reaches the pressure limit"),
        ({"rate": 40 * per_min, "inspiratory_time": 1.4 * s}, "at most 85 %"),
        ({"inspiratory_time": 1.0 * s, "pause_time": 0.95 * s}, "shorten the pause"),
        ({"tidal_volume": 2000 * mL, "inspiratory_time": 0.5 * s}, "more than the 150 L/min"),
        ({"mode": "PC-SMV"}, "there is no mode 'PC-SMV' (did you mean PC-SIMV"),
        ({"mode": 4.5}, "there is no mode 4.5"),
        ({"tube": 25 * mm}, "a tracheal tube of 25 mm is not made"),
        ({"size": "adlt"}, "did you mean adult"),
        ({"peeep": 5 * cmH2O}, "no setting 'peeep' (did you mean peep"),
        ({"peep": 5 * mL}, "its unit is cmH2O"),
        ({"low_minute_volume": 20 * L_min}, "the alarm would never rest"),
    ],
)  # fmt: skip
def test_refuses(settings, said):
    with pytest.raises(ModelError) as refusal:
        ventilator("lung", **settings)
    assert said in str(refusal.value)


def test_what_one_mode_does_not_use_is_not_judged():
    ventilator("lung", mode="VC-CMV", peep=22 * cmH2O, inspiratory_pressure=15 * cmH2O)


def test_a_protocol_can_ask_before_it_runs():
    assert ventilator("lung").check is check
    with pytest.raises(ModelError, match="at most 85 %"):
        check({"set_rate": 40 * per_min, "inspiratory_time": 1.4 * s})
    check({"mode": 1.0, "peep": 5 * cmH2O, "inspiratory_pressure": 20 * cmH2O})
    with pytest.raises(ModelError, match=r"room air holds 0\.21"):
        check({"oxygen": 0.1})


def test_modes_have_common_names():
    assert modes.number("SIMV") == MODES["VC-SIMV"][0] and modes.number("autoflow") == MODES["PRVC"][0]
    assert modes.name(5.0) == "PSV"
    assert len({n for n, _, _ in MODES.values()}) == 9


def test_choices_are_made_by_name():
    breath = ventilator("lung", mode="SIMV", trigger="pressure", descending="descending").parts["breath"]
    assert [breath.value(row) for row in ("mode", "trigger", "descending")] == [3.0, 1.0, 1.0]
    with pytest.raises(ModelError, match="choose none, pressure, flow"):
        ventilator("lung", trigger="volume")


def test_each_size_has_settings_that_it_accepts():
    for make in (ventilator, paediatric_ventilator, neonatal_ventilator):
        assert make("lung").parts["circuit"].component.name == "circuit"


def test_every_value_has_a_source():
    for make in (ventilator, paediatric_ventilator, neonatal_ventilator):
        for name, part in make("lung").parts.items():
            for row in part.component.rows.values():
                if row.kind == "param":
                    assert part.source(row.name) not in ("", "data sheet"), f"{name}.{row.name}"
