"""Each patient at rest: the published or assumed ranges, and what must hold in any steady circulation."""

import numpy as np
import pytest

from proband import patients
from proband.engine import Engine
from proband.units import *

NAMES = patients.names("sheets")

# Ranges: Heldt 2004 Table 4.1 and Hudsmith 2005 (healthy), INTERMACS-like cohorts (severe failure), else the sheet's description.
RANGES = {
    "healthy_man": {"mean_arterial": (82, 100), "systolic": (112, 135), "diastolic": (64, 78), "central_venous": (2, 6), "left_end_diastolic": (6.4, 11),
                        "wedge": (5, 11), "pulmonary_mean": (14, 20), "pulmonary_systolic": (18, 26), "heart_rate": (64, 75), "cardiac_output": (5.0, 6.2),
                        "ejection_fraction": (55, 65), "left_end_diastolic_volume": (131, 189), "left_end_systolic_volume": (34, 70)},
    "healthy_woman": {"mean_arterial": (82, 100), "cardiac_output": (4.2, 5.4), "ejection_fraction": (55, 65), "left_end_diastolic_volume": (105, 150)},
    "healthy_young": {"mean_arterial": (83, 103), "stroke_volume": (89, 108), "heart_rate": (60, 75), "pulse_pressure": (50, 70), "central_venous": (2, 8)},
    "hfref_moderate": {"ejection_fraction": (26, 35), "wedge": (12, 20), "mean_arterial": (78, 95), "cardiac_output": (4.2, 5.4)},
    "hfref_severe": {"ejection_fraction": (14, 20), "wedge": (22, 27), "mean_arterial": (74, 84), "central_venous": (10, 14), "cardiac_output": (3.4, 4.0),
                         "pulmonary_mean": (32, 40), "left_end_diastolic_volume": (220, 300)},
    "hfref_supported": {"ejection_fraction": (12, 22), "mean_arterial": (65, 82), "cardiac_output": (3.0, 4.2)},  # its pump switched off
    "hfref_severe_ph": {"pulmonary_mean": (40, 52), "wedge": (22, 28), "cardiac_output": (3.3, 4.1), "ejection_fraction": (13, 20)},
    "right_heart_failure": {"central_venous": (14, 20), "cardiac_output": (3.2, 4.0), "ejection_fraction": (13, 20)},
    "hfpef": {"ejection_fraction": (52, 68), "wedge": (16, 22), "pulse_pressure": (60, 85)},
    "diastolic_dysfunction": {"ejection_fraction": (56, 70), "left_end_diastolic": (10, 15), "cardiac_output": (5.5, 7.5), "central_venous": (3, 8)},
    "aortic_regurgitation": {"pulse_pressure": (75, 110), "diastolic": (40, 58), "left_end_diastolic_volume": (200, 270), "ejection_fraction": (52, 66)},
    "hypertension": {"systolic": (145, 165), "diastolic": (80, 98), "ejection_fraction": (52, 68)},
}  # fmt: skip


@pytest.mark.parametrize(("name", "quantity"), [(n, q) for n in NAMES for q in RANGES[n]])
def test_resting_value(patient, name, quantity):
    low, high = RANGES[name][quantity]
    assert low <= patient(name).rest[quantity] <= high


@pytest.mark.parametrize("name", NAMES)
def test_rest_is_steady(patient, name):
    rested = patient(name)
    later = rested.after(180)
    for quantity in ("mean_arterial", "cardiac_output", "wedge", "central_venous", "left_end_diastolic_volume"):
        assert later[quantity] == pytest.approx(rested.rest[quantity], rel=0.02, abs=0.1)


@pytest.mark.parametrize("name", NAMES)
def test_both_ventricles_put_out_the_same(patient, name):
    rest = patient(name).rest
    assert rest["native_flow"] == pytest.approx(rest["right_output"], rel=0.005)
    assert rest["cardiac_output"] == pytest.approx(
        rest["right_output"], rel=0.04
    )  # the beds' flow has no bronchial share


@pytest.mark.parametrize("name", ["healthy_man", "aortic_regurgitation"])
def test_volume_is_conserved(name):
    body = patients.load(name)
    places = [n for n, p in body.parts.items() if p.component.kind == "compartment"]
    run = Engine(body, observe=[f"{n}.volume" for n in places]).start(patients=1)
    run.advance(30 * s)
    run.record(every=50 * ms)
    run.advance(5 * s)
    traces = run.traces()
    total = sum(traces[f"{n}.volume"][0] for n in places)
    assert np.allclose(total, patients.sheet(name).blood_volume.to(mL), rtol=1e-9)


def test_failure_is_ordered(patient):
    """Worse hearts: more wedge, less output; and the failing right one more central venous pressure for its wedge."""
    healthy, moderate, severe = (patient(n).rest for n in ("healthy_man", "hfref_moderate", "hfref_severe"))
    assert healthy["wedge"] < moderate["wedge"] < severe["wedge"]
    assert healthy["cardiac_output"] > moderate["cardiac_output"] > severe["cardiac_output"]
    right = patient("right_heart_failure").rest
    assert right["central_venous"] / right["wedge"] > 0.63 > severe["central_venous"] / severe["wedge"]


def test_work_and_oxygen(patient):
    rest = patient("healthy_man").rest
    # A stroke of 84 mL against some 100 mmHg; area and oxygen after Suga.
    assert 7000 < rest["stroke_work"] < 11000
    assert rest["pressure_volume_area"] > rest["stroke_work"]
    assert 8 < rest["oxygen_use"] < 25  # mL/min, a heart at rest


def test_a_leak_turns_stroke_into_pendulum(patient):
    rest = patient("aortic_regurgitation").rest
    thrown = rest["left_end_diastolic_volume"] - rest["left_end_systolic_volume"]
    assert 0.35 < 1 - rest["stroke_volume"] / thrown < 0.6
