"""What a body tells, under which names and in which units."""

import pytest
from model_parts import watch

from proband.model import Assembly, Body, Substance
from proband.model.signals import signals, told
from proband.units import *
from small_parts import tube, vessel


@pytest.fixture
def carrying() -> Body:
    sensor = Assembly(parts={"sensor": watch(pressure="b.pressure")}, tells={"seen": ".sensor.half"})
    body = Body(b=vessel(), a=vessel(), tube=tube("a", "b"), monitor=sensor)
    return body.carrying(Substance("dye", mmol, "a label"))


def test_flows_are_read_in_litres_a_minute(carrying):
    assert told(carrying, "tube")["flow"].unit == L_min


def test_compartments_tell_the_substances_in_them_and_paths_do_not(carrying):
    found = told(carrying, "a")
    assert [*found][-2:] == ["dye", "dye_concentration"]
    assert found["dye_concentration"].unit.dimension == (mmol / mL).dimension
    assert found["dye"].meaning == "dye in a" and "dye" not in told(carrying, "tube")


def test_short_names_come_first_and_every_name_once(carrying):
    names = signals(carrying)
    assert names[0] == "monitor.seen" and "monitor.sensor.half" in names
    assert names.index("a.pressure") < names.index("b.dye_concentration") and len(set(names)) == len(names)
