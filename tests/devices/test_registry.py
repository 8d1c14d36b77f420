"""Devices are found by their folder."""

import pytest

from proband import devices
from proband.model import ModelError


def test_pumps_are_found():
    assert {"heartmate3", "hvad", "heartmate2", "corheart6_band"} <= set(devices.names())
    assert devices.load("heartmate3").__name__ == "heartmate3"


def test_unknown_name_gives_one_sentence_with_the_nearest():
    with pytest.raises(ModelError, match=r"no device 'heartmat3' \(did you mean heartmate3\?\)") as caught:
        devices.load("heartmat3")
    assert str(caught.value).count("\n") == 0


def test_outsiders_come_by_entry_point(monkeypatch):
    class Point:
        name, value = "their_pump", "their.package:their_pump"

        def load(self):
            return print

    monkeypatch.setattr(
        devices.importlib.metadata, "entry_points", lambda group: [Point()] if group == devices.GROUP else []
    )
    devices._found.cache_clear()
    try:
        assert "their_pump" in devices.names()
    finally:
        monkeypatch.undo()
        devices._found.cache_clear()


def test_a_name_is_given_once(monkeypatch):
    class Point:
        name, value = "hvad", "their.package:hvad"

        def load(self):
            return {"hvad": print}

    monkeypatch.setattr(devices.importlib.metadata, "entry_points", lambda group: [Point()])
    devices._found.cache_clear()
    try:
        with pytest.raises(ModelError, match="that name is taken"):
            devices.names()
    finally:
        monkeypatch.undo()
        devices._found.cache_clear()
