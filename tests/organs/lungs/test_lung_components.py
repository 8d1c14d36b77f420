"""Each part of the lungs by itself, against closed forms."""

import math

import pytest

from proband.laws.rohrer import gas_tube
from proband.model import Component
from proband.organs import lungs

COMPONENTS = [gas_tube, *(getattr(lungs, name) for name in lungs.__all__)]


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: c.name)
def test_units_meet_and_rows_speak(component: Component):
    assert component.outputs and component.doc
    for row in component.rows.values():
        assert row.meaning.strip()
        if row.kind == "param":
            assert row.source.strip(), row.name
        if row.value is not None:
            assert (row.low is None or row.low <= row.value) and (row.high is None or row.value <= row.high)


@pytest.mark.parametrize("flow", [-2.0, -0.3, 0.0, 0.5, 3.0])
def test_rohrer_gives_back_the_flow(flow):
    drop = 1.5 * flow + 0.8 * flow * abs(flow)
    told = gas_tube.evaluate(p_in=drop, p_out=0, K_1=1.5, K_2=0.8)["flow"]  # L/min
    assert told == pytest.approx(60 * flow, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("recoil", [0.0, 5.0, 12.0, 30.0])
def test_open_region_is_exponential(recoil):
    volume = 1000 * (1 - 0.8 * math.exp(-0.06 * recoil))
    told = lungs.alveoli.evaluate(volume=volume, pleural=-4, height=2)
    assert told["recoil"] == pytest.approx(recoil, abs=1e-9)
    assert told["pressure"] * 1.35951 == pytest.approx(recoil - 4 - 0.25 * 2, abs=1e-4)  # mmHg to cmH2O


def test_half_of_a_region_takes_half_the_gas_at_the_same_recoil():
    whole = lungs.alveoli.evaluate(volume=600)["recoil"]
    assert lungs.alveoli.evaluate(volume=300, crowding=2)["recoil"] == pytest.approx(whole, rel=1e-12)


def test_between_its_two_curves_a_region_stays_as_it_is():
    def moves(recoil, aerated):
        return lungs.recruitment.evaluate(recoil=recoil, aerated=aerated, P_o=20, w_o=3, P_c=5, w_c=2)["d_aerated"]

    assert moves(12, 0.5) == 0  # above closing, below opening
    assert moves(35, 0.5) > 0.2 > 0 > moves(-5, 0.5)


def test_expiration_beyond_the_choke_does_not_depend_on_effort():
    """What flows out is recoil over upstream resistance (Mead 1967); inwards nothing chokes."""

    def flow(p_in, p_out, recoil):
        return (
            lungs.bronchi.evaluate(p_in=p_in, p_out=p_out, recoil=recoil, volume=390, R=5, R_u=10)["flow"] / 60
        )  # L/s

    assert flow(0, 1, 6) == pytest.approx(-0.2)
    assert flow(0, 9, 6) == flow(0, 40, 6) == flow(-30, 90, 6) == pytest.approx(-0.6)
    assert flow(0, 40, -1) == 0  # an airway that is shut
    assert flow(5, 0, -1) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("zone", "veins", "alveolar", "drop"),
    [(3, 8.0, 0.0, 4.0), (2, 8.0, 10.0, 2.0), (2, -5.0, 10.0, 2.0), (1, 0.0, 14.0, -2.0)],
)
def test_a_venule_falls_over_the_higher_of_veins_and_alveoli(zone, veins, alveolar, drop):
    told = lungs.pulmonary_venule.evaluate(p_in=12, p_out=veins, filled=19, alveolar=alveolar, R=0.5)["flow"]
    assert told == pytest.approx(drop / 0.5 * 60 / 1000)


def test_capillaries_carry_the_alveolar_pressure_and_flatten():
    held = lungs.capillaries.evaluate
    assert held(volume=18.3, alveolar=7)["pressure"] == pytest.approx(10 + 7)
    assert held(volume=1.0, alveolar=0)["pressure"] < -10  # flat, and not to be emptied


def test_the_chemical_drive_is_one_at_rest_and_answers_to_all_three():
    def drive(**blood):
        slow = {"central": 7 + blood.get("PCO2", 40), "peripheral": blood.get("PCO2", 40)}
        return lungs.chemoreflex.evaluate(**slow, **blood)["drive"]

    assert drive() == pytest.approx(1)
    assert drive(PCO2=50, pH=7.32) == pytest.approx(1 + 0.28 * 10, rel=0.02)
    assert drive(pH=7.20) > 2  # metabolic
    assert drive(PCO2=30, pH=7.48) == pytest.approx(0.10)  # what is left of it awake
    assert lungs.chemoreflex.evaluate(PO2=40)["d_sensed"] > 0
    assert lungs.chemoreflex.evaluate(brain=49)["d_central"] > 0  # it is the brain's that counts there


def test_plenty_of_oxygen_excites_in_two_steps():
    reflex = lungs.chemoreflex.evaluate
    assert reflex(PO2=95)["d_exciting"] == 0 == reflex(PO2=50)["d_exciting"]
    assert reflex(PO2=285)["d_exciting"] * 300 == pytest.approx(0.0165 * 190)
    assert reflex(PO2=480)["d_exciting"] == pytest.approx(reflex(PO2=650)["d_exciting"])
    assert reflex(PO2=480, exciting=6.35)["d_excited"] > 0
    assert reflex(excited=5.0)["drive"] - reflex()["drive"] == pytest.approx(0.67 * 0.28 * 5)


def test_want_of_oxygen_shuts_a_region():
    rate = lungs.pulmonary_tone.evaluate
    stimulus = (100 / 50) ** 0.626 * (40 / 50) ** 0.374  # of gas and of the blood that arrives
    told = {"hypoxic": 0.0, "volume": 390}
    assert rate(PO2=100, **told)["d_hypoxic"] * 90 == pytest.approx(0.93 / (1 + stimulus**2.6))
    assert rate(PO2=100, venous=70, **told)["d_hypoxic"] < rate(PO2=100, **told)["d_hypoxic"]
    assert rate(PO2=40, **told)["d_hypoxic"] > 2.2 * rate(PO2=100, **told)["d_hypoxic"]
    assert rate(hypoxic=0.22, volume=390)["openness"] == pytest.approx(1)  # the resistance is that at rest
    assert rate(hypoxic=0.61, volume=390)["openness"] == pytest.approx(0.5)


def test_an_anoxic_region_loses_three_quarters_of_its_flow():
    """Marshall 1994 (order): at unchanged pressures, the arterioles being three fifths of the resistance."""
    most = -lungs.pulmonary_tone.evaluate(PO2=1, venous=1, hypoxic=0.93, volume=390)["d_hypoxic"]
    assert most == pytest.approx(0, abs=1e-4)
    openness = lungs.pulmonary_tone.evaluate(hypoxic=0.93, volume=390)["openness"]
    assert 0.68 < 1 - 1 / (0.6 / openness + 0.4) < 0.88


def test_richer_venous_blood_opens_the_shunt():
    told = lungs.shunting.evaluate
    half = dict.fromkeys("abcdef", 0.5)
    assert told(**half, venous=40, hypoxic=0.4805)["openness"] == pytest.approx(0.02 + 0.5 * 0.5, rel=1e-3)
    assert told(**half, venous=40, hypoxic=0.4805)["d_hypoxic"] == pytest.approx(0, abs=1e-5)
    assert told(**half, venous=70, hypoxic=0.48)["d_hypoxic"] < 0 < told(**half, venous=25, hypoxic=0.48)["d_hypoxic"]
    assert told(**half, hypoxic=0.2)["openness"] > told(**half, hypoxic=0.48)["openness"]


def test_a_shut_right_lung_passes_more_blood_than_a_shut_left_one():
    def passed(**met):
        return lungs.shunting.evaluate(**{**dict.fromkeys("abcdef", 1.0), **met}, hypoxic=0.4805)["openness"] - 0.02

    assert passed(a=0, c=0, e=0) / passed(b=0, d=0, f=0) == pytest.approx(55 / 45)


def test_a_vessel_of_gas_is_never_empty():
    assert lungs.airway_segment.evaluate(volume=5)["pressure"] < -100
    assert lungs.airway_segment.evaluate(volume=50)["pressure"] == 0
