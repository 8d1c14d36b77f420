"""The sheets as data."""

import pytest

from proband import devices, patients
from proband.model import ModelError
from proband.model.body import describe
from proband.patients.gases import TRACER
from proband.units import *

NAMES = patients.names()
PROMISED = {
    "healthy_man", "healthy_woman", "healthy_young", "hfref_moderate", "hfref_severe", "hfref_severe_ph", "hfpef", "diastolic_dysfunction",
    "right_heart_failure", "aortic_regurgitation", "hypertension",
}  # fmt: skip
PARTS = [
    "left_ventricle",
    "right_ventricle",
    "left_atrium",
    "right_atrium",
    "mitral_valve",
    "aortic_valve",
    "tricuspid_valve",
    "pulmonary_valve",
    "aorta",
    "descending_aorta",
    "vena_cava_superior",
    "vena_cava_inferior",
    "pulmonary_artery",
    "pulmonary_capillaries",
    "pulmonary_veins",
    "heart",
    "baroreflex",
    "chest",
    "monitor",
    "posture",
]


def test_all_promised_patients_are_there():
    assert set(NAMES) >= PROMISED


@pytest.mark.parametrize("name", NAMES)
def test_sheet_is_whole(name):
    sheet = patients.sheet(name)
    assert sheet.title and sheet.description and sheet.sources
    assert 1 <= sheet.age <= 95 and sheet.sex in ("male", "female")
    assert set(sheet.rows) == set(sheet.why)
    assert all(why.strip() for why in sheet.why.values())


@pytest.mark.parametrize("name", NAMES)
def test_body_holds_the_sheets_blood_and_has_the_fixed_names(name):
    body = patients.load(name)
    assert patients.blood_volume(body).to(mL) == pytest.approx(patients.sheet(name).blood_volume.to(mL), rel=1e-9)
    parts = {name.partition(".")[0] for name in body.parts}
    lumped = {"pulmonary_arterioles", "pulmonary_capillaries", "pulmonary_venules"} if "pleura" in parts else set()
    assert set(PARTS) - lumped <= parts


def test_a_wrong_name_is_answered_with_the_right_one():
    with pytest.raises(ModelError, match="hfref_severe"):
        patients.load("hfref_sever")


def test_a_row_without_its_source_is_refused():
    with pytest.raises(ModelError, match="source"):
        patients.sheet.__globals__["read"](
            "x", "weight: 70 kg\nbody_surface: 1 m^2\nblood_volume: 5 L\nrows: {left_ventricle.E_max: 1 mmHg/mL}"
        )


def test_resizing_keeps_pressures_and_moves_volumes():
    small = patients.resized(patients.circulation(), 0.5)
    whole = patients.circulation()
    assert small.value("left_ventricle.V_0").to(mL) == pytest.approx(0.5 * whole.value("left_ventricle.V_0").to(mL))
    assert small.value("left_ventricle.E_max").si == pytest.approx(2 * whole.value("left_ventricle.E_max").si)
    assert small.value("aortic_valve.B").si == pytest.approx(4 * whole.value("aortic_valve.B").si)
    assert small.value("baroreflex.P_n").si == whole.value("baroreflex.P_n").si


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_the_body_has_a_source(name):
    body = patients.load(name)
    assert without_source(body) == []
    assert all(source.strip() for _, _, source in describe(body))


@pytest.mark.parametrize("name", devices.names())
def test_every_number_of_a_device_has_a_source(name):
    if name.startswith(("ventilator", "washout", "circle")):  # which move gas, or measure it
        body = patients.load("breathing_man").carrying(*([TRACER] if name.startswith("washout") else []))
        places = body.airway, body.room
    else:
        body = patients.load("hfref_severe")
        places = body.left_ventricle, body.aorta
    assert without_source(body.attach(device=devices.load(name)(*places))) == []


def without_source(body):
    """Rows whose value comes from nowhere. States are where a run begins, commands are what a person sets."""
    return [
        f"{name}.{row.name}"
        for name, part in body.parts.items()
        for row in part.component.rows.values()
        if (row.kind == "param" or (row.kind == "reads" and part.own(row.name))) and not part.source(row.name).strip()
    ]


def test_a_resized_number_says_so():
    assert "0.83" in patients.sheet("healthy_woman").source("left_ventricle.V_0")
    assert "0.83" not in patients.sheet("healthy_woman").source("sinus_nerves.T_0")


def test_a_sheets_own_source_comes_first():
    assert "ejection fraction" in patients.sheet("hfref_severe").source("left_ventricle.E_max")
    assert "Hudsmith" in patients.sheet("healthy_man").source("left_ventricle.E_max")
    assert "Ursino" in patients.sheet("healthy_man").source("baroreflex.k_a")
