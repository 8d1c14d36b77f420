"""A dye tells how much blood goes by. A dye that the beds clear is tested in tests/patients/test_dilution.py."""

import numpy as np
import pytest
from scipy.signal import lfilter

from proband import patients
from proband.engine import Engine
from proband.model import Substance
from proband.organs.vessels import clearance, injection
from proband.units import *

BEDS = ("brain", "heart_muscle", "upper_body", "kidneys", "splanchnic", "liver", "lower_body")


def injected(body, observe, cleared, seconds=40):
    """1 mmol in a second into the pulmonary artery of a patient at rest."""
    sinks = {f"clear_{b}": clearance(b, substance="dye", K=5000 * mL / s) for b in BEDS} if cleared else {}
    body = body.carrying(Substance("dye", mmol, "indicator")).attach(
        needle=injection("pulmonary_artery", substance="dye"), **sinks
    )
    run = Engine(body, observe=observe).start()
    run.advance(90 * s)
    run.record(every=1 * ms)
    run.begin_window()
    run.command("needle.dose", 1 * mmol / s)
    run.advance(1 * s)
    run.command("needle.dose", 0 * mmol / s)
    run.advance((seconds - 1) * s)
    assert not run.failures
    return {name: values.squeeze() for name, values in run.traces().items()}, run.window()


def densitometer(time, concentration, tau=1.0):
    """What the ward's instrument writes: a catheter and a cuvette that follow within a second (assumed), and show no single beats."""
    share = 1 - np.exp(-(time[1] - time[0]) / tau)
    return lfilter([share], [1, share - 1], concentration)


def cut(time, seen):
    """The area under a first passage as the ward draws it: the fall from 70 to 35 % of the peak, straight on log paper."""
    top = int(seen.argmax())
    falls = seen[top:] / seen[top]
    first, last = top + int((falls < 0.70).argmax()), top + int((falls < 0.35).argmax())
    slope, height = np.polyfit(time[first:last], np.log(seen[first:last]), 1)
    rest = np.exp(height + slope * time[last]) / -slope
    return np.sum(seen[:last]) * (time[1] - time[0]) + rest


@pytest.mark.parametrize("name", ["healthy_man", "hfref_severe"])
def test_a_dye_that_stays_and_the_clinical_cut_find_the_output_within_5_percent(name):
    traces, window = injected(
        patients.load(name), ["aorta.dye_concentration", "monitor.native_flow"], cleared=False, seconds=60
    )
    seen = densitometer(traces["time"], traces["aorta.dye_concentration"])  # mmol/mL
    assert seen[-1] > 0.1 * seen.max()  # it does stay: without the cut the area would grow for ever
    output = 60 / 1000 / cut(traces["time"], seen)
    assert output == pytest.approx(window.mean("monitor.native_flow")[0], rel=0.05)


def test_the_output_of_a_supported_patient_is_found_to_half_a_percent(supported):
    """Flow-weighted, what leaves the ventricle by pump and valve together: ∫ Q c dt is the dose, whatever the share of each."""
    names = ["aortic_valve.flow", "lvad.flow", "left_ventricle.dye_concentration", "aorta.dye_concentration"]
    traces, _ = injected(supported(speed=4400 * rpm, low_speed_limit=4000 * rpm), names, cleared=True, seconds=60)
    ventricle, aorta = traces["left_ventricle.dye_concentration"], traces["aorta.dye_concentration"]
    flows = {name: traces[name] * 1000 / 60 for name in names[:2]}
    passed = {n: np.sum(q * np.where(q > 0, ventricle, aorta)) * 1e-3 for n, q in flows.items()}
    assert passed["aortic_valve.flow"] > 0.02 and passed["lvad.flow"] > 0.5
    assert sum(passed.values()) == pytest.approx(1.0, abs=0.005)
    mean = sum(flows.values()).mean()
    weighted = np.sum(sum(q * np.where(q > 0, ventricle, aorta) for q in flows.values())) * 1e-3 / mean
    assert 1 / weighted == pytest.approx(mean, rel=0.005)
