"""Water in gas against tables that everybody has."""

import pytest

from proband.laws.gas import ATPD_TO_BTPS
from proband.laws.humidity import burden, dew_point, grown, saturated
from proband.units import *


@pytest.mark.parametrize(("celsius", "held"), [(0, 4.85), (20, 17.3), (30, 30.4), (34, 37.6), (37, 43.9)])
def test_saturated_gas_holds_what_the_steam_tables_say(celsius, held):
    assert saturated((celsius + 273.15) * K).to(mg / L) == pytest.approx(held, rel=0.005)


@pytest.mark.parametrize("celsius", [18.0, 26.0, 30.0, 36.0])
def test_the_dew_point_turns_it_round(celsius):
    assert dew_point(saturated((celsius + 273.15) * K)).to(K) == pytest.approx(celsius + 273.15, abs=0.002)


def test_dry_gas_of_a_room_grows_as_every_volume_here_does():
    assert float(grown(0 * mg / L, 295.15 * K)) == pytest.approx(ATPD_TO_BTPS, rel=1e-3)


def test_gas_at_body_temperature_and_full_of_water_costs_nothing():
    water, heat = burden(saturated(310.15 * K), 310.15 * K, 10 * L_min)
    assert water.to(mg / min_) == pytest.approx(0, abs=0.5) and heat.to(W) == pytest.approx(0, abs=0.02)


def test_ten_litres_of_dry_gas_cost_the_water_that_they_hold_and_its_heat():
    water, heat = burden(0 * mg / L, 295.15 * K, 10 * L_min)
    assert water.to(mg / min_) == pytest.approx(438, rel=0.01)
    assert heat.to(W) == pytest.approx((438e-3 * 2410 + 8.93 * 1.15 * 15) / 60, rel=0.01)
