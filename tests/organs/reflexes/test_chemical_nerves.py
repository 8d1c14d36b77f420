"""What gases ask of the nerves of heart and vessels, part by part."""

import math

import pytest

from proband.organs import reflexes

REST = {"PO2": 99, "PCO2": 39, "volume": 2500}


def drives(times=600, **blood):
    """After a minute of this blood, without a breath unless `scatter` says so."""
    told = {
        "firing": 2.39,
        "starved_vessels": 0.0,
        "starved_heart": 0.0,
        "acid": 0.0,
        "scatter": 500**2 / 8,
        "middle": 2500,
    }
    memory = dict(told)
    for _ in range(times):
        memory |= {"scatter": told["scatter"], "middle": 2500}  # breaths of half a litre
        now = reflexes.chemical_drives.evaluate(**{**REST, **blood}, **memory)
        memory = {name: now[f"next_{name}"] for name in memory}
    return now


def test_nothing_is_asked_at_rest():
    now = drives()
    assert [now[x] for x in ("vessels", "heart", "vagus")] == pytest.approx([0, 0, 0], abs=0.15)
    assert now["tidal"] == pytest.approx(500, rel=0.01)


def test_want_of_oxygen_drives_vessels_and_heart():
    mild, deep = drives(PO2=60), drives(PO2=40)
    assert 0 < mild["vessels"] < deep["vessels"] and 0 < mild["heart"] < deep["heart"]
    assert drives(PO2=32)["heart"] > 25  # the starved centres of Ursino & Magosso 2000, which man has at less oxygen


def test_oxygen_takes_a_little_of_the_traffic_to_the_vessels():
    """A fifth in man (Seals 1991, as remembered): of the firing above its lowest."""
    assert math.exp(0.0675 * drives(PO2=600)["vessels"]) == pytest.approx(0.8, abs=0.06)


def test_carbon_dioxide_multiplies_what_want_of_oxygen_says():
    assert drives(PO2=50, PCO2=45)["vessels"] > drives(PO2=50)["vessels"] > drives(PO2=50, PCO2=33)["vessels"]


def test_too_little_carbon_dioxide_leaves_the_heart_as_it_is():
    """Only the carotid bodies say a little less."""
    assert drives(PCO2=30)["next_acid"] == 0 < drives(PCO2=41)["next_acid"]
    assert drives(PCO2=30)["heart"] == pytest.approx(0, abs=2.5)


def test_without_breath_want_of_oxygen_slows_the_heart():
    """The diving answer: breathing holds the carotid bodies off the vagus."""
    rest = {"firing": 7.0, "middle": 2500, "scatter": 1.0}
    # It was 1.5 while the lungs' own stretch held the vagus four times as much, as in dogs.
    assert reflexes.chemical_drives.evaluate(PO2=40, PCO2=45, volume=2500, **rest)["vagus"] > 1.0
    assert drives(PO2=40, PCO2=45)["vagus"] < 0.05


def test_nerves_without_chemistry_are_the_baroreflex():
    for sympathetic in (-1.0, 0.0, 1.2):
        now = reflexes.autonomic_nerves.evaluate(
            sympathetic=sympathetic, vagal=0.4, to_vessels=0, to_heart=0, to_vagus=0
        )
        assert now["vessels"] == pytest.approx(sympathetic) and now["heart"] == pytest.approx(sympathetic)
        assert now["vagus"] == pytest.approx(0.4)


def test_chemistry_multiplies_the_firing():
    quiet = {"vagal": 0, "to_heart": 0, "to_vagus": 0}
    now = reflexes.autonomic_nerves.evaluate(sympathetic=0, to_vessels=10, **quiet)["vessels"]
    firing = (math.exp(1.1) - 1 + 0.56) * math.exp(0.675)
    assert now == pytest.approx(math.log(firing - 0.56 + 1) - 1.1)
    loaded = reflexes.autonomic_nerves.evaluate(sympathetic=-0.9, to_vessels=10, **quiet)["vessels"] + 0.9
    assert 0 < loaded < now  # loaded arteries hold it back


def test_the_strongest_firing_is_reached_and_not_passed():
    told = {"sympathetic": 1.0, "vagal": -4.0, "to_vessels": 200, "to_heart": 80, "to_vagus": -9}
    now = reflexes.autonomic_nerves.evaluate(**told)
    assert now["vessels"] == pytest.approx(now["heart"]) == pytest.approx(math.log(57.9 - 0.56 + 1) - 1.1)
    assert now["vagus"] == pytest.approx(-4.767)
