"""Oxygen without lungs: what arterial blood holds follows from what the oxygenator gives, as a balance of contents.

A litre that comes back from the oxygenator into the right heart displaces a litre of venous blood, as far as it has not been
drained already: output × arterial = Q (1 − Rf) × post-oxygenator + (output − Q (1 − Rf)) × venous. Contents, with what is
dissolved: at a PO2 of 500 mmHg that is a tenth of all, which a balance of saturations leaves out."""

import numpy as np
import pytest

from proband import patients
from proband.devices.ecmo import ecmo
from proband.engine import Engine
from proband.laws import haemoglobin
from proband.model import Substance
from proband.organs.vessels import clearance, injection
from proband.patients.gases import ORGANS, with_gases
from proband.units import *

FED_BY = {
    "brain": "brain_arterioles", "heart_muscle": "coronary_arteries", "upper_body": "upper_body_arterioles", "kidneys": "kidney_arterioles",
    "splanchnic": "gut_arterioles", "liver": "hepatic_artery", "lower_body": "lower_body_arterioles",
}  # fmt: skip
LOWER = ("kidneys", "lower_body")  # of which the blood passes the tip of a drain in the inferior vena cava
HEPATIC = ("splanchnic", "liver")  # of which it enters above the tip, and is drawn back where the drain wants more
# Blood flow in a resting man with 4 L/min of support, L/min: oxygen need in proportion leaves all venous blood alike.
FLOWS = {
    "brain": 0.71,
    "heart_muscle": 0.26,
    "upper_body": 0.74,
    "kidneys": 1.28,
    "splanchnic": 1.19,
    "liver": 0.42,
    "lower_body": 1.33,
}
ALIKE, ALIKE_ANAEMIC = 0, 1
SET = [4.0, 5.0, 3.0, 4.0, 5.0]  # L/min
REAL = slice(2, 5)  # organs that use what they use


def arterial_content(flow, output, post, uptake):
    """The textbook's balance, solved for arterial content, with venous = arterial − uptake / output."""
    return post - uptake * (output - flow) / (output * flow)


def test_closed_form_with_and_without_what_is_dissolved():
    """4 of 5 L/min through the oxygenator, Hb 10 g/dL, 250 mL/min used, PO2 500 mmHg behind it: 98.9 %, not 90.7 %."""
    Hb, pH = 10.0, 7.4
    post = haemoglobin.oxygen_content(500.0, pH, Hb)  # mL/dL
    arterial = arterial_content(4.0, 5.0, post, 25.0)  # mL/min over L/min, in mL/dL
    pressures = np.linspace(30, 300, 20001)
    PO2 = np.interp(arterial, haemoglobin.oxygen_content(pressures, pH, Hb), pressures)
    assert haemoglobin.saturation(haemoglobin.standard_pressure(PO2, pH)) == pytest.approx(0.989, abs=0.004)
    on_haemoglobin_alone = arterial_content(4.0, 5.0, 1.0, 25.0 / (haemoglobin.CAPACITY * Hb))
    assert on_haemoglobin_alone == pytest.approx(0.907, abs=0.004)


@pytest.fixture(scope="module")
def seen():
    """Recirculation by a dye that leaves the oxygenator and is gone wherever blood has left the right heart."""
    body = with_gases(patients.load("healthy_man")).carrying(Substance("dye", mmol, "label", 10 * ms))
    sinks = {f"clear_{b}": clearance(b, substance="dye", K=2500 * mL / s) for b in (*ORGANS, "pulmonary_artery")}
    body = body.attach(
        ecmo=ecmo("vena_cava_inferior", "right_atrium", mode=1.0, drainage="hls 29", returning="hls 21", venous_intervention=0.0)
    ).attach(needle=injection("ecmo.return_line", substance="dye"), **sinks)  # fmt: skip
    alike = {b: 250 * Q / sum(FLOWS.values()) for b, Q in FLOWS.items()}
    values = {f"{b}_respiration.need": [alike[b]] * 2 + [ORGANS[b][0]] * 3 for b in FLOWS}
    values["blood.haemoglobin"] = [14.0, 10.0, 14.0, 14.0, 14.0]
    places = {"arterial": "aorta", "pre": "ecmo.drainage", "post": "ecmo.return_line"}
    names = [
        "ecmo.flow", "aortic_valve.flow", "ecmo.drainage.dye_concentration", "ecmo.return_line.dye_concentration",
        *(f"{p}.oxygen_concentration" for p in places.values()), *(f"{v}.flow" for v in FED_BY.values()), *(f"{o}_respiration.rate" for o in ORGANS),
    ]  # fmt: skip
    run = Engine(body, observe=names).start(patients=len(SET), values=values)
    run.command("ecmo.set_flow", SET)
    run.command("needle.dose", 0.01)
    run.advance(600 * s)
    run.begin_window()
    run.advance(20 * s)
    assert not run.failures
    window = run.window()
    mean = {n: np.array(window.mean(n)) for n in names}
    told = {short: 1000 * mean[f"{place}.oxygen_concentration"] for short, place in places.items()}  # mmol/L
    told |= {"Q": mean["ecmo.flow"], "output": mean["aortic_valve.flow"]}
    told |= {f"use {o}": -60 * mean[f"{o}_respiration.rate"] for o in ORGANS}  # mmol/min
    told |= {f"flow {o}": mean[f"{v}.flow"] for o, v in FED_BY.items()}
    told["use"] = np.sum([told[f"use {o}"] for o in ORGANS], axis=0)
    told["Rf"] = mean["ecmo.drainage.dye_concentration"] / mean["ecmo.return_line.dye_concentration"]
    told["mixed venous"] = told["arterial"] - told["use"] / told["output"]
    return told


def arriving(seen, displaced):
    """Arterial content where the blood that is displaced has this content."""
    effective = seen["Q"] * (1 - seen["Rf"])
    return (effective * (seen["post"] - displaced) + seen["output"] * seen["mixed venous"]) / seen["output"]


def test_the_textbooks_balance_holds_where_venous_blood_is_alike(seen):
    told = arriving(seen, seen["mixed venous"]) / seen["arterial"] - 1
    assert 0.1 < seen["Rf"][ALIKE] < seen["Rf"][ALIKE_ANAEMIC] < 0.3
    assert np.abs(told[[ALIKE, ALIKE_ANAEMIC]]) == pytest.approx(0, abs=0.01)


def test_blood_of_the_lower_vena_cava_is_redder_and_that_is_what_the_textbook_misses(seen):
    """Kidneys take little: who drains there removes better blood than the mixed. With that blood's content it holds again.

    The bound is ours: 0.9 to 1.7 % are missed since limbs that get little oxygen let more blood through (1.5 to 3 % before), and
    the two places leave 1.1 % unexplained where the support takes least (1.0 % after a quarter of an hour)."""

    def flow_of(organs):
        return sum(seen[f"flow {o}"] for o in organs)

    # The portal blood has passed the gut: what both have used leaves with both flows.
    hepatic = seen["arterial"] - sum(seen[f"use {o}"] for o in HEPATIC) / flow_of(HEPATIC)
    lower = seen["arterial"] - sum(seen[f"use {o}"] for o in LOWER) / flow_of(LOWER)
    effective = seen["Q"] * (1 - seen["Rf"])
    above = np.maximum(effective - flow_of(LOWER), 0)
    drained = ((effective - above) * lower + above * hepatic) / effective
    textbook = arriving(seen, seen["mixed venous"]) / seen["arterial"] - 1
    regional = arriving(seen, drained) / seen["arterial"] - 1
    assert np.all(textbook[REAL] > 0.005)
    assert np.abs(regional[REAL]) == pytest.approx(0, abs=0.012)


def test_the_right_hearts_whole_balance_holds(seen):
    """Without a word on recirculation: what leaves the right heart is what came, and what the oxygenator added."""
    told = (seen["Q"] * (seen["post"] - seen["pre"]) + seen["output"] * seen["mixed venous"]) / seen["output"]
    assert told / seen["arterial"] - 1 == pytest.approx(0, abs=0.01)
