"""Arterioles and the gases of their organ."""

import pytest

from proband.organs import tissue


def settled(component, times=1500, **told):
    """After 150 s."""
    memory = dict.fromkeys(("short", "closed" if component is tissue.vasodilation else "opened"), 0.0)
    for _ in range(times):
        now = component.evaluate(**told, **memory)
        memory = {name: now[f"next_{name}"] for name in memory}
    return now["openness"]


def content(share):
    """mmol/L of blood that holds this share of its volume of oxygen."""
    return share * 1000 / 22.4


def test_at_rest_nothing_is_asked():
    assert settled(tissue.vasodilation, oxygen=content(0.148), PCO2=39) == pytest.approx(1)
    assert settled(tissue.brain_vasodilation, oxygen=content(0.121), PCO2=39) == pytest.approx(1)


def test_muscle_opens_as_its_blood_lacks_oxygen_and_closes_as_it_has_plenty():
    assert settled(tissue.vasodilation, oxygen=content(0.128), PCO2=39) == pytest.approx(1.6)
    assert settled(tissue.vasodilation, oxygen=content(0.155), PCO2=39) == pytest.approx(0.79)


@pytest.mark.parametrize(("PCO2", "flow"), [(20, 0.597), (30, 0.793), (60, 1.451), (80, 1.757)])
def test_the_brain_follows_reivich(PCO2, flow):
    """20.9 + 92.8 / (1 + 10570 exp(−5.251 lg PCO2)) mL/min in 100 g, over its value at 39 mmHg (48 mL/min).

    The blood that leaves holds what such a flow leaves of 0.187 where the brain takes 0.066 at rest."""
    leaves = content(0.187 - 0.066 / flow)
    assert settled(tissue.brain_vasodilation, oxygen=leaves, PCO2=PCO2) == pytest.approx(flow, rel=0.03)


def test_a_heart_without_oxygen_opens_no_further_than_it_can():
    told = {"C_n": 0.092, "g": 35.0, "k": 11.11, "PCO2": 60}
    assert settled(tissue.vasodilation, oxygen=0, **told) == pytest.approx(4)
