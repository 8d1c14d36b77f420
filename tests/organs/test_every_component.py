"""What every organ, law and part of a device must keep: units that meet, sources that are there, a docstring."""

import importlib
import pkgutil

import pytest

import proband.devices
import proband.laws
import proband.organs.blood
import proband.organs.heart
import proband.organs.lungs
import proband.organs.monitor
import proband.organs.reflexes
import proband.organs.tissue
import proband.organs.vessels
from proband.model import Component
from proband.units import s


def found() -> list[Component]:
    components: dict[tuple[str, str], Component] = {}
    for room in (
        proband.laws,
        proband.organs.blood,
        proband.organs.heart,
        proband.organs.lungs,
        proband.organs.monitor,
        proband.organs.vessels,
        proband.organs.reflexes,
        proband.organs.tissue,
        proband.devices,
    ):
        for module in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
            for thing in vars(importlib.import_module(module.name)).values():
                if isinstance(thing, Component) and thing.module == module.name:
                    components[thing.module, thing.name] = thing
    return list(components.values())


COMPONENTS = found()


def test_there_are_components():
    assert len(COMPONENTS) >= 100


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: c.name)
def test_units_meet_and_rows_speak(component: Component):
    assert component.outputs is not None  # raises where two units cannot meet
    assert component.doc
    for row in component.rows.values():
        if row.kind == "param":
            assert row.source.strip() and row.meaning.strip(), f"{component.name}.{row.name}"


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: c.name)
def test_ranges_contain_the_tables_value(component: Component):
    for row in component.rows.values():
        if row.value is not None:
            assert row.low is None or row.low <= row.value
            assert row.high is None or row.value <= row.high


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: c.name)
def test_no_time_and_no_volume_held_is_below_zero(component: Component):
    for row in component.rows.values():
        time = row.kind == "param" and row.unit.dimension == s.dimension and row.value >= 0  # a gain may be below zero
        if time or (component.kind == "compartment" and row.name == "volume"):
            assert row.low is not None and row.low >= 0, f"{component.name}.{row.name}"
