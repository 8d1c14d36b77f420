"""The gas of the room as a protocol changes it."""

import pytest

from proband.engine import cpu
from proband.trials import Refused, Step, Trial, load, loads, schema

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
QUICK = {"settle": "5 s", "measures": ["gas_airway.PO2.max", "gas_airway.PCO2.min", "oximeter.SpO2.last"]}


def trial(*steps, patient="breathing_man", **more):
    return Trial(patient=patient, protocol=list(steps), **QUICK | more)


def test_each_patient_breathes_his_own_gas_and_then_air_again():
    result = trial(
        Step(hold="6 s"),
        Step(breathe={"oxygen": ["100 %", "12 %"]}, hold="40 s"),
        Step(breathe="air", hold="30 s"),
        patient=["breathing_man", "breathing_man"],
    ).run()
    PO2 = result.of("gas_airway.PO2.max")
    assert PO2[:, 0] == pytest.approx(149, abs=3)  # 0.2095 · 713 mmHg
    assert PO2[0, 1] == pytest.approx(713, rel=0.01)
    assert PO2[1, 1] == pytest.approx(0.12 * 713, rel=0.03)
    assert PO2[1, 2] == pytest.approx(149, abs=6)
    assert PO2[0, 2] < 0.6 * PO2[0, 1]  # oxygen leaves the lungs in minutes


def test_carbon_dioxide_can_be_breathed():
    result = trial(Step(breathe={"oxygen": "20 %", "carbon_dioxide": "5 %"}, hold="12 s")).run()
    assert result.of("gas_airway.PCO2.min")[0, 0] == pytest.approx(0.05 * 713, rel=0.02)


def test_it_is_a_word_of_a_file(tmp_path):
    file = tmp_path / "thin_air.yaml"
    file.write_text(
        "patient: breathing_man\nprotocol: [{breathe: {oxygen: 12 %}, hold: 1 s}, {breathe: air, hold: 1 s}]\n"
        "measures: [oximeter.SpO2.mean]\n"
    )
    thin, air = load(str(file)).protocol
    assert thin.breathe == {"oxygen": "12 %"} and air.breathe["oxygen"] == "20.95 %"
    assert "breathe" in schema()["$defs"]["Step"]["properties"]


REFUSED = {
    "no gas": ({"oxigen": "12 %"}, "'oxigen' is no gas that this patient's air carries (did you mean oxygen?)"),
    "lactate": ({"lactate": "1 %"}, "'lactate' is no gas"),
    "too much": ({"oxygen": "80 %", "carbon_dioxide": "30 %"}, "adds up to 110 %"),
    "too little": ({"oxygen": "20 %", "nitrogen": "70 %"}, "adds up to 90 %"),
    "no share": ({"oxygen": "130 %"}, "outside its range"),
    "a pressure": ({"oxygen": "100 mmHg"}, "its unit is %"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_before_any_work(what):
    mixture, said = REFUSED[what]
    with pytest.raises(Refused, match=r"protocol\[1\].breathe") as caught:
        trial(Step(breathe=mixture)).run()
    assert said in str(caught.value)


def test_who_has_no_lungs_breathes_nothing():
    with pytest.raises(Refused, match="no lungs"):
        Trial(patient="healthy_man", protocol=[Step(breathe="air")], measures=["aorta.pressure.mean"]).run()


def test_a_ventilator_for_one_without_lungs_names_one_who_has_them():
    text = (
        "patient: healthy_man\nattach: {vent: {device: ventilator, from: trachea, to: room}}\n"
        "protocol: [{hold: 1 s}]\nmeasures: [vent.flow.mean]\n"
    )
    with pytest.raises(
        Refused, match=r"'trachea' is no place of this body, but one of other patients, as of \w+; places"
    ):
        loads(text, "x.yaml").run()
    with pytest.raises(Refused, match="'frog' is no place of this body; places"):
        loads(text.replace("trachea", "frog"), "x.yaml").run()
