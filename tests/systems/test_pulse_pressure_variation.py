"""Pulse-pressure variation foretells what fluid does, as far as it does at the bedside: with large breaths and regular beats."""

import functools
import itertools

import numpy as np
import pytest

from proband.devices.ventilator import ventilator
from proband.engine import Engine, cpu
from proband.patients import load
from proband.units import *

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
PATIENTS, WEIGHT, BOLUS, RESPONSE = 48, 72.0, 500.0, 0.15  # of 500 mL; responders gain 15 % of output
VEINS = {"splanchnic": 0.6, "lower_body": 0.4}  # where blood is missing


@functools.cache
def engine(fibrillating=False):
    """A relaxed man on volume control."""
    body = load("apnoea", gases=False, **({"heart": "atrial_fibrillation"} if fibrillating else {}))
    body = body.attach(ventilator=ventilator("airway", "room", rate=15 * per_min))
    return Engine(body, observe=["monitor.cardiac_output", "aorta.pressure"])


def variation(time, pressure):
    """100 (PP_max − PP_min)/mean over each breath of 4 s, averaged (Michard 2000). Time in s, pressure (frames,) in mmHg."""
    around = np.lib.stride_tricks.sliding_window_view(pressure, 61).min(axis=1)  # 0.3 s before and after
    feet = 30 + np.flatnonzero(pressure[30:-30] == around)
    pulse = np.array([pressure[a:b].max() - pressure[a] for a, b in itertools.pairwise(feet)])
    at = time[feet[:-1]] - time[0]
    breaths = [pulse[(at >= t) & (at < t + 4)] for t in np.arange(0, 13, 4.0)]
    return 100 * np.mean([2 * np.ptp(p) / (p.max() + p.min()) for p in breaths if len(p) > 2])


def ventilated(machine, values, **commands):
    """Variation (%) and output (L/min) of each patient over 16 s, once veins and nerves are at rest. `commands`: values by their row."""
    run = machine.start(len(values["ventilator.tidal_volume"]), values=values)
    for name, told in commands.items():
        run.command(name, told)
    run.advance(120 * s)
    run.begin_window()
    run.record(every=10 * ms, names=["aorta.pressure"])
    run.advance(16 * s)
    assert not run.failures
    traces = run.traces()
    found = np.array([variation(traces["time"], p) for p in traces["aorta.pressure"]])
    return found, run.window().mean("monitor.cardiac_output")


def measured(per_kg, bolus, missing, E, wall, fibrillating=False):
    """Variation (%) and output (L/min) of each patient."""
    machine = engine(fibrillating)
    body = machine.body

    def usual(row):
        return body.value(row).to(body.row(row)[1].unit)

    values = {f"{bed}.volume": usual(f"{bed}.volume") + share * (bolus - missing) for bed, share in VEINS.items()}
    values |= {
        "left_ventricle.E_max": usual("left_ventricle.E_max") * E,
        "right_ventricle.E_max": usual("right_ventricle.E_max") * np.sqrt(E),
        "chest_wall.C_cw": wall,
        "ventilator.tidal_volume": np.full(len(E), per_kg * WEIGHT),
    }
    return ventilated(machine, values)


@pytest.fixture(scope="module")
def ward():
    """By mL/kg, the variation before fluid; and whether 500 mL of it raise output by 15 %.

    Missing blood from none (a little too much) to 1.4 L, contractility 0.4 to 1.2 of the usual, chest walls 120 to 260 mL/cmH2O."""
    rng = np.random.default_rng(3)
    who = (
        rng.uniform(-400, 1400, PATIENTS),
        np.exp(rng.uniform(np.log(0.4), np.log(1.2), PATIENTS)),
        rng.uniform(120, 260, PATIENTS),
    )
    small, (large, before), (_, after) = measured(6, 0, *who), measured(10, 0, *who), measured(10, BOLUS, *who)
    responds = after / before - 1 > RESPONSE
    return {6: (small[0], responds), 10: (large, responds)}


def accuracy(variation, responds, threshold):
    return np.mean(variation[responds] > threshold), np.mean(variation[~responds] <= threshold)


def best_threshold(variation, responds):
    """Of greatest sensitivity and specificity together (Youden)."""
    return max(np.arange(2, 20, 0.25), key=lambda t: sum(accuracy(variation, responds, t)))


def test_large_breaths_tell(ward):
    """Above 8 mL/kg studies find a sensitivity of 0.88 and a specificity of 0.89, and an area under the curve of 0.94 (Marik 2009, as
    remembered). Asked are an area of 0.9 and 0.8 of both (the threshold is where their sum is greatest, and a ward of 48 leaves open
    which of the two that favours)."""
    variation, responds = ward[10]
    assert 10 < responds.sum() < 38
    more = variation[responds][:, None] > variation[~responds]
    assert more.mean() > 0.9
    sensitivity, specificity = accuracy(variation, responds, best_threshold(variation, responds))
    assert min(sensitivity, specificity) > 0.8


def test_small_breaths_miss_responders(ward):
    """At 6 mL/kg the same threshold misses at least the third that the studies miss (sensitivity 0.65, specificity 0.79)."""
    threshold = best_threshold(*ward[10])
    large, small = (accuracy(ward[per_kg][0], ward[per_kg][1], threshold) for per_kg in (10, 6))
    assert small[0] < min(large[0] - 0.2, 0.65)
    assert small[1] > 0.79


def test_a_larger_breath_adds_more_in_those_who_respond(ward):
    """At least the 3.5 points that studies ask of 6 → 8 mL/kg (Myatra 2017), here of 6 → 10."""
    _, responds = ward[10]
    more = ward[10][0] - ward[6][0]
    assert np.median(more[responds]) > 1.5 * np.median(more[~responds])
    assert np.median(more[responds]) > 3.5


def test_fibrillation_drowns_it():
    """Beats at random vary the pulse in full and in empty patients alike, beyond the 12 % at which regular beats would
    tell a responder (Michard 2000, as remembered)."""
    missing = np.tile([-200.0, -100.0, 0.0, 100.0], 4)
    same = np.ones(16), np.full(16, 200.0)
    regular, _ = measured(8.0, 0.0, missing, *same)
    random, _ = measured(8.0, 0.0, missing, *same, fibrillating=True)
    assert np.all(regular < 8)
    assert np.mean(random > 12) > 0.8  # 16 s of chance: now and then the beats happen to be alike
