"""An inert gas finds the lung's volume where it is evenly ventilated, and misses some of it where it is not."""

import pytest

from proband.engine import cpu
from proband.evidence.scoring.washing_out import wash_out
from proband.organs import monitor

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")


def test_an_even_lung_is_measured_exactly():
    seen = wash_out("breathing_man")
    assert seen.capacity == pytest.approx(seen.known, rel=0.02)
    assert 5.5 < seen.clearance_index < 7.5  # Fähndrich: 7.0 ± 1.0, with a mouthpiece
    assert seen.minutes < 4


def test_an_uneven_one_takes_longer_and_hides_gas():
    seen = wash_out("copd")
    assert 0.85 < seen.capacity / seen.known < 0.97
    assert 10 < seen.clearance_index < 16  # Fähndrich: 12.6 ± 3.5


def test_the_meter_counts_what_comes_out_alone():
    told = {"tracer": 0.05, "filled": 0.07, "first": 0.07, "last": 0.07, "given": 0.0, "breathed": 0.0}
    out = monitor.washout.evaluate(flow=-500, **told)
    assert out["next_breathed"] == pytest.approx(10)
    assert out["next_given"] == pytest.approx(10 * 0.05 / 1000)
    assert monitor.washout.evaluate(flow=500, **told)["next_breathed"] == 0


def test_without_tracer_nothing_is_told():
    now = monitor.washout.evaluate(flow=200, tracer=0, filled=0, expiring=1.0, breathed=400)
    assert now["next_over"] == 0 and now["next_capacity"] == 0
