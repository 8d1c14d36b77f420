"""Indicator dilution: what is injected on the venous side comes by once."""

import numpy as np
import pytest

from proband import patients
from proband.engine import Engine
from proband.model import Substance
from proband.organs.vessels import clearance, injection
from proband.units import *

BEDS = ("brain", "heart_muscle", "upper_body", "kidneys", "splanchnic", "liver", "lower_body")


@pytest.fixture(scope="module")
def curve():
    body = (
        patients.load("healthy_man")
        .carrying(Substance("dye", mmol, "indicator"))
        .attach(
            needle=injection("pulmonary_artery", substance="dye"),
            **{f"clear_{b}": clearance(b, substance="dye", K=5000 * mL / s) for b in BEDS},
        )
    )
    signals = [
        "aortic_valve.flow",
        "left_ventricle.dye_concentration",
        "aorta.dye_concentration",
        "monitor.native_flow",
    ]
    run = Engine(body, observe=signals).start(patients=1)
    run.advance(120 * s)
    run.record(every=1 * ms)
    run.command("needle.dose", 1 * mmol / s)
    run.advance(1 * s)
    run.command("needle.dose", 0 * mmol / s)
    run.advance(59 * s)
    return {k: np.asarray(v).squeeze() for k, v in run.traces().items()}


def test_all_of_it_passes_the_aortic_valve_once(curve):
    flow = curve["aortic_valve.flow"] * 1000 / 60  # mL/s
    carried = np.where(flow > 0, curve["left_ventricle.dye_concentration"], curve["aorta.dye_concentration"])  # mmol/mL
    assert np.sum(flow * carried) * 1e-3 == pytest.approx(1.0, abs=0.005)


def test_stewart_hamilton_finds_the_output(curve):
    area = np.sum(curve["aorta.dye_concentration"]) * 1e-3  # mmol s/mL
    assert 1.0 / area * 60 / 1000 == pytest.approx(np.mean(curve["monitor.native_flow"]), rel=0.05)
