"""Lungs and heart in one chest: what ventilation does to the circulation, without being told to."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "organs" / "lungs"))
from breathing_bodies import PANEL, REGIONS, body, side_by_side
from lungs_bench import ventilated

from proband.engine import Engine
from proband.laws.line import blood_bag, line
from proband.patients.breathing import V_MAX
from proband.units import *

FLOWS = [f"pulmonary_venules_{i}.flow" for i in REGIONS]
OBSERVED = [*PANEL, *FLOWS, "chest_wall.lung_volume", "pleura.pressure"]


def resistance(window):
    """Pulmonary vascular resistance as a catheter finds it, mmHg min/L."""
    drop = window.mean("monitor.pulmonary_mean") - window.mean("monitor.wedge")
    return drop / window.mean("monitor.right_output")


HELD = np.array([-9.0, -3.0, 0.0, 5.0, 15.0, 28.0])  # cmH2O at the airway, without breaths


@pytest.fixture(scope="module")
def held():
    """A relaxed healthy man whose lungs are held at one pressure after another; each is a patient of its own."""
    run = Engine(ventilated(body("apnoea")), observe=OBSERVED).start(patients=len(HELD), values={"pump.PEEP": HELD})
    run.advance(150 * s)
    run.begin_window()
    run.advance(10 * s)
    assert not run.failures
    return run.window()


def test_resistance_is_least_near_the_residual_capacity(held):
    PVR, volume = resistance(held), held.mean("chest_wall.lung_volume")
    assert np.argmin(PVR) == list(HELD).index(0.0)
    assert 2100 < volume[np.argmin(PVR)] < 2600
    assert PVR[0] > 1.04 * PVR.min() and PVR[-1] > 2 * PVR.min()


def test_peep_raises_resistance_and_lowers_output(held):
    at5, at15 = list(HELD).index(5.0), list(HELD).index(15.0)
    PVR, output = resistance(held), held.mean("monitor.cardiac_output")
    assert 1.15 < PVR[at15] / PVR[at5] < 2
    # −10 to −20 % for 10 cmH2O in normal lungs (Luecke & Pelosi 2005), a little less here
    assert 0.80 < output[at15] / output[at5] < 0.94
    assert held.mean("monitor.wedge")[at15] > held.mean("monitor.wedge")[at5]  # Koolen 1987: PCWP rises


def test_zones(held):
    """Upper regions lose their blood as alveolar pressure rises: from zone 3 over 2 towards 1."""
    # regions from below, by pressure, each for its size
    flows = np.array([held.mean(f) / V_MAX[i] for i, f in enumerate(FLOWS, 1)])
    share = flows[-1] / flows.mean(axis=0)
    assert share[2] > 0.75
    assert np.all(np.diff(share[2:]) < 0) and share[-1] < 0.25


def test_half_of_the_swing_reaches_the_pleura(held):
    P = held.mean("pleura.pressure")
    low, high = list(HELD).index(0.0), list(HELD).index(5.0)
    volume = held.mean("chest_wall.lung_volume")
    wall = body("apnoea").value("chest_wall.C_cw").to(mL / cmH2O)
    swing = (P[high] - P[low]) / (HELD[high] - HELD[low])
    assert swing == pytest.approx((volume[high] - volume[low]) / (HELD[high] - HELD[low]) / wall, rel=0.02)  # Ecw / Ers
    assert 0.4 < swing < 0.6


ARDS = ("ards_mild", "ards_moderate", "ards_severe")


@pytest.fixture(scope="module")
def manoeuvre():
    """40 cmH2O for 30 s in three patients with ARDS: time (s, from its beginning), volume and arterial pressure."""
    run = side_by_side([ventilated(body(n)) for n in ARDS], observe=["chest_wall.lung_volume", "aorta.pressure"])
    for row, value in {"PEEP": 5 * cmH2O, "volume": 430 * mL, "rate": 20 * per_min}.items():
        run.command(f"pump.{row}", value)
    run.advance(120 * s)
    run.record(every=20 * ms)
    run.advance(20 * s)
    run.command("pump.rate", 0 * per_min)
    run.command("pump.PEEP", 40 * cmH2O)
    run.advance(30 * s)
    run.command("pump.PEEP", 5 * cmH2O)
    run.command("pump.rate", 20 * per_min)
    run.advance(40 * s)
    assert not run.failures
    t = run.traces()
    return t["time"] - t["time"][0] - 20, t["chest_wall.lung_volume"], t["aorta.pressure"]


@pytest.mark.parametrize("k", range(3), ids=ARDS)
def test_recruitment_takes_its_time(manoeuvre, k):
    """Arnal 2011: 210 ± 198 mL more, with a time constant of 2.3 ± 1.3 s."""
    time, volume, _ = manoeuvre
    plateau = (time > 1) & (time < 30)
    t, V = time[plateau], volume[k][plateau]
    gain = V[-1] - V[0]
    constant = t[np.argmax(V[0] + (1 - np.exp(-1)) * gain < V)] - t[0]
    assert 210 - 198 < gain < 210 + 198
    assert 2.3 - 1.3 < constant < 2.3 + 1.3


@pytest.mark.parametrize("k", range(3), ids=ARDS)
def test_arterial_pressure_falls_and_comes_back(manoeuvre, k):
    time, _, arterial = manoeuvre

    def mean(begin, end):
        return arterial[k][(time >= begin) & (time < end)].mean()

    before = mean(-20, 0)
    assert min(mean(b, b + 3) for b in (3, 6, 9)) < before - 4  # Arnal 2011 gives the direction; the bound is ours
    assert mean(57, 67) == pytest.approx(before, abs=5)  # 30 s after its end


def variation(bled, tidal):
    """Pulse pressure variation (%) for patients of 77 kg bled by so many mL and ventilated with so many mL."""
    patient = ventilated(body("apnoea")).attach(bag=blood_bag(), line=line("vena_cava_superior", "bag"))
    run = Engine(patient, observe=["monitor.pulse_pressure"]).start(
        patients=len(bled), values={"line.rate": np.array(bled) / 100.0, "pump.volume": np.array(tidal, float)}
    )
    for row, value in {"PEEP": 5 * cmH2O, "rate": 15 * per_min}.items():
        run.command(f"pump.{row}", value)
    run.advance(100 * s)
    run.command("line.rate", 0 * mL / s)
    run.advance(100 * s)
    run.begin_window()
    run.advance(16 * s)
    high, low = (getattr(run.window(), x)("monitor.pulse_pressure") for x in ("max", "min"))
    return 200 * (high - low) / (high + low)


def test_pulse_pressure_varies_with_want_of_volume_and_size_of_breath():
    """6, 8 and 12 mL/kg; a full patient and one who would respond to volume.

    6 → 8 mL/kg adds at least 3.5 points in responders (Myatra 2017); our bound is lower, since a man who has bled so much has
    venae cavae that collapse: what swelling lungs press upon his heart changes his venous return little."""
    full_6, full_8, full_12, dry_6, dry_8, dry_12 = variation([0, 0, 0, 1650, 1650, 1650], [460, 620, 920] * 2)
    assert full_6 < full_8 < full_12 and dry_6 < dry_8 < dry_12
    assert dry_8 > full_8 + 5
    assert dry_8 > 9 > full_8  # usual limit: 9-13 %
    assert dry_8 - dry_6 > 2.5


def test_peep_below_the_choke_costs_no_output():
    """External PEEP of 70 % of what is there anyway: free in obstruction (Ranieri 1993), not so in health."""
    change = {}
    for name in ("copd", "apnoea"):
        patient = ventilated(body(name)).with_values({"respiratory_muscles.strength": 0})
        run = Engine(patient, observe=OBSERVED).start(patients=2, values={"pump.PEEP": np.array([0.0, 4.5])})
        for row, value in {"volume": 500 * mL, "rate": 20 * per_min}.items():
            run.command(f"pump.{row}", value)
        run.advance(150 * s)
        run.begin_window()
        run.advance(15 * s)
        output, volume = (run.window().mean(x) for x in ("monitor.cardiac_output", "chest_wall.lung_volume"))
        change[name] = (output[1] / output[0] - 1, volume[1] / volume[0] - 1)
    assert abs(change["copd"][0]) < 0.01 and change["copd"][1] < 0.02
    assert change["apnoea"][0] < -0.015 and change["apnoea"][1] > 0.12


def test_inspiration_draws_blood_into_the_chest():
    """Free breathing: as the pleura falls, the vena cava empties faster into the right heart."""
    run = Engine(
        body("breathing_man"), observe=["pleura.pressure", "inferior_inflow.flow", "right_atrium.pressure"]
    ).start(patients=1)
    run.advance(60 * s)
    run.record(every=20 * ms)
    run.advance(30 * s)
    t = run.traces()
    second = np.ones(45) / 45  # a beat is smoothed away

    def smooth(x):
        return np.convolve(x[0], second, "valid")

    around, inflow, atrium = (
        smooth(t[x]) for x in ("pleura.pressure", "inferior_inflow.flow", "right_atrium.pressure")
    )
    assert np.corrcoef(around, inflow)[0, 1] < -0.2
    assert np.corrcoef(around, atrium)[0, 1] > 0.5


def test_swelling_lungs_press_upon_the_heart_more_than_upon_the_pleura():
    """Around heart and pulmonary vessels end-expiratory pressure raises the pressure by more than an oesophageal balloon shows
    (J Appl Physiol 1982;53:384 and 1990;69:1053, dogs), by less than three times as much (Kingma 1987); and that costs output."""
    run = Engine(
        ventilated(body("apnoea")), observe=["pleura.pressure", "pleura.fossa", "monitor.cardiac_output"]
    ).start(
        patients=4, values={"pump.PEEP": np.array([5.0, 15.0] * 2), "pleura.nestled": np.array([0.0, 0.0, 0.5, 0.5])}
    )
    run.advance(100 * s)
    run.begin_window()
    run.advance(8 * s)
    window = run.window()
    pleura, fossa, output = (window.mean(x) for x in ("pleura.pressure", "pleura.fossa", "monitor.cardiac_output"))
    rise = (fossa[1::2] - fossa[::2]) / (pleura[1::2] - pleura[::2])
    cost = 1 - output[1::2] / output[::2]
    assert rise[0] == pytest.approx(1, abs=0.01) and 1.3 < rise[1] < 3
    assert cost[1] > cost[0] + 0.02
