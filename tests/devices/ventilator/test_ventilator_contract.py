"""The ventilator keeps the contract of every device, on a test lung that carries gases."""

from pathlib import Path

import pytest

from proband.benches.test_lung import bellows, muscles, test_lung
from proband.devices import ventilator as room
from proband.devices.ventilator import neonatal_ventilator, ventilator
from proband.laws.gas import AIR, inspired
from proband.model import Substance
from proband.testing import DeviceContract
from proband.units import *


class TestVentilator(DeviceContract):
    components = (
        *{p.component.name: p.component for p in ventilator("lung").parts.values()}.values(),
        bellows,
        muscles,
    )
    seconds = 1.0
    patients = 1
    page = Path(room.__file__).parent / "page.md"

    def body(self):
        body = test_lung(ventilator, tube=True, active=True, mode="PSV", oxygen=0.6)
        filled = body.filled({f"lung.{gas}": inspired(AIR[gas]) for gas in ("oxygen", "nitrogen")})
        return filled.carrying(Substance("oxygen", mmol, period=10 * ms), Substance("nitrogen", mmol, period=10 * ms))


def test_what_is_breathed_takes_on_the_set_oxygen():
    """Half an hour's washout of nitrogen from a test lung: its gas becomes what the ventilator gives."""
    from proband.engine import Engine

    body = TestVentilator().body()
    run = Engine(body, observe=["lung.oxygen_concentration", "lung.nitrogen_concentration"], lanes=1).start(1)
    run.command("muscles.strength", 6 * cmH2O)
    run.advance(90 * s)
    run.look()
    oxygen, nitrogen = (run.column(f"lung.{gas}_concentration")[0] for gas in ("oxygen", "nitrogen"))
    assert oxygen / (oxygen + nitrogen) == pytest.approx(0.6, abs=0.01)


def test_a_newborns_lung_is_ventilated():
    from proband.engine import Engine

    body = test_lung(neonatal_ventilator, C=3 * mL / cmH2O, R=50 * cmH2O * s / L)
    run = Engine(body, observe=["ventilator.VT_in", "ventilator.measured_rate"], lanes=1).start(1)
    run.advance(30 * s)
    run.look()
    assert run.column("ventilator.VT_in")[0] == pytest.approx(3 * 13 * (1 - 2.718 ** (-0.4 / 0.15)), rel=0.12)
    assert run.column("ventilator.measured_rate")[0] == pytest.approx(40, rel=0.01)
    assert run.events(alarms=True) == []
