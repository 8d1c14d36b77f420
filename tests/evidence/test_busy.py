"""A benchmark says how busy the machine was, and warns where that spoils it."""

import os

import pytest

from proband.evidence import busy


@pytest.mark.parametrize(("threads", "warned"), [(0.4, False), (1.0, False), (1.1, True), (7.25, True)])
def test_a_busy_machine_is_told_in_one_sentence(monkeypatch, threads, warned):
    monkeypatch.setattr(os, "getloadavg", lambda: (threads, 0.0, 0.0), raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert busy.load() == threads
    said = busy.warning(busy.load())
    assert bool(said) == warned
    assert not warned or (f"{threads:.1f} threads" in said and "4 cores" in said)


def test_where_nobody_counts_nothing_is_said(monkeypatch):
    monkeypatch.delattr(os, "getloadavg", raising=False)
    assert busy.load() is None and busy.warning(None) == ""


def test_where_counting_fails_nothing_is_said(monkeypatch):
    def fail():
        raise OSError

    monkeypatch.setattr(os, "getloadavg", fail, raising=False)
    assert busy.load() is None
