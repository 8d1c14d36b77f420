"""On which side of the heart the places of a body lie."""

from proband.devices.ecmo.sites import SITES
from proband.laws.sides import CHAMBERS, SIDES, side
from proband.patients import load


def test_every_site_of_a_cannula_and_every_chamber_has_a_side():
    assert all(side(place) for place in (*SITES, *CHAMBERS))
    assert side("tank") is None


def test_each_place_lies_on_one_side_and_is_a_place_of_the_body():
    places = [place for of_side in SIDES.values() for place in of_side]
    assert len(places) == len(set(places))
    body = load("healthy_man")
    assert {n for n, part in body.parts.items() if part.component.kind == "compartment"} >= set(places)


def test_blood_flows_from_arteries_into_no_chamber():
    """Every path that leaves an artery leads to an artery or a bed of an organ: so the names are right."""
    body = load("healthy_man")
    ends = [p.ends for p in body.parts.values() if p.component.kind == "path"]
    led = [side(end) for begin, end in ends if side(begin) == "arterial"]
    assert len(led) > 5
    assert set(led) == {None, "arterial"}
