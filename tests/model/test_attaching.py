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


def test_contents_come_and_go_with_the_device():
    body = Body(mouth=door()).attach(tube=device())
    assert body.contents["tube.bag.oxygen"] == pytest.approx((2.0 * mmol / mL).si)
    assert not body.detach("tube").contents


def test_a_choice_is_made_by_name():
    row = Body(mouth=door()).row("mouth.mode")[1]
    assert row.accept("fast", "mouth.mode") == 1
    with pytest.raises(ModelError, match="choose slow, fast"):
        row.accept("sideways", "mouth.mode")
