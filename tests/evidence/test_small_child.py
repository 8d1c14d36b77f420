"""The child whom studies of small children ask for."""

import pytest

from proband import patients
from proband.evidence.scoring.breathers import CHILD, needing, of_three_and_a_half
from proband.patients import blood_volume
from proband.units import mL


def schofield(kg):
    """Oxygen at rest, mL/min: mean of boys' and girls' lines from three to ten years, 4.83 kcal per litre."""
    return (22.6 * kg + 497) / 1.44 / 4.83


def test_it_is_three_quarters_of_the_larger_child_and_needs_more_for_its_weight():
    large = patients.load(CHILD)
    small = of_three_and_a_half(large)
    assert blood_volume(small).to(mL) == pytest.approx(0.75 * blood_volume(large).to(mL), rel=1e-6)
    assert small.value("airway.V_0").to(mL) == pytest.approx(0.75 * large.value("airway.V_0").to(mL))
    need, larger = (sum(needing(body, 1.0).values()) for body in (small, large))
    assert need == pytest.approx(schofield(15), rel=0.03) and larger == pytest.approx(schofield(20), rel=0.05)
    assert need / 15 > 1.2 * larger / 20
