"""Every placement runs in quiet: no alarm without cause, in patients whose hearts differ."""

import numpy as np
import pytest

from proband import patients
from proband.devices.ecmo import configuration, ecmo
from proband.engine import Engine
from proband.units import *

# placement: kind, patient, drains, returns, drainage, returning, highest flow (L/min)
PLACEMENTS = {
    "groin to neck": ("VV", "healthy_man", "vena_cava_inferior", "vena_cava_superior", "hls 25", "hls 19", 4.0),
    "neck to groin": ("VV", "healthy_man", "vena_cava_superior, right_atrium", "vena_cava_inferior", "hls 25 multistage", "hls 19", 3.5),
    "dual lumen": ("VV", "healthy_man", "vena_cava_superior, vena_cava_inferior", "right_atrium", "crescent 32", "crescent 32", 3.5),
    "central VA": ("VA", "hfref_severe", "right_atrium", "aorta", "hls 29", "hls 21", 4.2),
    "with a vent": ("VA", "hfref_severe", "right_atrium, left_ventricle", "leg_arteries", "hls 25, biomedicus_mini 15", "hls 19", 4.2),
    "V-AV": ("V-AV", "hfref_severe", "right_atrium", "leg_arteries, vena_cava_superior", "hls 29", "hls 17, hls 17", 4.2),
    "V-P": ("V-P", "hfref_severe", "right_atrium", "pulmonary_artery", "hls 29", "hls 21", 3.5),
}  # fmt: skip
STRENGTH = np.linspace(0.7, 1.1, 8)  # of the left ventricle, in shares of each patient's own


def alarms(placement, seconds):
    """What the console of eight patients with flows from 2.5 L/min upwards has called."""
    kind, name, drains, returns, drainage, returning, most = PLACEMENTS[placement]
    body = patients.load(name)
    body = patients.with_blood_volume(body, patients.blood_volume(body) + (500 * mL if kind == "VV" else 0 * mL))
    circuit = ecmo(drains, returns, drainage=drainage, returning=returning, support=kind, mode=1.0, set_flow=3 * L_min,
                   oxygenator="quadrox_i_small_adult", pump="rotaflow")  # fmt: skip
    body = body.attach(ecmo=circuit)
    E_max = body.value("left_ventricle.E_max").to(mmHg / mL)
    run = Engine(body, observe=["ecmo.flow"]).start(patients=8, values={"left_ventricle.E_max": list(E_max * STRENGTH)})
    flows = np.linspace(2.5, most, 8)
    run.command("ecmo.set_flow", list(flows))
    run.advance(seconds * s)
    assert not run.failures
    run.begin_window()
    run.advance(10 * s)
    assert run.window().mean("ecmo.flow") == pytest.approx(flows / 1.02, abs=0.1)
    return [e for e in run.events() if e.part.startswith("ecmo")]


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_ten_minutes_in_eight_patients_call_nothing(placement):
    assert alarms(placement, 65) == []


@pytest.mark.slow
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_an_hour_in_eight_patients_calls_nothing(placement):
    assert alarms(placement, 440) == []


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_the_sites_make_the_kind(placement):
    kind, _, drains, returns, *_ = PLACEMENTS[placement]
    assert configuration(drains.split(", "), returns.split(", ")) == kind
