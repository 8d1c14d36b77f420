"""Recirculation as a bolus shows it, against a label that leaves the oxygenator all the time and is gone beyond the right heart."""

import numpy as np
import pytest

from proband import patients
from proband.devices.ecmo import ecmo
from proband.engine import Engine
from proband.model import Substance
from proband.organs.vessels import clearance, injection
from proband.units import *

BEDS = ("brain", "heart_muscle", "upper_body", "kidneys", "splanchnic", "liver", "lower_body")


def test_a_bolus_tells_the_recirculation_that_a_steady_label_shows():
    body = patients.load("healthy_man")
    body = patients.with_blood_volume(body, patients.blood_volume(body) + 500 * mL)
    body = body.carrying(Substance("indicator", mmol, "bolus", 10 * ms), Substance("dye", mmol, "label", 10 * ms)).attach(
        ecmo=ecmo(
            "vena_cava_inferior", "right_atrium", mode=1.0, drainage="hls 29", returning="hls 23", measure_recirculation=1.0
        )
    )  # fmt: skip
    sinks = {f"clear_{b}": clearance(b, substance="dye", K=2500 * mL / s) for b in (*BEDS, "pulmonary_artery")}
    body = body.attach(needle=injection("ecmo.return_line", substance="dye"), **sinks)
    names = ["ecmo.recirculation", "ecmo.drainage.dye_concentration", "ecmo.return_line.dye_concentration"]
    run = Engine(body, observe=names).start(patients=3)
    run.command("ecmo.set_flow", [2.0, 3.5, 5.0])
    run.command("needle.dose", 0.01)
    run.advance(60 * s)
    run.begin_window()
    run.advance(80 * s)
    assert not run.failures
    told, drained, returned = (np.array(run.window().mean(n)) for n in names)
    assert told[0] < told[1] < told[2]
    assert run.now("ecmo.recirculation") == pytest.approx(100 * drained / returned, abs=1.0)


def test_without_an_indicator_nothing_is_measured():
    body = patients.load("healthy_man").attach(
        ecmo=ecmo("vena_cava_inferior", "right_atrium", measure_recirculation=1.0)
    )
    assert "ecmo.dilution" not in body.parts and "ecmo.recirculation" not in body.aliases
