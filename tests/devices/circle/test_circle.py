"""A circle gives back what is breathed into it, freed of carbon dioxide, and mixed with as much fresh gas as flows."""

from pathlib import Path

import pytest

from proband.devices.circle import circle, parts
from proband.engine import Engine, cpu
from proband.model import Body, ModelError
from proband.organs import lungs
from proband.patients import load
from proband.patients.gases import CARRIED
from proband.testing import DeviceContract
from proband.units import *

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")

SHARE = 27.12  # mL/mmol: a concentration times this is a share of the dry gas
WATCH = ["circle.inspired_oxygen", "circle.bag_volume", "circle.pressure", "airway.carbon_dioxide_concentration", "chest_wall.lung_volume", "circle.canister.carbon_dioxide_concentration"]  # fmt: skip


@pytest.fixture(scope="module")
def breathing():
    """The man after a minute and a half at a circle full of oxygen, with 1 and with 10 L/min."""
    run = Engine(load("breathing_man").attach(circle=circle("airway", "room")), observe=WATCH).start(
        2, values={"circle.oxygen_flow": [1.0, 10.0]}
    )
    run.advance(90 * s)
    run.begin_window()
    run.advance(15 * s)
    assert not run.failures
    return run.window()


def test_little_fresh_gas_leaves_nitrogen_in_what_is_breathed(breathing):
    little, much = breathing.mean("circle.inspired_oxygen")
    assert 0.6 < little < 0.85
    assert 0.95 < much < 1.0


def test_soda_lime_leaves_hardly_any_carbon_dioxide(breathing):
    assert breathing.max("airway.carbon_dioxide_concentration")[1] * SHARE > 0.03
    assert (breathing.max("circle.canister.carbon_dioxide_concentration") * SHARE < 0.001).all()


def test_surplus_gas_leaves_and_the_bag_stays_its_size(breathing):
    assert (breathing.max("circle.bag_volume") < 3000).all()
    assert (breathing.min("circle.bag_volume") > 300).all()
    assert (breathing.max("circle.pressure") < 2.5).all()


def test_a_hand_gives_breaths_to_one_who_has_none():
    body = load("apnoea").attach(circle=circle("trachea", "room", squeeze=10 * cmH2O, relief_pressure=10 * cmH2O))
    run = Engine(body, observe=["chest_wall.lung_volume"]).start(1)
    run.advance(20 * s)
    run.begin_window()
    run.advance(15 * s)
    window = run.window()
    breath = window.max("chest_wall.lung_volume")[0] - window.min("chest_wall.lung_volume")[0]
    assert 300 < breath < 1200


def test_an_unknown_setting_is_refused_with_the_nearest():
    with pytest.raises(ModelError, match="did you mean oxygen_flow"):
        circle("airway", oxygen_flo=3 * L_min)


class TestCircle(DeviceContract):
    components = (parts.bag, parts.canister, parts.passage, parts.flap, parts.relief_valve, parts.fresh_gas, parts.absorbent, parts.hand, parts.joint)  # fmt: skip
    page = Path(parts.__file__).parent / "page.md"

    def body(self):
        """A bag for a lung, which the hand fills and empties."""
        lung = Body(airway=lungs.airway_segment(V_0=1000 * mL, P_s=20 * cmH2O, volume=1000 * mL))
        full = {"airway.oxygen": 8 * mmol / L}
        return lung.carrying(*CARRIED).filled(full).attach(circle=circle("airway", squeeze=10 * cmH2O))
