"""What a device brings with it: contents, a check of its settings, and rows of the body that it changes."""

import pytest

from proband.model import *
from proband.units import *


@compartment
def bag(volume=state(10.0, mL, "gas"), C=param(1.0, mL / mmHg, "compliance", "assumed: a test")):
    """A bag."""
    return gives(pressure=volume / C)


@signal
def door(open=command(1.0, one, "1: open", low=0, high=1), mode=command(0.0, one, "how", names={"slow": 0, "fast": 1})):
    """Something that can be shut."""
    return gives(shut=(1 - open, one, "1: shut"))


def device():
    return Assembly(
        {"bag": bag()},
        contents={".bag.oxygen": 2.0 * mmol / mL},
        sets={"mouth.open": 0.0, "nowhere.open": 0.0},
    )


def test_attaching_changes_rows_that_the_body_has_and_says_so():
    body = Body(mouth=door())
    with_device = body.attach(tube=device())
    assert body.value("mouth.open").si == 1 and with_device.value("mouth.open").si == 0
    assert "tube" in with_device.parts["mouth"].source("open")


@signal
def ear(hears=reads(mmHg, "a pressure", otherwise=0.0)):
    """Something that listens."""
    return gives(told=(hears, mmHg, "what it hears"))


def test_attaching_lets_a_row_listen_elsewhere():
    body = Body(ear=ear(), here=bag())
    thing = Assembly({"bag": bag()}, sets={"ear.hears": "here.pressure"})
    assert body.attach(thing=thing).parts["ear"].wires["hears"] == "here.pressure"


def test_contents_come_and_go_with_the_device():
    body = Body(mouth=door()).attach(tube=device())
    assert body.contents["tube.bag.oxygen"] == pytest.approx((2.0 * mmol / mL).si)
    assert not body.detach("tube").contents


def test_a_choice_is_made_by_name():
    row = Body(mouth=door()).row("mouth.mode")[1]
    assert row.accept("fast", "mouth.mode") == 1
    with pytest.raises(ModelError, match="choose slow, fast"):
        row.accept("sideways", "mouth.mode")


@membrane
def skin(told=reads(mmol / s, "what is to cross", otherwise=0.0)):
    """Lets through what it is told."""
    return gives(rate=told)


@signal
def asking(rate=reads(mmol / s, "seen", otherwise=2.0)):
    """What it sees."""
    return gives(asked=(rate, mmol / s, "as read"))


def lung():
    needs = {"skin": ("oxygen",)}
    parts = {
        "inside": bag(), "outside": bag(), "console": asking(rate=".skin.rate"), "skin": skin(".inside", ".outside", substance="oxygen"),
    }  # fmt: skip
    return Assembly(parts, tells={"crossing": ".skin.rate", "asked": ".console.asked"}, needs=needs)


def test_gas_exchange_is_left_out_where_no_gas_is_carried():
    empty = Body(mouth=door())
    without = empty.attach(lung=lung())
    assert "lung.skin" not in without.parts and "lung.crossing" not in without.aliases
    assert not without.parts["lung.console"].wires and without.aliases["lung.asked"] == "lung.console.asked"
    carrying = empty.carrying(Substance("oxygen", mmol)).attach(lung=lung())
    assert "lung.skin" in carrying.parts and carrying.parts["lung.console"].wires["rate"] == "lung.skin.rate"
    assert "lung.crossing" in carrying.aliases


def test_what_is_not_declared_as_needing_gas_is_still_refused_without():
    with pytest.raises(ModelError, match="carries none"):
        Body(mouth=door()).attach(lung=Assembly(lung().parts))
