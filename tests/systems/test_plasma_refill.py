"""Nothing refills the blood from the tissues here, so what was measured after more than five minutes may not count."""

import csv
from pathlib import Path

import pytest

from proband import patients
from proband.engine import Engine
from proband.laws.line import blood_bag, line
from proband.units import *

VALIDATION = Path(__file__).parents[2] / "validation"


def test_late_rows_of_guytons_bleeds_are_left_out_and_say_why():
    with open(VALIDATION / "left_out.csv", encoding="utf-8") as file:
        late = [line for line in csv.reader(file) if "Guyton" in " ".join(line) and "late arterial" in " ".join(line)]
    assert late
    assert all("refill" in line[-1] and "5 min" in line[-1] for line in late)
    for table in ("circulation", "support", "pumps"):
        with open(VALIDATION / f"{table}.csv", encoding="utf-8") as file:
            assert not [row for row in csv.reader(file) if "late arterial" in " ".join(row)]


def test_what_was_bled_stays_away():
    body = patients.load("healthy_man").attach(bag=blood_bag(), bleed=line("vena_cava_inferior", "bag"))
    run = Engine(body, observe=["aorta.pressure"]).start()
    places = [n for n, p in body.parts.items() if p.component.kind == "compartment" and n != "bag"]
    before = sum(run.value(f"{n}.volume")[0] for n in places)
    run.command("bleed.rate", 10 * mL / s)
    run.advance(50 * s)
    run.command("bleed.rate", 0 * mL / s)
    run.advance(120 * s)
    assert sum(run.value(f"{n}.volume")[0] for n in places) == pytest.approx(before - 500, abs=1e-6)
