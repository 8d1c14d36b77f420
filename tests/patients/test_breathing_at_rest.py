"""Patients who breathe by themselves, at rest: what a spirometer, a balloon and a catheter would show."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from breathing_bodies import FREE, LUNGS, PANEL, REGIONS, VENTILATED, body, side_by_side

from proband import patients
from proband.engine import Engine
from proband.model import ModelError
from proband.patients.breathing import V_MAX, breathing
from proband.patients.sheet import names
from proband.units import *

# Breaths per minute, tidal volume and end-expiratory gas (mL), lowest and highest pleural pressure (cmH2O). Textbook, by the sheets' own words.
RANGES = {
    "breathing_man": {"rate": (12, 16), "tidal": (420, 600), "rest": (2200, 2550), "lowest": (-9, -6.5), "highest": (-5.5, -3.5)},
    "breathing_woman": {"rate": (12, 16), "tidal": (350, 500), "rest": (1800, 2150), "lowest": (-9, -6.5), "highest": (-5.5, -3.5)},
    "copd": {"rate": (13, 24), "tidal": (380, 620), "rest": (3500, 4600), "lowest": (-16, -8)},
    "asthma": {"rate": (18, 32), "tidal": (250, 450), "rest": (2100, 2900), "lowest": (-25, -12)},
    "obesity": {"rate": (14, 21), "tidal": (380, 560), "rest": (1200, 1700), "highest": (-2, 3)},
    "pneumonia_right": {"rate": (18, 28), "tidal": (330, 520), "rest": (1600, 2200)},
    "pulmonary_embolism": {"rate": (18, 28), "tidal": (380, 560), "rest": (2200, 2550)},
    "cardiogenic_shock": {"rate": (18, 32), "tidal": (350, 560), "rest": (1400, 2000)},
    "child_20kg": {"rate": (18, 26), "tidal": (120, 170), "rest": (500, 680)},
}  # fmt: skip
HEARTS = {
    "breathing_man": {"mean_arterial": (82, 100), "central_venous": (2, 6), "pulmonary_mean": (14, 20), "wedge": (5, 11), "cardiac_output": (5.0, 6.2)},
    "breathing_woman": {"mean_arterial": (82, 100), "central_venous": (2, 6), "pulmonary_mean": (14, 20), "wedge": (5, 11), "cardiac_output": (4.2, 5.4)},
    "copd": {"pulmonary_mean": (14, 25)},
    "obesity": {"wedge": (9, 16), "central_venous": (5, 12)},
    "pulmonary_embolism": {"pulmonary_mean": (27, 42), "wedge": (3, 9)},
    "cardiogenic_shock": {"wedge": (20, 32), "cardiac_output": (3.0, 4.3), "ejection_fraction": (15, 30)},
    "child_20kg": {"heart_rate": (85, 110), "mean_arterial": (65, 80), "cardiac_output": (2.2, 3.6), "pulmonary_mean": (11, 19)},
}  # fmt: skip


@pytest.fixture(scope="module")
def rested():
    """Each free breather after two minutes, over the third."""
    run = side_by_side([body(n) for n in FREE])
    run.advance(150 * s)
    run.begin_window()
    run.record(every=40 * ms)
    run.advance(60 * s)
    assert not run.failures
    window, traces = run.window(), run.traces()
    found = {}
    for k, name in enumerate(FREE):
        told = {m.removeprefix("monitor."): float(window.mean(m)[k]) for m in (*PANEL, *LUNGS)}
        V, P = traces["chest_wall.lung_volume"][k], traces["pleura.pressure"][k]
        count = traces["respiratory_drive.breaths"][k]
        rest, top = np.percentile(V, 1), np.percentile(V, 99)
        told |= {"rate": count[-1] - count[0], "tidal": top - rest, "rest": rest, "lowest": P.min(), "highest": P.max()}
        found[name] = told
    return found


@pytest.mark.parametrize(("name", "quantity"), [(n, q) for n in RANGES for q in RANGES[n]])
def test_breathing(rested, name, quantity):
    low, high = RANGES[name][quantity]
    assert low <= rested[name][quantity] <= high


@pytest.mark.parametrize(("name", "quantity"), [(n, q) for n in HEARTS for q in HEARTS[n]])
def test_circulation(rested, name, quantity):
    low, high = HEARTS[name][quantity]
    assert low <= rested[name][quantity] <= high


def test_lungs_leave_the_healthy_circulation_as_it_was(rested):
    """The six paths together are the resistance they replace: means at rest move by what the pleura moves."""
    engine = Engine(patients.load("healthy_man"), observe=PANEL)
    run = engine.start(patients=1)
    run.advance(180 * s)
    run.begin_window()
    run.advance(20 * s)
    before, now = run.window(), rested["breathing_man"]
    for quantity, within in {"mean_arterial": 3, "pulmonary_mean": 1, "wedge": 1, "cardiac_output": 0.2}.items():
        assert now[quantity] == pytest.approx(float(before.mean(f"monitor.{quantity}")[0]), abs=within)


def test_the_lower_region_is_perfused_better(rested):
    flows = [rested["breathing_man"][f"pulmonary_venules_{i}.flow"] / V_MAX[i] for i in REGIONS]  # per size
    assert flows == sorted(flows, reverse=True)
    assert 1.15 < flows[0] / flows[-1] < 2.5


def test_shunt(rested):
    def shunt(name):
        return rested[name]["shunt.flow"] / rested[name]["right_output"]

    assert 0.015 < shunt("breathing_man") < 0.03
    assert 0.12 < shunt("pneumonia_right") < 0.35
    assert shunt("obesity") > shunt("breathing_man") + 0.005


def test_consolidation_takes_the_side_it_lies_on(rested):
    told = rested["pneumonia_right"]
    assert told["recruitment_1.aerated"] < 0.2 and told["recruitment_3.aerated"] < 0.4
    assert min(told[f"recruitment_{i}.aerated"] for i in (2, 4, 6)) > 0.95


def test_flow_limitation_at_rest_is_a_matter_of_obstruction(rested):
    assert rested["copd"]["bronchi_1.limited"] > 0.4
    assert rested["breathing_man"]["bronchi_1.limited"] < 0.01


@pytest.mark.parametrize("name", [*FREE, *VENTILATED])
def test_sheet_is_whole(name):
    sheet = patients.sheet(name)
    assert sheet.title and sheet.description and sheet.sources
    assert set(sheet.rows) == set(sheet.why) and all(why.strip() for why in sheet.why.values())
    assert sheet.breathing is not None


@pytest.mark.parametrize("name", [*FREE, *VENTILATED])
def test_every_number_has_a_source(name):
    bare = [
        f"{part_name}.{row.name}"
        for part_name, part in body(name).parts.items()
        for row in part.component.rows.values()
        if row.kind == "param" and not part.source(row.name).strip()
    ]
    assert bare == []


def test_all_promised_patients_are_there():
    assert {
        "breathing_man", "ards_mild", "ards_moderate", "ards_severe", "copd", "asthma", "obesity", "pneumonia_right",
        "pulmonary_embolism", "cardiogenic_shock", "apnoea", "child_20kg",
    } <= set(names("lungs"))  # fmt: skip


def test_what_cannot_be_is_refused():
    with pytest.raises(ModelError, match="breathes already"):
        breathing(body("breathing_man"))
    with pytest.raises(ModelError, match="pulmonary_arterioles"):
        breathing(patients.load("healthy_man").detach("pulmonary_arterioles"))
    with pytest.raises(ModelError, match="breathing_man"):
        patients.load("breathing_men")


def test_cost_and_stiffness():
    """What the lungs add is computed in every step: some 300 operations, and an explicit step of 1 ms is enough.

    (305 since the larynx has no division any more: three operations more, and faster.)"""
    lumped, lungs = Engine(patients.load("healthy_man")), Engine(body("breathing_man"))
    more = lungs.program.operations()["right-hand side"] - lumped.program.operations()["right-hand side"]
    assert more <= 305
    assert lungs.decide() == "RK4L"
    assert (lungs.fastest_rate or 0) < 2000


def test_blood_and_gas_are_conserved():
    patient = body("breathing_man")
    places = [n for n, p in patient.parts.items() if p.component.kind == "compartment"]
    gas = [n for n in places if n in ("room", "airway", "trachea") or n.startswith("alveoli")]
    run = Engine(patient, observe=[f"{n}.volume" for n in places]).start(patients=1)
    run.record(every=100 * ms)
    run.advance(20 * s)
    traces = run.traces()
    blood = sum(traces[f"{n}.volume"][0] for n in places if n not in gas)
    assert np.allclose(blood, patients.sheet("breathing_man").blood_volume.to(mL), rtol=1e-9)
    total = sum(traces[f"{n}.volume"][0] for n in gas)
    assert np.ptp(total) < 1e-9 * total[0]
