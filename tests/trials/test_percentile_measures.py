"""Percentiles as measures of a trial."""

import numpy as np
import pytest

from proband.trials import Refused, Step, Trial, run
from proband.trials.conditions import parse_measure

MEASURES = [
    "artery.pressure.p5",
    "artery.pressure.median",
    "artery.pressure.p95",
    "artery.pressure.min",
    "artery.pressure.max",
]


def bleeding(**more):
    step = {"bleed": {"from_": "vein", "volume": "100 mL", "over": "5 s"}, "hold": "6 s", "window": "6 s"} | more
    record = {"signals": ["artery.pressure"], "every": "1 ms", "last": "all"}
    return Trial(patient="plain", settle="2 s", protocol=[Step(**step)], measures=MEASURES, record=record)


def test_they_are_those_of_the_trace(library):
    result = run(bleeding(), library=library)
    trace = np.array(result.traces[0].signals["artery.pressure"][0])
    low, middle, high, least, most = result.values[0, 0]
    assert least <= low <= middle <= high <= most
    for found, share in ((low, 5), (middle, 50), (high, 95)):
        assert found == pytest.approx(np.percentile(trace, share), abs=np.ptp(trace) / 100)


def test_slices_of_a_step_that_ends_by_a_condition_are_one_window(library):
    """The condition never holds, so the slices join to the whole step."""
    whole = run(bleeding(), library=library).values[0, 0]
    sliced = run(bleeding(until={"when": "artery.pressure.p95 > 900 mmHg", "every": "1 s"}), library=library).values[
        0, 0
    ]
    assert sliced[:3] == pytest.approx(whole[:3], abs=(whole[4] - whole[3]) / 100)


def test_a_condition_may_ask_for_one(library):
    trial = bleeding(until={"when": "artery.pressure.p5 < 900 mmHg", "every": "1 s"})
    assert run(trial, library=library).met[0, 0] == pytest.approx(3.0)  # the first look, after 2 s of settling


@pytest.mark.parametrize("statistic", ["p0", "p100", "p95.5", "p", "percentile", "p05"])
def test_what_is_none_is_refused(statistic):
    with pytest.raises(Refused):
        parse_measure(f"artery.pressure.{statistic}")


def test_a_near_word_is_shown():
    with pytest.raises(Refused, match=r"did you mean median\?.*p1 to p99"):
        parse_measure("artery.pressure.medain")
