"""What cells take of the oxygen that is there."""

import pytest

from proband.laws.gas import STPD_VOLUME
from proband.organs.tissue import respiration
from proband.units import *


@pytest.mark.parametrize(
    ("PO2", "met", "within"), [(40, 1.0, 0.001), (20, 0.99, 0.005), (10, 0.885, 0.01), (6, 0.5, 0.01), (0, 0.0, 0.01)]
)
def test_nothing_is_missed_at_rest_and_little_is_met_below_ten_mmHg(PO2, met, within):
    """The heart's venous blood has some 20 mmHg, and it makes no lactate (Messer 1962)."""
    told = respiration.evaluate(PO2=PO2, need=30.0)
    asked = (30.0 * mL_min / STPD_VOLUME).to(mmol / s)
    assert -told["rate"] / asked == pytest.approx(met, abs=within)
    assert told["missing"] / asked == pytest.approx(1 - met, abs=within)
