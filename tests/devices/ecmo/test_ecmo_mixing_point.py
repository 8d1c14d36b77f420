"""Where blood of the heart and blood of the pump meet: the balance of the branches' flows, from a shut valve to a strong heart.

What arms, head and heart muscle need and the heart does not give comes up from the femoral cannula. Each place in the body
is well mixed, and diastole draws blood back: what blurs the meeting point is how coarsely the aorta is cut. With a place of
its own for the thoracic aorta the balance holds to 5 % of the total flow."""

import numpy as np
import pytest

from proband import patients
from proband.devices.ecmo import ecmo
from proband.engine import Engine
from proband.model import Substance
from proband.organs.vessels import clearance, injection
from proband.units import *

BEDS = ("brain", "heart_muscle", "upper_body", "kidneys", "splanchnic", "liver", "lower_body")
STRENGTH = [0.27, 0.54, 0.73, 0.87, 1.0, 1.13, 1.27, 1.45, 1.82, 2.73, 4.55]  # of the failing heart's own
FLOWS = ["arch.flow", "coronary_arteries.flow", "aortic_valve.flow", "ecmo.flow"]


def missed(body):
    """By how much of the total flow the pump's blood in the upper branches differs from the balance, and native over need."""
    body = body.carrying(Substance("dye", mmol, "label", 10 * ms)).attach(
        ecmo=ecmo("right_atrium", "leg_arteries", drainage="hls 29", returning="hls 21", mode=1.0, set_flow=4 * L_min)
    )
    sinks = {f"clear_{place}": clearance(place, substance="dye", K=2500 * mL / s) for place in BEDS}
    drained = clearance("ecmo.drainage", substance="dye", K=2500 * mL / s)
    body = body.attach(needle=injection("ecmo.return_line", substance="dye"), drained=drained, **sinks)
    dye = [f"{place}.dye_concentration" for place in ("aorta", "upper_arteries", "ecmo.return_line")]
    own = body.value("left_ventricle.E_max").to(mmHg / mL)
    run = Engine(body, observe=[*FLOWS, *dye]).start(
        patients=len(STRENGTH), values={"left_ventricle.E_max": [share * own for share in STRENGTH]}
    )
    run.command("needle.dose", 0.01)
    run.advance(120 * s)
    run.begin_window()
    run.advance(10 * s)
    assert not run.failures
    window = run.window()
    arch, coronary, native, pumped = (np.array(window.mean(n)) for n in FLOWS)
    root, arm, given = (np.array(window.mean(n)) for n in dye)
    arrived = (arm * arch + root * coronary) / given
    need = arch + coronary
    return (arrived - np.maximum(0, need - native)) / (native + pumped), native / need


def test_the_meeting_point_obeys_the_branches_balance():
    miss, native = missed(patients.load("hfref_severe"))
    assert native[0] < 0.05 and native[-1] > 1.8
    assert np.sum((native > 0.7) & (native < 1.4)) >= 4  # hearts on both sides of the crossing, and close to it
    assert np.abs(miss) == pytest.approx(0, abs=0.05)
