"""The shipped trial of the pulse oximeter, judged as ISO 80601-2-61 does: pairs of display and arterial blood."""

import numpy as np
import pytest

from proband.engine import cpu
from proband.trials import Trial, load

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")

ISO_LIMIT = 4.0  # points of saturation, root mean square
CLAIM = 2.0  # points: two thirds of readings lie within (Mindray uMEC manual)


def test_twelve_volunteers_between_70_and_100_percent():
    data = load("oximeter_accuracy").as_data() | {"settle": "60 s"}
    for step in data["protocol"]:  # a plateau comes sooner than the volunteers' breathing settles
        step["hold"] = "90 s"
    result = Trial.from_data(data).run()
    told = {
        name: np.concatenate([np.array(r.signals[name]).ravel() for r in result.traces])
        for name in data["record"]["signals"]
    }
    shown, blood = told["oximeter.SpO2"], told["gas_upper_arteries.SO2"]
    inside = (blood >= 70) & (blood <= 100)
    off = (shown - blood)[inside]
    assert off.size >= 200
    assert blood[inside].min() < 80 and blood[inside].max() > 96
    assert 0.5 * CLAIM < np.sqrt(np.mean(off**2)) < ISO_LIMIT
    assert np.mean(np.abs(off) <= CLAIM) == pytest.approx(2 / 3, abs=0.15)
